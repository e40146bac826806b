// Attention: Vaswani et al., "Attention is all you need" (2017).
#pragma once

#include <optional>

#include <xgrad/ops/matmul.hpp>
#include <xgrad/ops/softmax.hpp>

namespace xg {

struct attention_options {
  /// Query i sees the keys 0 to i only.
  bool causal = false;
  /// What scores are multiplied by; 1/√E, if it is not given.
  std::optional<double> scale = {};
};

namespace detail {

enum class mask_form { none, condition, added };
template <class T>
var<T> record_attention(const var<T>& q, const var<T>& k, const var<T>& v, mask_form form, const var<T>& mask,
                        const attention_options& options, const std::source_location& where);

/// Is X an array of conditions?
template <class X>
inline constexpr bool is_condition = false;
template <class X>
requires(!differentiable<X>) inline constexpr bool is_condition<X> = std::same_as<typename X::value_type, bool>;

}  // namespace detail

/// scaled_dot_product_attention(q, k, v): softmax(q kᵀ / √E) v, the softmax over the keys. Queries are (..., L, E),
/// keys
/// (..., S, E), values (..., S, V), the result (..., L, V); the axes before broadcast. With a mask that broadcasts to
/// (..., L, S): an array of bool says which keys each query sees; an array of numbers, or a variable, is added to the
/// scores. A query that sees no key has the result 0. Throws shape_error.
struct scaled_dot_product_attention_t {
  template <differentiable Q, class K, class V, class Arch = detail::simd_arch>
  auto operator()(const Q& q, const K& k, const V& v, const attention_options& options = {},
                  const std::source_location& where = std::source_location::current()) const {
    auto& l = detail::ledger_of(q, where);
    detail::attempt recording(l);
    const auto queries = recorded<Arch>(q, where);
    return recording.keep(detail::record_attention(queries, detail::as_var<Arch>(l, k, where),
                                                   detail::as_var<Arch>(l, v, where), detail::mask_form::none, queries,
                                                   options, where));
  }
  template <differentiable Q, class K, class V, class M, class Arch = detail::simd_arch>
  requires(!std::same_as<M, attention_options>) auto operator()(
      const Q& q, const K& k, const V& v, const M& mask, const attention_options& options = {},
      const std::source_location& where = std::source_location::current()) const {
    auto& l = detail::ledger_of(q, where);
    detail::attempt recording(l);
    const auto form = detail::is_condition<M> ? detail::mask_form::condition : detail::mask_form::added;
    return recording.keep(detail::record_attention(recorded<Arch>(q, where), detail::as_var<Arch>(l, k, where),
                                                   detail::as_var<Arch>(l, v, where), form,
                                                   detail::as_var<Arch>(l, mask, where), options, where));
  }
};
inline constexpr scaled_dot_product_attention_t scaled_dot_product_attention;

}  // namespace xg
