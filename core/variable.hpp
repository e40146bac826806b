// A variable: what the tape knows of it (slot) and what the user holds (var).
#pragma once

#include <concepts>
#include <cstdint>
#include <iosfwd>
#include <source_location>

#include <xgrad/core/bare.hpp>
#include <xgrad/core/error.hpp>
#include <xgrad/core/lanes.hpp>
#include <xgrad/core/shape.hpp>
#include <xgrad/core/xtensor.hpp>

namespace xg {

/// Numbers a tape can hold.
template <class T>
concept scalar_number = std::same_as<T, float> || std::same_as<T, double>;

template <class T>
class tape;
template <class F, class... E>
struct expr;

/// One variable on the tape. A scalar's value and adjoint live in the slot itself.
template <class T>
struct slot {
  T* value = nullptr;
  T* adjoint = nullptr;  // null: no gradient flows here
  const std::size_t* extents = nullptr;
  std::size_t size = 1;
  std::uint32_t rank = 0;
  std::uint32_t id = 0;
  std::uint32_t generation = 0;  // of the tape when the slot was made; a handle must match
  std::uint32_t sweep = 0;       // the backward sweep that last wrote the adjoint
  std::uint32_t producer = 0;    // 1 + number of the node that computes the value; 0: a leaf
  std::uint32_t outdated = 0;    // a leaf that was set: the nodes before this number have not seen it yet
  T scalar_value{}, scalar_adjoint{};

  shape_view shape() const { return {extents, rank}; }
};

/// The first index of an element, with the line it is written on.
struct index_at {
  std::ptrdiff_t index;
  std::source_location where;
  template <std::integral I>
  index_at(I i, const std::source_location& w = std::source_location::current()) : index(std::ptrdiff_t(i)), where(w) {}
};

/// A handle to a variable on a tape: the result of a statement, or a leaf made by `tape::variable` or `tape::constant`.
/// 16 bytes, cheap to copy; all copies name the same variable. It must not outlive its tape; using it after the tape
/// was cleared (or rewound past it) throws tape_error. `const` says nothing about gradients: identity is the variable.
///
/// Deliberately bare: it has none of xtensor's container interface, so that a function of xtensor that this library
/// does not differentiate is a compile error instead of a lost derivative.
template <class T>
class var : public detail::bare<var<T>> {
  static_assert(scalar_number<T>, "xgrad: variables hold float or double");

 public:
  using scalar_type = T;

  /// An empty handle; anything but assigning to it throws tape_error.
  var() = default;

  /// Records the statement: one node on the tape of its operands. Throws shape_error, tape_error.
  template <class F, class... E, class Arch = detail::simd_arch>
  var(const expr<F, E...>& statement, const std::source_location& where = std::source_location::current())
      : var(expr<F, E...>::template record<Arch>(statement, where)) {}

  /// The numbers, as a read-only xtensor view of tape memory (shape `shape()`, row-major); valid until the tape is
  /// cleared.
  auto value(const std::source_location& where = std::source_location::current()) const {
    const slot<T>& s = get("value", where);
    return xt::adapt<xt::layout_type::row_major>(static_cast<const T*>(s.value), s.size, xt::no_ownership(),
                                                 shape_t(s.shape()));
  }

  /// dL/d(this) of the tape's last `backward`, as a read-only xtensor view; zeros where nothing reached it. Throws
  /// tape_error for a constant, and when no backward has run.
  auto grad(const std::source_location& where = std::source_location::current()) const {
    const slot<T>& s = get_with_gradient(where);
    return xt::adapt<xt::layout_type::row_major>(static_cast<const T*>(s.adjoint), s.size, xt::no_ownership(),
                                                 shape_t(s.shape()));
  }

  /// The value of a variable of one element. Throws shape_error for any other size.
  T item(const std::source_location& where = std::source_location::current()) const;

  shape_view shape(const std::source_location& where = std::source_location::current()) const {
    return get("shape", where).shape();
  }
  std::size_t dimension(const std::source_location& where = std::source_location::current()) const {
    return get("dimension", where).rank;
  }
  std::size_t size(const std::source_location& where = std::source_location::current()) const {
    return get("size", where).size;
  }

  /// Does a gradient flow to this variable? (False for constants and what is computed from constants alone.)
  bool requires_grad(const std::source_location& where = std::source_location::current()) const {
    return get("requires_grad", where).adjoint != nullptr;
  }

  /// The element at an index, as a scalar variable; negative indices count from the end. One index per dimension.
  template <std::integral... I>
  var operator()(index_at first, I... rest) const;

  /// Does this handle name a variable? (It may have been cleared since.)
  bool valid() const noexcept { return tape_ != nullptr; }

  /// The tape this variable lives on. Throws tape_error for an empty handle.
  tape<T>& owner(const std::source_location& where = std::source_location::current()) const {
    if (!tape_) [[unlikely]]
      throw_empty(where);
    return *tape_;
  }

  /// The number of the variable on its tape, in order of recording; the `v7` of error texts.
  std::size_t id() const { return id_; }

 private:
  friend class tape<T>;
  var(tape<T>* owner, std::uint32_t id, std::uint32_t generation) : tape_(owner), id_(id), generation_(generation) {}
  [[noreturn]] static void throw_empty(const std::source_location& where);
  const slot<T>& get(const char* op, const std::source_location& where) const;
  const slot<T>& get_with_gradient(const std::source_location& where) const;

  tape<T>* tape_ = nullptr;
  std::uint32_t id_ = 0, generation_ = 0;
};

template <class F, class... E>
var(const expr<F, E...>&) -> var<typename expr<F, E...>::scalar_type>;

/// Prints the values, as xtensor prints an array. Throws tape_error for a handle that names no variable.
template <class T>
std::ostream& operator<<(std::ostream& out, const var<T>& v);
extern template std::ostream& operator<<(std::ostream&, const var<float>&);
extern template std::ostream& operator<<(std::ostream&, const var<double>&);

template <class X>
inline constexpr bool is_var = false;
template <class T>
inline constexpr bool is_var<var<T>> = true;

/// A variable, or an expression that becomes one when it is recorded.
template <class X>
concept differentiable = requires {
  typename std::remove_cvref_t<X>::scalar_type;
  requires std::same_as<typename std::remove_cvref_t<X>::expression_tag, expression_tag>;
};

}  // namespace xg
