// What a layer is made of: weights, which are trained, and buffers, which are only kept (running averages, say).
#pragma once

#include <xgrad/core/tape/op.hpp>
#include <xgrad/core/tape/parameter.hpp>
#include <xgrad/core/tape/tape.hpp>

namespace xg::nn {

/// An array that is trained: a parameter that knows whether it is frozen. A copy is deep, and as frozen as the
/// original.
template <class T>
class weight : public parameter<T> {
 public:
  using scalar_type = T;
  /// Of no shape and no use until it is assigned.
  weight() = default;
  /// All elements alike: nn::weight<float>({10, 64}).
  explicit weight(const shape_t& shape, T value = 0)
      : parameter<T>(xt::xarray<T>(typename xt::xarray<T>::shape_type(shape.begin(), shape.end()), value)) {}
  /// Takes the values of an xtensor expression.
  template <class E>
  requires requires(const E& e) { e.shape(); }
  explicit weight(const E& values) : parameter<T>(values) {}

  /// A frozen one is recorded as a constant, and left alone by optimisers.
  bool frozen() const { return frozen_; }
  void freeze(bool on = true) { frozen_ = on; }

  /// The weight as a variable (a constant, if it is frozen) on the tape of x, a variable or an expression. It is
  /// borrowed: nothing is copied, and twice gives the same variable. Throws tape_error for an empty weight.
  template <differentiable X>
  var<T> on(const X& x, const std::source_location& where = std::source_location::current()) const {
    auto& l = xg::detail::ledger_of(x, where);
    return xg::detail::borrow(l, xg::detail::memory_of(*this), !frozen_ && l.gradients, where);
  }

 private:
  bool frozen_ = false;
};

/// An array that is saved with the model and not trained.
template <class T>
class buffer : public parameter<T> {
 public:
  using scalar_type = T;
  buffer() = default;
  explicit buffer(const shape_t& shape, T value = 0)
      : parameter<T>(xt::xarray<T>(typename xt::xarray<T>::shape_type(shape.begin(), shape.end()), value)) {}

  /// The buffer as a constant on the tape of x.
  template <differentiable X>
  var<T> on(const X& x, const std::source_location& where = std::source_location::current()) const {
    return xg::detail::borrow(xg::detail::ledger_of(x, where), xg::detail::memory_of(*this), false, where);
  }
};

}  // namespace xg::nn
