// Data: inputs and labels side by side; split, shuffled, in batches.
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

/// What becomes of the last samples, if they do not fill a batch: a short one (the default), none, or one filled up
/// with samples from the beginning of the round.
enum class last { keep, drop, pad };

struct batch_options {
  nn::last last = nn::last::keep;
};

/// A range of batches of a data set, for one round: `for (auto [x, y] : nn::batches(train, 32, rng)) ...`. x and y are
/// references to memory that the next batch uses again.
template <class T, class Y>
class batches {
 public:
  struct batch {
    const xt::xarray<T>& x;
    const xt::xarray<Y>& y;
  };

  /// Shuffled: by the next stream of the rng, so each round differently. Throws value_error for a size of 0,
  /// shape_error where x and y have different numbers of samples. The data must live as long as the range.
  batches(const dataset<T, Y>& data, std::size_t size, rng& random, batch_options options = {},
          const std::source_location& where = std::source_location::current())
      : batches(data, size, detail::shuffled(data.size(), random), options, where) {}
  /// In the order of the data.
  batches(const dataset<T, Y>& data, std::size_t size, batch_options options = {},
          const std::source_location& where = std::source_location::current())
      : batches(data, size, std::vector<std::size_t>(), options, where) {}
  batches(dataset<T, Y>&&, std::size_t, auto&&...) = delete;  // it would be gone before the first batch

  /// How many batches.
  std::size_t size() const {
    const std::size_t full = data_.size() / size_, rest = data_.size() % size_;
    return full + (rest != 0 && last_ != last::drop);
  }

  class iterator {
   public:
    iterator(batches* of, std::size_t i) : of_(of), i_(i) {}
    batch operator*() const { return of_->get(i_); }
    iterator& operator++() {
      ++i_;
      return *this;
    }
    bool operator==(const iterator&) const = default;

   private:
    batches* of_;
    std::size_t i_;
  };
  iterator begin() { return {this, 0}; }
  iterator end() { return {this, size()}; }

 private:
  batches(const dataset<T, Y>& data, std::size_t size, std::vector<std::size_t> order, batch_options options,
          const std::source_location& where)
      : data_(data), size_(size), last_(options.last), order_(std::move(order)) {
    if (size == 0) throw value_error("batches: the size of a batch is 0" + at_line(where));
    detail::require_pairs(shape_of(data.x), shape_of(data.y), "batches", where);
    if (order_.empty())
      for (std::size_t i = 0; i < data.size(); ++i) order_.push_back(i);
    if (last_ == last::pad)
      for (std::size_t i = 0; order_.size() % size != 0; ++i) order_.push_back(order_[i]);
    full_x_ = detail::like(data.x, size);
    full_y_ = detail::like(data.y, size);
  }

  batch get(std::size_t i) {
    const std::size_t start = i * size_, n = std::min(size_, order_.size() - start);
    const bool full = n == size_;
    if (!full && rest_x_.dimension() == 0) rest_x_ = detail::like(data_.x, n), rest_y_ = detail::like(data_.y, n);
    xt::xarray<T>& x = full ? full_x_ : rest_x_;
    xt::xarray<Y>& y = full ? full_y_ : rest_y_;
    detail::copy_rows(data_.x, order_.data() + start, n, x);
    detail::copy_rows(data_.y, order_.data() + start, n, y);
    return {x, y};
  }

  const dataset<T, Y>& data_;
  std::size_t size_;
  nn::last last_;
  std::vector<std::size_t> order_;
  xt::xarray<T> full_x_, rest_x_;
  xt::xarray<Y> full_y_, rest_y_;
};

}  // namespace xg::nn
