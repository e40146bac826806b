// What a variable is not: an array of xtensor, or a number. Code that takes it for one is told what to write instead.
//
// A handle must stay bare, so that a function of xtensor that this library does not differentiate is a compile error
// and not a lost derivative. The names that such a function would look for are here, and using one is that error.
#pragma once

#include <xgrad/core/memory/xtensor.hpp>

namespace xg {

/// The expression tag that makes xtensor's operators and functions build this library's expressions.
struct expression_tag {};

namespace detail {

template <class...>
inline constexpr bool never = false;

/// The type of everything a variable would need to be an array; making one is the error.
template <class D>
struct no_array {
  static_assert(
      never<D>,
      "xgrad: this function of xtensor has no derivative here, and a variable is not an array; write xg::sum, "
      "xg::mean, xg::view, xg::transpose, xg::reshape, xg::matmul instead of xt::..., or v.value() for the "
      "plain numbers (no gradient flows through them)");
};

/// What a loop over a variable would step with. Comparing two is the error, which a loop does first, while std::ranges,
/// asking whether this is an iterator, is told no.
template <class D>
struct no_iterator {
  auto operator!=(const no_iterator&) const {
    static_assert(never<D>,
                  "xgrad: a variable is not a range; loop over its numbers, for (double x : v.value()), or over its "
                  "elements as variables, v(i)");
    return false;
  }
  void operator*() const;
  void operator++();
};

/// The base of all that is differentiable.
template <class D>
struct bare : xt::xexpression<D> {
  using expression_tag = xg::expression_tag;

  using value_type = no_array<D>;
  using reference = no_array<D>;
  using const_reference = no_array<D>;
  using pointer = no_array<D>;
  using const_pointer = no_array<D>;
  using size_type = no_array<D>;
  using difference_type = no_array<D>;
  using shape_type = no_array<D>;
  using inner_shape_type = no_array<D>;
  using temporary_type = no_array<D>;
  using simd_value_type = no_array<D>;
  using bool_load_type = no_array<D>;
  using stepper = no_array<D>;
  using const_stepper = no_array<D>;
  static constexpr xt::layout_type static_layout = no_array<D>::static_layout;
  static constexpr bool contiguous_layout = no_array<D>::contiguous_layout;

  no_iterator<D> begin() const;
  no_iterator<D> end() const;

  /// So that `v(0) = w` and `xg::view(v, ...) = w`, which would change a copy, are errors.
  template <class X>
  static constexpr void refuse_assignment() {
    static_assert(
        never<D, X>,
        "xgrad: this would assign to a copy and change nothing; the elements of a variable cannot be assigned: "
        "write xg::where(mask, a, b) for a new variable with some of them replaced, or t.set(leaf, numbers)");
  }

  /// So that `v[0]` gets an answer.
  template <class I>
  void operator[](const I&) const {
    static_assert(never<D, I>,
                  "xgrad: a variable has no [ ]; write v(0) or v(0, -1) for an element, with one index for each "
                  "dimension, xg::view(v, {0}) for a row, v.value()[0] for the plain number");
  }

  /// So that `double d = v`, `if (v > 0)` and `std::tanh(v)` get an answer.
  operator double() const {
    static_assert(
        never<D>,
        "xgrad: a variable or a comparison of variables is not a number; write v.item() for the number of one "
        "element, as in `if (v(0).item() > 0)`, or xg::where(v > 0, a, b) to choose element by element; for "
        "std::tanh(v) and its like write xt::tanh(v)");
    return 0;
  }
};

}  // namespace detail
}  // namespace xg

/// xtensor's way to put an expression into a container.
template <>
class xt::xexpression_assigner<xg::expression_tag> {
 public:
  template <class E1, class E2>
  static void assign_xexpression(const E1&, const E2&) {
    refuse<E1, E2>();
  }
  template <class E1, class E2>
  static void computed_assign(const E1&, const E2&) {
    refuse<E1, E2>();
  }
  template <class E1, class E2, class F>
  static void scalar_computed_assign(const E1&, const E2&, const F&) {
    refuse<E1, E2>();
  }
  template <class E1, class E2>
  static void assert_compatible_shape(const E1&, const E2&) {
    refuse<E1, E2>();
  }

 private:
  template <class E1, class E2>
  static constexpr auto refuse() {
    static_assert(xg::detail::never<E1, E2>,
                  "xgrad: an array does not take a variable, whose derivative it would lose; write v.value() for the "
                  "plain numbers: xt::xarray<double> m = v.value(); or keep it a variable: xg::var m = v");
  }
};

/// xtensor's way to say what an expression of ours becomes when it is broadcast.
template <class CT, class X>
struct xt::extension::xbroadcast_base_impl<xg::expression_tag, CT, X> {
  using type = xg::detail::no_array<std::decay_t<CT>>;
  static_assert(xg::detail::never<CT, X>,
                "xgrad: xt::broadcast has no derivative here; operands broadcast by themselves in a + b, and "
                "xg::broadcast_to(a, shape) makes a variable larger");
};
