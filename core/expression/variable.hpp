// A variable: what the tape knows of it (slot) and what the user holds (var).
#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstdint>
#include <iosfwd>
#include <source_location>
#include <string>
#include <string_view>

#include <xgrad/core/expression/bare.hpp>
#include <xgrad/core/expression/lanes.hpp>
#include <xgrad/core/memory/error.hpp>
#include <xgrad/core/memory/shape.hpp>
#include <xgrad/core/memory/xtensor.hpp>

namespace xg {

/// Numbers a tape can hold.
template <class T>
concept scalar_number = std::same_as<T, float> || std::same_as<T, double>;

template <class T>
class tape;
template <class F, class... E>
struct expr;
namespace detail {
template <class T>
struct ledger;
}

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

  /// A plain number, as `S(0)` and `S x = 2` make it in code that is generic over its number type S. It is on no tape
  /// and has item() only; where it meets a variable it is recorded as a constant, and with other numbers it makes a
  /// number again.
  template <class U>
  requires std::is_arithmetic_v<U> var(U number) : ledger_(no_tape()) {
    const auto bits = std::bit_cast<std::array<std::uint32_t, 2>>(double(number));
    id_ = bits[0], generation_ = bits[1];
  }

  /// Records the statement: one node on the tape of its operands. Throws shape_error, tape_error.
  template <class F, class... E, class Arch = detail::simd_arch>
  var(const expr<F, E...>& statement, const std::source_location& where = std::source_location::current())
      : var(expr<F, E...>::template record<Arch>(statement, where)) {}

  var(const var&) = default;
  /// Lets this handle name another variable; what it named before stays as it is.
  var& operator=(const var&) & = default;
  template <class X>
  void operator=(const X&) && {
    var::template refuse_assignment<X>();
  }

  /// The numbers, as a read-only xtensor view of tape memory (shape `shape()`, row-major); valid until the tape is
  /// cleared. Throws tape_error where they are out of date: computed from a leaf that was set and not replayed.
  [[gnu::always_inline]] auto value(const std::source_location& where = std::source_location::current()) const {
    const slot<T>& s = get_current("value", where);
    return xt::adapt<xt::layout_type::row_major>(static_cast<const T*>(s.value), s.size, xt::no_ownership(),
                                                 shape_t(s.shape()));
  }

  /// dL/d(this) of the tape's last `backward`, as a read-only xtensor view; zeros where nothing reached it. Throws
  /// tape_error for a constant, when no backward has run, and when the last one was limited to other variables.
  [[gnu::always_inline]] auto grad(const std::source_location& where = std::source_location::current()) const {
    const slot<T>& s = get_with_gradient(where);
    return xt::adapt<xt::layout_type::row_major>(static_cast<const T*>(s.adjoint), s.size, xt::no_ownership(),
                                                 shape_t(s.shape()));
  }

  /// The value of a variable of one element. Throws shape_error for any other size, tape_error as `value` does.
  T item(const std::source_location& where = std::source_location::current()) const;

  shape_view shape(const std::source_location& where = std::source_location::current()) const {
    return get("shape", where).shape();
  }
  /// The extent of one axis; negative ones count from the end. Throws shape_error for an axis out of range.
  std::size_t shape(index_at axis) const;
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

  /// Does this handle name a variable, or a number? (A variable may have been cleared since.)
  bool valid() const noexcept { return ledger_ != nullptr; }
  /// Is this a plain number, on no tape?
  bool is_number() const noexcept { return ledger_ == no_tape(); }

  /// The tape this variable lives on. Throws tape_error for an empty handle and for a plain number.
  tape<T>& owner(const std::source_location& where = std::source_location::current()) const {
    return *ledger(where).face;
  }
  /// What ops and nodes see of that tape.
  detail::ledger<T>& ledger(const std::source_location& where = std::source_location::current()) const {
    if (!on_tape()) [[unlikely]]
      throw_no_tape(where);
    return *ledger_;
  }
  bool on_tape() const noexcept { return reinterpret_cast<std::uintptr_t>(ledger_) > 1; }

  /// The number of the variable on its tape, in order of recording; the `v7` of error texts.
  std::size_t id() const { return id_; }

  /// Gives the variable a name, `W` say, by which messages and pictures then call it; returns this handle. A later name
  /// takes its place; clear() and rewind() forget it with the variable. Throws tape_error, value_error for an empty
  /// name.
  var named(std::string_view name, const std::source_location& where = std::source_location::current()) const;
  /// The name it was given, else `v7`.
  std::string name(const std::source_location& where = std::source_location::current()) const;

 private:
  friend struct detail::ledger<T>;
  var(detail::ledger<T>* owner, std::uint32_t id, std::uint32_t generation)
      : ledger_(owner), id_(id), generation_(generation) {}
  /// In the place of a tape: the handle is a number, whose bits are in the place of its id and generation. It points
  /// nowhere.
  static detail::ledger<T>* no_tape() noexcept {
    return reinterpret_cast<detail::ledger<T>*>(std::uintptr_t(1));  // NOLINT(performance-no-int-to-ptr)
  }
  T number() const noexcept { return T(std::bit_cast<double>(std::array{id_, generation_})); }
  [[noreturn]] void throw_no_tape(const std::source_location& where) const;
  void print(std::ostream& out) const;
  template <class U>
  friend std::ostream& operator<<(std::ostream& out, const var<U>& v);
  const slot<T>& get(const char* op, const std::source_location& where) const;
  const slot<T>& get_current(const char* op, const std::source_location& where) const;
  const slot<T>& get_with_gradient(const std::source_location& where) const;

  detail::ledger<T>* ledger_ = nullptr;
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
