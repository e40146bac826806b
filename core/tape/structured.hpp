// Structured ops on the tape: the node of an op as contract.hpp describes it, and how it is recorded.
#pragma once

#include <array>
#include <utility>

#include <xgrad/core/derivative/forward.hpp>
#include <xgrad/core/export/describe.hpp>
#include <xgrad/core/tape/contract.hpp>

namespace xg {

template <class Op, class T, std::size_t N, class Arch>
class structured final : public node<T> {
  using contract = detail::contract<Op, T, N>;

 public:
  static constexpr bool owns_memory = !std::is_trivially_destructible_v<Op>;

  /// `make()` gives the op, which is made in its place.
  structured(const std::array<slot<T>*, N>& inputs, const auto& make) : op_(make()), inputs_(inputs) {}

  /// The shape of the result. Throws what the op throws: see `named`; with the operands, where they have names.
  shape_t result_shape(const variable_names& names, const std::source_location& where) {
    try {
      return std::apply([&](const auto*... s) -> shape_t { return op_.shape(s->shape()...); }, inputs_);
    } catch (...) {
      const bool has = std::apply([&](const auto*... s) { return (names.has(s->id) || ...); }, inputs_);
      rethrow_named(label(op_), where, has ? text(names) : "");
    }
  }

  void forward(tape<T>&) override {
    named(this->where, [&] {
      with_inputs([&](const auto&... x) {
        op_.forward(array<T>{this->out->value, this->out->shape(), this->out->size}, x...);
      });
    });
  }

  void backward(tape<T>& t) override {
    if constexpr (contract::has_backward) {
      [&]<std::size_t... K>(std::index_sequence<K...>) __attribute__((always_inline)) {
        const bool alike = inputs_alike();
        const std::array<adjoint<T>, N> dx{start_adjoint(t, *inputs_[K], !alike)...};
        named(this->where, [&] {
          with_inputs([&](const auto&... x) {
            op_.backward(read(this->out->adjoint, *this->out), read(this->out->value, *this->out), x..., dx[K]...);
          });
        });
      }
      (indices);
    } else {
      evaluate_vjp(t);
    }
  }

  void record_backward(tape<T>& t, adjoint_vars<T>& adjoints) override {
    const var<T> g = adjoints.of(*this->out);
    for (std::size_t k = 0; k < N; ++k)
      if (adjoints.wants(*inputs_[k])) adjoints.add(*inputs_[k], vjp(t, k, g));
  }

  void record_forward(tape<T>& t, tangent_vars<T>& tangents) override {
    if constexpr (contract::linear) {
      std::array<slot<T>*, N> moving{};
      for (std::size_t k = 0; k < N; ++k)
        moving[k] = t.slot_of(tangent_or_zeros(t, tangents, *inputs_[k]), this->where);
      tangents.add(*this->out,
                   t.template push<structured>(this->where, moving, [&] { return Op(std::as_const(op_)); }));
    } else if constexpr (contract::has_jvp) {
      for (std::size_t k = 0; k < N; ++k)
        if (const var<T>& u = tangents.of(*inputs_[k]); u.valid()) tangents.add(*this->out, jvp(t, k, u));
    } else {
      node<T>::record_forward(t, tangents);
    }
  }

  std::span<slot<T>* const> inputs() const override { return inputs_; }

  std::string text(const variable_names& names) const override {
    std::string s = label(op_);
    for (std::size_t k = 0; k < N; ++k) s += (k ? ", " : "(") + names.of(inputs_[k]->id);
    return s + ")";
  }

  void describe(node_writer& w) const override {
    w.function(label(op_));
    if constexpr (requires { op_.describe(w); }) op_.describe(w);
  }

  void destroy() override { op_.~Op(); }

 private:
  static constexpr std::make_index_sequence<N> indices{};

  /// What the op calls itself in messages.
  static std::string label(const Op& op) {
    if constexpr (requires {
                    { op.label() } -> std::convertible_to<std::string>;
                  })
      return op.label();
    else
      return Op::name;
  }

  /// What f, which runs code of the op's author, returns. Its errors are told with the op and the user's line.
  [[gnu::always_inline]] auto named(const std::source_location& line, const auto& f) const {
    try {
      return f();
    } catch (...) {
      rethrow_named(label(op_), line);
    }
  }

  static array<const T> read(const T* data, const slot<T>& s) { return {data, s.shape(), s.size}; }

  [[gnu::always_inline]] void with_inputs(const auto& f) const {
    [&]<std::size_t... K>(std::index_sequence<K...>) { f(read(inputs_[K]->value, *inputs_[K])...); }
    (indices);
  }

  // Is one variable given twice? Then nothing is assigned, so that the op may serve its operands in any order.
  bool inputs_alike() const {
    for (std::size_t k = 1; k < N; ++k)
      for (std::size_t l = 0; l < k; ++l)
        if (inputs_[k] == inputs_[l]) return true;
    return false;
  }
  static adjoint<T> start_adjoint(tape<T>& t, slot<T>& s, bool can_assign = true) {
    if (!s.adjoint) return {};
    return {s.adjoint, s.shape(), s.size, t.begin_adjoint(s, can_assign)};
  }

  var<T> vjp(tape<T>& t, std::size_t k, const var<T>& g) {
    const var<T> y = t.handle(*this->out);
    const var<T> d = named(this->where, [&] {
      return [&]<std::size_t... K>(std::index_sequence<K...>)->var<T> {
        if constexpr (N == 1)
          return op_.vjp(g, y, t.handle(*inputs_[K])...);
        else
          return op_.vjp(k, g, y, t.handle(*inputs_[K])...);
      }
      (indices);
    });
    if (!(d.shape() == inputs_[k]->shape()))
      throw shape_error(label(op_) + ": vjp returned shape " + to_string(d.shape()) + " for operand " +
                        std::to_string(k) + " of shape " + to_string(inputs_[k]->shape()) + at_line(this->where));
    return d;
  }

  var<T> jvp(tape<T>& t, std::size_t k, const var<T>& u) {
    const var<T> y = t.handle(*this->out);
    const var<T> d = named(this->where, [&] {
      return [&]<std::size_t... K>(std::index_sequence<K...>)->var<T> {
        if constexpr (N == 1)
          return op_.jvp(u, y, t.handle(*inputs_[K])...);
        else
          return op_.jvp(k, u, y, t.handle(*inputs_[K])...);
      }
      (indices);
    });
    if (!(d.shape() == this->out->shape()))
      throw shape_error(label(op_) + ": jvp returned shape " + to_string(d.shape()) + " for operand " +
                        std::to_string(k) + "; the result has " + to_string(this->out->shape()) + at_line(this->where));
    return d;
  }
  static var<T> tangent_or_zeros(tape<T>& t, const tangent_vars<T>& tangents, const slot<T>& s) {
    if (const var<T>& u = tangents.of(s); u.valid()) return u;
    return t.broadcast_to(t.constant(T(0)), shape_t(s.rank, 1), s.shape());
  }

  void evaluate_vjp(tape<T>& t) {
    const typename tape<T>::no_gradient_scope constants(t);
    const typename tape<T>::attempt scratch(t);
    const typename tape<T>::line_scope line(t, this->where, true);
    const var<T> g = t.constant(array<const T>(read(this->out->adjoint, *this->out)).view());
    for (std::size_t k = 0; k < N; ++k) {
      if (!inputs_[k]->adjoint) continue;
      const slot<T>* d = t.slot_of(vjp(t, k, g), this->where);
      start_adjoint(t, *inputs_[k]).add_each([&](std::size_t i) { return d->value[i]; });
    }
  }

  Op op_;
  std::array<slot<T>*, N> inputs_;
};

namespace detail {

/// Records the op that `make()` gives.
template <class Op, class T, class Arch = simd_arch, std::same_as<var<T>>... X>
var<T> record(const std::source_location& where, const auto& make, const var<T>& first, const X&... rest) {
  constexpr std::size_t n = 1 + sizeof...(X);
  using node_type = structured<Op, T, n, Arch>;
  static_assert(sizeof(contract<Op, T, n>) > 0);  // speaks before anything else is wrong with the op
  tape<T>& t = first.owner(where);
  const std::array<slot<T>*, n> inputs{t.slot_of(first, where, Op::name), t.slot_of(rest, where, Op::name)...};
  return t.template push<node_type>(where, inputs, make);
}

}  // namespace detail

/// An operand of a structured function as a variable of tape t: expressions are recorded, numbers and arrays become
/// constants.
template <class Arch = detail::simd_arch, class T, class X>
var<T> as_var(tape<T>& t, const X& x, const std::source_location& where) {
  if constexpr (differentiable<X>) {
    static_assert(std::same_as<typename X::scalar_type, T>, "xgrad: float and double are mixed in one operation");
    return recorded<Arch>(x, where);
  } else {
    if constexpr (requires { typename X::value_type; })
      static_assert(detail::same_precision<T, array_operand<typename X::value_type>>,
                    "xgrad: float and double are mixed in one operation; convert the plain array with xt::cast");
    return t.constant(x, where);
  }
}

/// The tape of the first differentiable operand.
template <class X, class... Rest>
auto& tape_of_any(const std::source_location& where, const X& x, const Rest&... rest) {
  if constexpr (differentiable<X>)
    return tape_of(x, where);
  else
    return tape_of_any(where, rest...);
}

namespace detail {

template <class T>
T scalar_of_tape(const tape<T>&);

template <class Arch, class Op, class... X>
auto record_operands(Op op, const std::source_location& where, const X&... x) {
  auto& t = tape_of_any(where, x...);
  typename std::decay_t<decltype(t)>::attempt recording(t);
  using T = decltype(scalar_of_tape(t));
  return recording.keep(detail::record<Op, T, Arch>(
      where, [&] { return std::move(op); }, as_var<Arch>(t, x, where)...));
}

}  // namespace detail

/// Records a structured op on one, two or three operands: variables, expressions, and, beside one of these, numbers and
/// arrays. Throws shape_error (from the op, with its name and the user's line), tape_error.
template <class Op, differentiable A, class Arch = detail::simd_arch>
auto record(Op op, const A& a, const std::source_location& where = std::source_location::current()) {
  return detail::record_operands<Arch>(std::move(op), where, a);
}
template <class Op, class A, class B, class Arch = detail::simd_arch>
requires(differentiable<A> ||
         differentiable<B>) auto record(Op op, const A& a, const B& b,
                                        const std::source_location& where = std::source_location::current()) {
  return detail::record_operands<Arch>(std::move(op), where, a, b);
}
template <class Op, class A, class B, class C, class Arch = detail::simd_arch>
requires(differentiable<A> || differentiable<B> ||
         differentiable<C>) auto record(Op op, const A& a, const B& b, const C& c,
                                        const std::source_location& where = std::source_location::current()) {
  return detail::record_operands<Arch>(std::move(op), where, a, b, c);
}

}  // namespace xg
