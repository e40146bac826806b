// What a structured op (matrix product, slices, ...) is made of: one node each, described by a small struct.
//
//   struct my_op {
//     static constexpr const char* name = "my_op";
//     shape_t shape(shape_view a, shape_view b);  // throws shape_error("what is wrong")
//     void forward(array<T> y, array<const T> a, array<const T> b) const;  // fills y
//     var<T> vjp(std::size_t k, var<T> g, var<T> y, var<T> a, var<T> b) const;  // dL/d(operand k) from g = dL/dy
//     // Optional, a first-order kernel:
//     void backward(array<const T> g, array<const T> y, array<const T> a, array<const T> b,
//                   adjoint<T> da, adjoint<T> db) const;
//     // Optional, for forward tangents; without either they are the transpose of vjp, recorded:
//     static constexpr bool linear = true;  // in all operands together: the op itself, applied to their tangents
//     var<T> jvp(std::size_t k, var<T> u, var<T> y, var<T> a, var<T> b) const;  // dy/d(operand k) u
//     // Optional, for an op that serves several functions: what it is called in messages.
//     const char* label() const;
//     // Optional, what a reader of the graph has to know besides: w.attribute("axis", "1").
//     void describe(node_writer& w) const;
//   };
//   var<T> y = xg::record(my_op{}, a, b);
//
// T may be a template parameter. An op of one operand leaves out k. `vjp` (and `jvp`) is written with variables and is
// good for any order; without `backward`, the first order evaluates it on a scratch stretch of the tape. Members need
// not be const.
#pragma once

#include <concepts>
#include <utility>

#include <xgrad/core/expression/variable.hpp>

namespace xg {

/// An array on the tape, contiguous and row-major.
template <class T>
struct array {
  T* data;
  shape_view shape;
  std::size_t size;

  /// As an xtensor container (const T) or to be assigned to (T).
  auto view() const { return xt::adapt<xt::layout_type::row_major>(data, size, xt::no_ownership(), shape_t(shape)); }
};

/// Where a kernel puts its contribution to an operand's adjoint. False if none is wanted: the operand is a constant, or
/// the sweep is limited to others; `data` is null then.
template <class T>
struct adjoint {
  T* data = nullptr;
  shape_view shape{};
  std::size_t size = 0;
  bool assign = false;  // the first contribution of a sweep: what is in `data` is garbage

  explicit operator bool() const { return data != nullptr; }
  /// Contributes f(i) to each element i: assigns it if it is the first contribution, else adds it.
  void add_each(const auto& f) const {
    for (std::size_t i = 0; i < size; ++i) data[i] = assign ? T(f(i)) : T(data[i] + f(i));
  }
};

namespace detail {

// Has Op a member of this name, whatever it is, overloaded and templated ones included? If so, the name is ambiguous in
// a class that inherits it twice. (A final class is asked directly, and then an overloaded member is not seen.)
struct has_backward {
  int backward;
};
template <class Op>
struct with_backward : Op, has_backward {};
template <class Op>
inline constexpr bool names_backward = !requires {
  &with_backward<Op>::backward;
};
template <class Op>
requires std::is_final_v<Op>
inline constexpr bool names_backward<Op> = requires { &Op::backward; };

struct has_jvp {
  int jvp;
};
template <class Op>
struct with_jvp : Op, has_jvp {};
template <class Op>
inline constexpr bool names_jvp = !requires {
  &with_jvp<Op>::jvp;
};
template <class Op>
requires std::is_final_v<Op>
inline constexpr bool names_jvp<Op> = requires { &Op::jvp; };

/// What an Op on N operands of T must have, checked before anything else is made of it.
template <class Op, class T, std::size_t N>
struct contract {
 private:
  static constexpr std::make_index_sequence<N> operands{};

  static constexpr bool has_shape = []<std::size_t... K>(std::index_sequence<K...>) {
    return requires(Op & op, shape_view s) {
      { op.shape((void(K), s)...) } -> std::convertible_to<shape_t>;
    };
  }
  (operands);
  static constexpr bool has_forward = []<std::size_t... K>(std::index_sequence<K...>) {
    return requires(Op & op, array<T> y, const array<const T> x) { op.forward(std::move(y), (void(K), x)...); };
  }
  (operands);
  static constexpr bool has_vjp_of_one = requires(Op & op, const var<T>& v) {
    { op.vjp(v, v, v) } -> std::convertible_to<var<T>>;
  };
  template <class... X>
  static constexpr bool takes = requires(Op& op, std::size_t k, const var<T>& v, const X&... x) {
    { op.vjp(k, v, v, x...) } -> std::convertible_to<var<T>>;
  };
  template <std::size_t... K>
  static constexpr bool takes_each(std::index_sequence<K...>) {
    return takes<std::enable_if_t<K + 1 != 0, var<T>>...>;
  }
  static constexpr bool has_vjp_of_several = takes_each(operands);
  static constexpr bool has_vjp = N == 1 ? has_vjp_of_one : has_vjp_of_several;

  static constexpr bool has_jvp_of_one = requires(Op & op, const var<T>& v) {
    { op.jvp(v, v, v) } -> std::convertible_to<var<T>>;
  };
  template <class... X>
  static constexpr bool pushes = requires(Op& op, std::size_t k, const var<T>& v, const X&... x) {
    { op.jvp(k, v, v, x...) } -> std::convertible_to<var<T>>;
  };
  template <std::size_t... K>
  static constexpr bool pushes_each(std::index_sequence<K...>) {
    return pushes<std::enable_if_t<K + 1 != 0, var<T>>...>;
  }
  static constexpr bool has_jvp_of_several = pushes_each(operands);

 public:
  static constexpr bool has_jvp = N == 1 ? has_jvp_of_one : has_jvp_of_several;
  static constexpr bool linear = requires { requires bool(Op::linear); };
  static constexpr bool has_backward = []<std::size_t... K>(std::index_sequence<K...>) {
    return requires(Op & op, const array<const T> a, const adjoint<T> d) {
      op.backward(a, a, (void(K), a)..., (void(K), d)...);
    };
  }
  (operands);

  static_assert(
      requires { std::string(Op::name); },
      "xgrad: a structured op has `static constexpr const char* name`, for messages");
  static_assert(has_shape,
                "xgrad: a structured op has `shape_t shape(shape_view...)`, with one shape_view for each operand");
  static_assert(has_forward,
                "xgrad: a structured op has `void forward(array<T> y, array<const T>...)`, with one array<const T> for "
                "each operand; T is the number type of the variables");
  static_assert(has_vjp,
                "xgrad: a structured op has `var<T> vjp(g, y, x)` for one operand, `var<T> vjp(std::size_t k, g, y, "
                "a, b...)` for several: g, y and each operand are var<T>");
  static_assert(has_backward || !names_backward<Op>,
                "xgrad: this op has a member `backward` that does not fit and would be ignored; it is called as "
                "backward(array<const T> g, array<const T> y, array<const T>..., adjoint<T>...), with one array and "
                "one adjoint for each operand");
  static_assert(has_jvp || !names_jvp<Op>,
                "xgrad: this op has a member `jvp` that does not fit and would be ignored; it is called as `var<T> "
                "jvp(u, y, x)` for one operand, `var<T> jvp(std::size_t k, u, y, a, b...)` for several: u, the tangent "
                "of operand k, y and each operand are var<T>");
  static_assert(!(has_jvp && linear),
                "xgrad: this op is marked `linear` and has a member `jvp` besides; its tangent is one or the other");
  static_assert(!linear || std::copy_constructible<Op>,
                "xgrad: an op marked `linear` is copied, to be applied to tangents; it cannot be copied");
};

}  // namespace detail

}  // namespace xg
