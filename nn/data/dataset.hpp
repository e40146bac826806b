// Data: inputs and labels side by side; split and shuffled. Batches of them: batches.hpp.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <xgrad/core/memory/copy.hpp>
#include <xgrad/core/memory/error.hpp>
#include <xgrad/core/memory/shape.hpp>
#include <xgrad/core/memory/xtensor.hpp>
#include <xgrad/core/tape/random.hpp>

namespace xg::nn {

using xg::rng;

/// Samples along the first axis of x and of y: x[i] belongs to y[i]. Labels are whole numbers from 0; a Y of T makes
/// it a data set for regression.
template <class T, class Y = std::int64_t>
struct dataset {
  xt::xarray<T> x;
  xt::xarray<Y> y;
  std::vector<std::string> classes = {};  // what the labels mean, if known

  std::size_t size() const { return x.dimension() == 0 ? 0 : x.shape(0); }
};

namespace detail {

/// Throws shape_error where x and y have different numbers of samples.
void require_pairs(const shape_t& x, const shape_t& y, const char* op, const std::source_location& where);
/// 0..n-1, in an order that the next stream of the rng gives.
std::vector<std::size_t> shuffled(std::size_t n, rng& random);
/// How many samples each part gets: the fractions, rounded so that they use up all if they add up to 1. Throws
/// value_error.
std::vector<std::size_t> part_sizes(std::size_t n, std::span<const double> fractions,
                                    const std::source_location& where);

template <class E>
std::size_t sample_size(const xt::xarray<E>& a) {
  return a.shape(0) == 0 ? 0 : a.size() / a.shape(0);
}
/// Copies the rows of `from` that are named to `to`, which has their shape.
template <class E>
void copy_rows(const xt::xarray<E>& from, const std::size_t* rows, std::size_t n, xt::xarray<E>& to) {
  const std::size_t length = sample_size(from);
  for (std::size_t i = 0; i < n; ++i) std::copy_n(from.data() + rows[i] * length, length, to.data() + i * length);
}
template <class E>
xt::xarray<E> like(const xt::xarray<E>& a, std::size_t rows) {
  auto shape = a.shape();
  shape[0] = rows;
  return xt::xarray<E>(shape);
}
template <class T, class Y>
dataset<T, Y> rows_of(const dataset<T, Y>& data, const std::size_t* rows, std::size_t n) {
  dataset<T, Y> part{like(data.x, n), like(data.y, n), data.classes};
  copy_rows(data.x, rows, n, part.x);
  copy_rows(data.y, rows, n, part.y);
  return part;
}

}  // namespace detail

/// split(data, {.7, .15, .15}, rng): parts of these fractions, disjoint, the samples distributed by chance. Fractions
/// that add up to less than 1 leave some out. Throws value_error for fractions that are negative or more than all,
/// shape_error where x and y have different numbers of samples.
template <class T, class Y, std::size_t N>
std::array<dataset<T, Y>, N> split(const dataset<T, Y>& data, const double (&fractions)[N], rng& random,
                                   const std::source_location& where = std::source_location::current()) {
  detail::require_pairs(shape_of(data.x), shape_of(data.y), "split", where);
  const auto sizes = detail::part_sizes(data.size(), fractions, where);
  const auto order = detail::shuffled(data.size(), random);
  std::array<dataset<T, Y>, N> parts;
  std::size_t start = 0;
  for (std::size_t i = 0; i < N; ++i) {
    parts[i] = detail::rows_of(data, order.data() + start, sizes[i]);
    start += sizes[i];
  }
  return parts;
}
/// Forgotten: the source of random numbers.
template <class T, class Y, std::size_t N>
std::array<dataset<T, Y>, N> split(const dataset<T, Y>&, const double (&)[N]) {
  static_assert(N > 1000000,
                "xgrad: nn::split distributes samples by chance and needs a source with a seed that you choose: "
                "nn::rng rng(42); nn::split(data, {.8, .2}, rng)");
  return {};
}

}  // namespace xg::nn
