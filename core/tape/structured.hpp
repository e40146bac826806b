// Structured ops on the tape: the node of an op as contract.hpp describes it, and how it is recorded.
#pragma once

#include <array>
#include <utility>

#include <xgrad/core/derivative/gradient.hpp>
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

  void forward(detail::ledger<T>&) override {
    named(this->where, [&] {
      with_inputs([&](const auto&... x) {
        op_.forward(array<T>{this->out->value, this->out->shape(), this->out->size}, x...);
      });
    });
  }

  void backward(detail::ledger<T>& l) override {
    if constexpr (contract::has_backward) {
      [&]<std::size_t... K>(std::index_sequence<K...>) {
        const bool alike = inputs_alike();
        const std::array<adjoint<T>, N> dx{start_adjoint(l, *inputs_[K], !alike)...};
        named(this->where, [&] {
          with_inputs([&](const auto&... x) {
            op_.backward(read(this->out->adjoint, *this->out), read(this->out->value, *this->out), x..., dx[K]...);
          });
        });
      }
      (indices);
    } else {
      evaluate_vjp(l);
    }
  }

  void record_backward(detail::ledger<T>& l, adjoint_vars<T>& adjoints) override {
    const var<T> g = adjoints.of(*this->out);
    for (std::size_t k = 0; k < N; ++k)
      if (adjoints.wants(*inputs_[k])) adjoints.add(*inputs_[k], vjp(l, k, g));
  }

  std::span<slot<T>* const> inputs() const override { return inputs_; }

  std::string text(const variable_names& names) const override {
    std::string s = label(op_);
    for (std::size_t k = 0; k < N; ++k) s += (k ? ", " : "(") + names.of(inputs_[k]->id);
    return s + ")";
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
  static adjoint<T> start_adjoint(detail::ledger<T>& l, slot<T>& s, bool can_assign = true) {
    if (!s.adjoint) return {};
    return {s.adjoint, s.shape(), s.size, l.begin_adjoint(s, can_assign)};
  }

  var<T> vjp(detail::ledger<T>& l, std::size_t k, const var<T>& g) {
    const var<T> y = l.handle(*this->out);
    const var<T> d = named(this->where, [&] {
      return [&]<std::size_t... K>(std::index_sequence<K...>)->var<T> {
        if constexpr (N == 1)
          return op_.vjp(g, y, l.handle(*inputs_[K])...);
        else
          return op_.vjp(k, g, y, l.handle(*inputs_[K])...);
      }
      (indices);
    });
    if (!(d.shape() == inputs_[k]->shape()))
      throw shape_error(label(op_) + ": vjp returned shape " + to_string(d.shape()) + " for operand " +
                        std::to_string(k) + " of shape " + to_string(inputs_[k]->shape()) + at_line(this->where));
    return d;
  }

  /// A constant with the numbers of an adjoint.
  static var<T> copy_of(detail::ledger<T>& l, const T* data, const slot<T>& of) {
    slot<T>& s = l.new_slot(of.shape(), of.size, false);
    std::copy_n(data, of.size, s.value);
    return l.handle(s);
  }

  void evaluate_vjp(detail::ledger<T>& l) {
    const detail::no_gradient_scope constants(l);
    const detail::attempt scratch(l);
    const detail::line_scope line(l, this->where, true);
    const var<T> g = copy_of(l, this->out->adjoint, *this->out);
    for (std::size_t k = 0; k < N; ++k) {
      if (!inputs_[k]->adjoint) continue;
      const slot<T>* d = l.slot_of(vjp(l, k, g), this->where);
      start_adjoint(l, *inputs_[k]).add_each([&](std::size_t i) { return d->value[i]; });
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
  ledger<T>& l = first.ledger(where);
  const std::array<slot<T>*, n> inputs{l.slot_of(first, where, Op::name), l.slot_of(rest, where, Op::name)...};
  return push_node<node_type>(l, where, inputs, make);
}

}  // namespace detail

namespace detail {

/// An operand of a structured function as a variable: expressions are recorded, numbers and arrays become constants.
template <class Arch = simd_arch, class T, class X>
var<T> as_var(ledger<T>& l, const X& x, const std::source_location& where) {
  if constexpr (differentiable<X>) {
    static_assert(std::same_as<typename X::scalar_type, T>, "xgrad: float and double are mixed in one operation");
    return recorded<Arch>(x, where);
  } else {
    if constexpr (requires { typename X::value_type; })
      static_assert(same_precision<T, array_operand<typename X::value_type>>,
                    "xgrad: float and double are mixed in one operation; convert the plain array with xt::cast");
    return make_leaf<Arch>(l, x, false, where);
  }
}

/// The ledger of the first differentiable operand.
template <class X, class... Rest>
auto& ledger_of_any(const std::source_location& where, const X& x, const Rest&... rest) {
  if constexpr (differentiable<X>)
    return ledger_of(x, where);
  else
    return ledger_of_any(where, rest...);
}

template <class T>
T scalar_of_ledger(const ledger<T>&);

template <class Arch, class Op, class... X>
auto record_operands(Op op, const std::source_location& where, const X&... x) {
  auto& l = ledger_of_any(where, x...);
  attempt recording(l);
  using T = decltype(scalar_of_ledger(l));
  return recording.keep(detail::record<Op, T, Arch>(
      where, [&] { return std::move(op); }, as_var<Arch>(l, x, where)...));
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
