// What a structured op (matrix product, slices, ...) is made of: one node each, described by a small struct.
//
//   struct my_op {
//     static constexpr const char* name = "my_op";
//     shape_t shape(shape_view a, shape_view b) const;  // throws shape_error("what is wrong")
//     void forward(array<T> y, array<const T> a, array<const T> b) const;  // fills y
//     var<T> vjp(std::size_t k, var<T> g, var<T> y, var<T> a, var<T> b) const;  // dL/d(operand k) from g = dL/dy
//     // Optional, a first-order kernel:
//     void backward(array<const T> g, array<const T> y, array<const T> a, array<const T> b,
//                   adjoint<T> da, adjoint<T> db) const;
//     // Optional, for forward tangents; without either they are the transpose of vjp, recorded:
//     static constexpr bool linear = true;  // in all operands together: the op itself, applied to their tangents
//     var<T> jvp(std::size_t k, var<T> u, var<T> y, var<T> a, var<T> b) const;  // dy/d(operand k) u
//     // Optional, called once, at recording: works out what forward and backward need; scratch memory comes from w,
//     // and the threads that long loops may be split over: w.threads().
//     void plan(workspace& w, shape_view a, shape_view b);
//     // Optional, in the place of vjp: all gradients at once, sharing work; empty handles where not wanted.
//     std::array<var<T>, 2> vjps(std::span<const bool> wanted, var<T> g, var<T> y, var<T> a, var<T> b) const;
//     // Optional: the result is the first operand's memory from this element on, and forward is not called.
//     std::optional<std::size_t> alias() const;
//     // Optional, for an op that serves several functions: what it is called in messages.
//     const char* label() const;
//     // Optional, what a reader of the graph has to know besides: w.attribute("axis", "1").
//     void describe(node_writer& w) const;
//     // Optional, for xg::export_c: the statements of C that compute the result; see core/export/c_writer.hpp.
//     void write_c(c_writer& w) const;
//     // Optional, for sparse Jacobians: which elements depend on which; see dependence.hpp.
//     void dependence(element_links& links, array<const T> a, array<const T> b) const;
//   };
//   var<T> y = xg::record(my_op{}, a, b);
//
// T may be a template parameter. An op of one operand leaves out k. `vjp` (and `jvp`) is written with variables and is
// good for any order; without `backward`, the first order evaluates it on a scratch stretch of the tape. Members need
// not be const.
//
// Any number of operands, xg::record(my_op{}, list): each of the above takes one std::span<const ...> in the place of
// `a, b` (and one std::span<const adjoint<T>>); vjps returns a std::vector.
//
// Several results: `shapes` in the place of `shape` returns a std::array<shape_t, R>, or a std::vector; y and g are
// then std::span<const ...>, and record returns a std::array<var<T>, R>, or a std::vector. A result that no gradient
// reaches has zeros for its g. (Such an op may be linear; a jvp of its own it has not.)
//
// Whole numbers (xg::indices) come after the variables: as shape_view, array<const std::int64_t>, indices<T>.
#pragma once

#include <array>
#include <concepts>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/core/tape/dependence.hpp>
#include <xgrad/core/tape/indices.hpp>
#include <xgrad/core/tape/threads.hpp>

namespace xg {

class c_writer;

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

/// Where an op's plan takes memory from, which lives as long as the node, and the threads to compute on.
class workspace {
 public:
  workspace(arena& memory, xg::threads threads) : memory_(memory), threads_(threads) {}
  /// Uninitialised memory for `count` values, aligned to cache lines.
  template <class U>
  U* array(std::size_t count) {
    return memory_.array<U>(count, 64);
  }
  /// What `forward` and `backward` may split their loops over; to be kept in a member.
  xg::threads threads() const { return threads_; }

 private:
  arena& memory_;
  xg::threads threads_;
};

namespace detail {

/// In the place of a number of operands: an op that takes them as a list.
inline constexpr std::size_t any_number = ~std::size_t(0);

// Has Op a member function of this name, whatever it takes, overloaded and templated ones included? If its address is
// not to be had, the name is ambiguous in a class that inherits it twice. (A final class is asked directly, and then an
// overloaded member is not seen.)
struct optional_members {
  int backward, plan, vjps, jvp, alias, shapes, dependence, write_c;
};
template <class Op>
struct with_members : Op, optional_members {};
template <class Op>
constexpr bool names(auto address) {
  if constexpr (requires(Op * op) { address(op); })
    return !std::is_member_object_pointer_v<decltype(address(static_cast<Op*>(nullptr)))>;
  else if constexpr (!std::is_final_v<Op>)
    return !requires(with_members<Op> * op) { address(op); };
  else
    return false;
}
inline constexpr auto address_of_backward = []<class X>(X*) -> decltype(&X::backward) { return {}; };
inline constexpr auto address_of_plan = []<class X>(X*) -> decltype(&X::plan) { return {}; };
inline constexpr auto address_of_vjps = []<class X>(X*) -> decltype(&X::vjps) { return {}; };
inline constexpr auto address_of_jvp = []<class X>(X*) -> decltype(&X::jvp) { return {}; };
inline constexpr auto address_of_alias = []<class X>(X*) -> decltype(&X::alias) { return {}; };
inline constexpr auto address_of_dependence = []<class X>(X*) -> decltype(&X::dependence) { return {}; };
inline constexpr auto address_of_write_c = []<class X>(X*) -> decltype(&X::write_c) { return {}; };
inline constexpr auto address_of_shapes = []<class X>(X*) -> decltype(&X::shapes) { return {}; };

// ---- Which types the members of an op take

template <class... A>
struct types {};
template <class... A, class... B>
types<A..., B...> operator+(types<A...>, types<B...>);

template <class X, std::size_t>
using one_of_type = X;
template <class X, std::size_t... K>
types<one_of_type<X, K>...> repeated(std::index_sequence<K...>);

template <class X, std::size_t N>
constexpr auto list_operands() {
  if constexpr (N == any_number)
    return types<std::span<const X>>{};
  else
    return decltype(repeated<X>(std::make_index_sequence<N>{})){};
}
/// N operands, or a list of them, each an X.
template <class X, std::size_t N>
using operands_as = decltype(list_operands<X, N>());

template <class Op, class... A>
constexpr bool has_shape(types<A...>) {
  return requires(Op & op, const A&... a) {
    { op.shape(a...) } -> std::convertible_to<shape_t>;
  };
}
template <class R>
inline constexpr bool is_shape_list = false;
template <std::size_t R>
inline constexpr bool is_shape_list<std::array<shape_t, R>> = true;
template <>
inline constexpr bool is_shape_list<std::vector<shape_t>> = true;
template <class Op, class... A>
constexpr bool has_shapes(types<A...>) {
  if constexpr (requires(Op & op, const A&... a) { op.shapes(a...); })
    return is_shape_list<decltype(std::declval<Op&>().shapes(std::declval<const A&>()...))>;
  else
    return false;
}
template <class Op, class... A>
auto shapes_of(types<A...>) -> decltype(std::declval<Op&>().shapes(std::declval<const A&>()...));
template <class Op, class Y, class... A>
constexpr bool has_forward(types<A...>) {
  return requires(Op & op, Y y, const A&... a) { op.forward(std::move(y), a...); };
}
template <class Op, class... A>
constexpr bool has_backward(types<A...>) {
  return requires(Op & op, const A&... a) { op.backward(a...); };
}
template <class Op, class R, class... A>
constexpr bool has_vjp(types<A...>) {
  return requires(Op & op, const A&... a) {
    { op.vjp(a...) } -> std::convertible_to<R>;
  };
}
template <class Op, class R, class... A>
constexpr bool has_jvp(types<A...>) {
  return requires(Op & op, const A&... a) {
    { op.jvp(a...) } -> std::convertible_to<R>;
  };
}
template <class Op, class R, class... A>
constexpr bool has_vjps(types<A...>) {
  return requires(Op & op, const A&... a) {
    { op.vjps(a...) } -> std::convertible_to<R>;
  };
}
template <class Op, class... A>
constexpr bool has_plan(types<A...>) {
  return requires(Op & op, workspace & w, const A&... a) { op.plan(w, a...); };
}

template <class Op, class... A>
constexpr bool has_dependence(types<A...>) {
  return requires(const Op& op, element_links& links, const A&... a) { op.dependence(links, a...); };
}

/// What an Op on N operands of T and I of whole numbers must have, checked before anything else is made of it.
template <class Op, class T, std::size_t N, std::size_t I>
struct contract {
  static constexpr bool several = names<Op>(address_of_shapes);  // results
  using shape_types = decltype(operands_as<shape_view, N>{} + operands_as<shape_view, I>{});

 private:
  template <class X>
  using result = std::conditional_t<several, std::span<const X>, X>;
  using array_types = decltype(operands_as<array<const T>, N>{} + operands_as<array<const std::int64_t>, I>{});
  using var_types = decltype(types<result<var<T>>, result<var<T>>>{} + operands_as<var<T>, N>{} +
                             operands_as<indices<T>, I>{});
  using backward_types = decltype(types<result<array<const T>>, result<array<const T>>>{} + array_types{} +
                                  operands_as<adjoint<T>, N>{});
  using vjp_types = std::conditional_t<N == 1, var_types, decltype(types<std::size_t>{} + var_types{})>;
  using vjps_types = decltype(types<std::span<const bool>>{} + var_types{});

 public:
  static constexpr bool has_backward = detail::has_backward<Op>(backward_types{});
  static constexpr bool has_plan = detail::has_plan<Op>(shape_types{});
  static constexpr bool has_dependence = detail::has_dependence<Op>(array_types{});
  static constexpr bool has_c = requires(const Op& op, c_writer& w) { op.write_c(w); };
  using gradients =
      std::conditional_t<N == any_number, std::vector<var<T>>, std::array<var<T>, N == any_number ? 0 : N>>;
  static constexpr bool has_vjps = detail::has_vjps<Op, gradients>(vjps_types{});
  static constexpr bool has_jvp = !several && detail::has_jvp<Op, var<T>>(vjp_types{});  // u in the place of g
  static constexpr bool linear = requires { requires bool(Op::linear); };
  static constexpr bool has_alias = requires(const Op& op) {
    { op.alias() } -> std::same_as<std::optional<std::size_t>>;
  };

  static_assert(
      requires { std::string(Op::name); },
      "xgrad: a structured op has `static constexpr const char* name`, for messages");
  static_assert(several || has_shape<Op>(shape_types{}),
                "xgrad: a structured op has `shape_t shape(shape_view...)`, with one shape_view for each operand (one "
                "std::span<const shape_view> for a list of operands)");
  static_assert(!several || has_shapes<Op>(shape_types{}),
                "xgrad: an op of several results has `std::array<shape_t, R> shapes(shape_view...)` (or a "
                "std::vector<shape_t>), with one shape_view for each operand (one std::span<const shape_view> for a "
                "list of operands)");
  static_assert(has_forward<Op, result<array<T>>>(array_types{}),
                "xgrad: a structured op has `void forward(array<T> y, array<const T>...)`, with one array<const T> for "
                "each operand (one std::span for a list of them); T is the number type of the variables; several "
                "results are a std::span<const array<T>> y; whole numbers come last, as array<const std::int64_t>");
  static_assert(has_vjps || has_vjp<Op, var<T>>(vjp_types{}),
                "xgrad: a structured op has `var<T> vjp(g, y, x)` for one operand, `var<T> vjp(std::size_t k, g, y, "
                "a, b...)` for several: g, y and each operand are var<T>, several results and a list of operands "
                "std::span<const var<T>>, whole numbers indices<T>");
  static_assert(has_vjps || !names<Op>(address_of_vjps),
                "xgrad: this op has a member `vjps` that does not fit and would be ignored; it is `std::array<var<T>, "
                "N> vjps(std::span<const bool> wanted, g, y, x...)` for N operands, and returns a std::vector<var<T>> "
                "for a list of them");
  static_assert(has_backward || !names<Op>(address_of_backward),
                "xgrad: this op has a member `backward` that does not fit and would be ignored; it is called as "
                "backward(array<const T> g, array<const T> y, array<const T>..., adjoint<T>...), with one array and "
                "one adjoint for each operand (one std::span of each for a list of operands)");
  static_assert(has_jvp || !names<Op>(address_of_jvp),
                "xgrad: this op has a member `jvp` that does not fit and would be ignored; it is called as `var<T> "
                "jvp(u, y, x)` for one operand, `var<T> jvp(std::size_t k, u, y, a, b...)` for several: u, the tangent "
                "of operand k, y and each operand are var<T>; an op of several results has none");
  static_assert(!(has_jvp && linear),
                "xgrad: this op is marked `linear` and has a member `jvp` besides; its tangent is one or the other");
  static_assert(!linear || std::copy_constructible<Op>,
                "xgrad: an op marked `linear` is copied, to be applied to tangents; it cannot be copied");
  static_assert(has_plan || !names<Op>(address_of_plan),
                "xgrad: this op has a member `plan` that does not fit and would be ignored; it is called as "
                "plan(workspace& w, shape_view...), with one shape_view for each operand (one std::span for a list)");
  static_assert(
      has_dependence || !names<Op>(address_of_dependence),
      "xgrad: this op has a member `dependence` that does not fit and would be ignored; it is called as `void "
      "dependence(element_links& links, array<const T>...) const`, with one array for each operand (one "
      "std::span for a list), whole numbers last, as array<const std::int64_t>");
  static_assert(has_c || !names<Op>(address_of_write_c),
                "xgrad: this op has a member `write_c` that does not fit and would be ignored; it is called as `void "
                "write_c(c_writer& w) const`");
  static_assert(has_alias || !names<Op>(address_of_alias),
                "xgrad: this op has a member `alias` that does not fit and would be ignored; it is "
                "`std::optional<std::size_t> alias() const`");
};

}  // namespace detail

}  // namespace xg
