// Models: any struct whose fields are layers, weights and buffers, or such structs. Their parameters by path, frozen
// and counted.
//
// A copy of a model is a deep copy: `auto best = net;` keeps the best one. Tied weights are one member used twice.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <xgrad/nn/collect.hpp>

namespace xg::nn {

namespace detail {

/// Does a pattern name a path? `*` stands for any characters, `?` for one; the path of a part (`hidden`) for all in it.
bool matches(std::string_view pattern, std::string_view path);

/// The places of the parameters a pattern matches. Throws value_error, which lists what there is, if there are none.
template <class T>
std::vector<std::size_t> matching(const std::vector<named_parameter<T>>& all, std::string_view pattern, const char* op,
                                  const std::source_location& where);

/// A buffer is never trained; a weight that is only seen as const throws value_error.
template <class T>
void freeze(const named_parameter<T>& p, bool on, const std::source_location& where);

template <class T>
std::string summary(const std::vector<named_parameter<T>>& all);
/// By layer, with the shapes of their results on the way from x to the result.
template <class T>
std::string summary(const std::vector<named_parameter<T>>& all, const var<T>& x, const var<T>& result);

/// Calls each parameter by its path, so that messages and pictures do.
template <class T>
void name_by_path(const std::vector<named_parameter<T>>& all);

/// Throws value_error where a matrix of weights is all zeros and was never written to: it was not initialised.
template <class T>
void require_initialised(const std::vector<named_parameter<T>>& all, const char* op, const std::source_location& where);

}  // namespace detail

/// freeze(net, "hidden.*"): these weights are recorded as constants from now on, and left alone by optimisers. `*` in
/// the pattern stands for any characters, `?` for one; the path of a part, `hidden`, for all in it. Throws value_error
/// if it matches nothing.
template <class M>
void freeze(M& model, std::string_view pattern = "*",
            const std::source_location& where = std::source_location::current()) {
  const auto all = parameters(model);
  for (std::size_t i : detail::matching(all, pattern, "freeze", where)) detail::freeze(all[i], true, where);
}
/// The other way round.
template <class M>
void unfreeze(M& model, std::string_view pattern = "*",
              const std::source_location& where = std::source_location::current()) {
  const auto all = parameters(model);
  for (std::size_t i : detail::matching(all, pattern, "unfreeze", where)) detail::freeze(all[i], false, where);
}

/// How many numbers are trained.
template <class M>
std::size_t count(const M& model) {
  std::size_t n = 0;
  for (const auto& p : parameters(model)) n += p.trained ? p.size() : 0;
  return n;
}

/// A table to print: path, shape, number of elements, whether frozen; and the sum.
template <class M>
std::string summary(const M& model) {
  return detail::summary(parameters(model));
}

/// summary(net, x): for a sample batch x, the layers with the shape of what they make of it.
template <class M, class E, class Arch = xg::detail::simd_arch>
requires requires(const E& e) { e.shape(); }
std::string summary(const M& model, const E& x, const std::source_location& where = std::source_location::current()) {
  using T = scalar_of<M>;
  const xt::xarray<T> values = x;
  tape<T> t;
  const var<T> in = t.template constant<xt::xarray<T>, Arch>(values, where), result(model(in));
  return detail::summary(parameters(model), in, result);
}

}  // namespace xg::nn
