// The tape, as its user sees it: leaves, replay, the backward sweep, marks.
#pragma once

#include <initializer_list>
#include <span>
#include <vector>

#include <xgrad/core/tape/adjoint_ops.hpp>
#include <xgrad/core/tape/borrow.hpp>
#include <xgrad/core/tape/indices.hpp>
#include <xgrad/core/tape/sweep.hpp>

namespace xg {

/// A variable to differentiate by, and nothing that would only become one: an expression recorded now would be a new
/// variable, on which y does not depend.
template <class T>
struct named_variable {
  template <std::same_as<var<T>> V>
  named_variable(const V& v) : variable(v) {}
  var<T> variable;
};

namespace detail {
template <class T>
std::vector<var<T>> variables_of(std::initializer_list<named_variable<T>> xs) {
  std::vector<var<T>> list;
  for (const named_variable<T>& x : xs) list.push_back(x.variable);
  return list;
}
}  // namespace detail

/// Records every statement on its variables and computes gradients by traversing them in reverse.
///
/// A tape belongs to one thread, and may be given others to compute on (`use`); any number of tapes work side by side.
/// There is no global state. Values, adjoints and
/// nodes live until `clear()` (or a `rewind`), whose memory the next round uses again. Handles must not outlive their
/// tape.
template <class T>
class tape {
  static_assert(scalar_number<T>, "xgrad: a tape holds float or double");

  template <class E>
  static constexpr bool is_seed =
      !std::same_as<E, std::source_location> && !std::convertible_to<const E&, std::span<const var<T>>>;

 public:
  tape() : ledger_(*this) {}
  tape(const tape&) = delete;
  tape& operator=(const tape&) = delete;

  /// A leaf to differentiate by, with the values (copied) of any xtensor expression or number.
  template <class E, class Arch = detail::simd_arch>
  var<T> variable(const E& values, const std::source_location& where = std::source_location::current()) {
    return detail::make_leaf<Arch>(ledger_, values, true, where);
  }

  /// A leaf through which no gradient flows.
  template <class E, class Arch = detail::simd_arch>
  var<T> constant(const E& values, const std::source_location& where = std::source_location::current()) {
    return detail::make_leaf<Arch>(ledger_, values, false, where);
  }

  /// Leaves of the numbers in braces: variable({1.0, 2.0}), variable({{1.0, 2.0}, {3.0, 4.0}}). Throws shape_error for
  /// rows of different lengths.
  var<T> variable(std::initializer_list<T> values, const std::source_location& where = std::source_location::current());
  var<T> variable(std::initializer_list<std::initializer_list<T>> rows,
                  const std::source_location& where = std::source_location::current());
  var<T> constant(std::initializer_list<T> values, const std::source_location& where = std::source_location::current());
  var<T> constant(std::initializer_list<std::initializer_list<T>> rows,
                  const std::source_location& where = std::source_location::current());

  /// A leaf whose value stays in the parameter, not copied; its adjoint is on this tape. Borrowed twice it is one
  /// variable. What was recorded from it is out of date when the parameter is written to, until `replay`. `borrow` of a
  /// const parameter, and `freeze`, make a constant: no gradient flows to it.
  var<T> borrow(parameter<T>& p, const std::source_location& where = std::source_location::current()) {
    return detail::borrow(ledger_, detail::memory_of(p), true, where);
  }
  var<T> borrow(const parameter<T>& p, const std::source_location& where = std::source_location::current()) {
    return detail::borrow(ledger_, detail::memory_of(p), false, where);
  }
  var<T> freeze(const parameter<T>& p, const std::source_location& where = std::source_location::current()) {
    return detail::borrow(ledger_, detail::memory_of(p), false, where);
  }

  /// Gives a leaf new values of the same shape; `replay()` then recomputes what depends on it, and until then what was
  /// recorded from it has neither value nor gradient. Throws tape_error if `x` is the result of a statement,
  /// shape_error if the shapes differ, in anomaly mode value_error for a NaN or an infinity; the leaf then keeps its
  /// old values.
  template <class E, class Arch = detail::simd_arch>
  void set(const var<T>& x, const E& values, const std::source_location& where = std::source_location::current()) {
    detail::set_leaf<Arch>(ledger_, x, values, where);
  }

  /// Whole numbers (labels, positions) for ops that take them: of any integer type, a number, an xtensor expression,
  /// braces, or a std::vector, std::array or std::span. `set` changes them, as it does a leaf.
  template <whole_numbers E, class Arch = detail::simd_arch>
  xg::indices<T> indices(const E& values, const std::source_location& where = std::source_location::current()) {
    return detail::make_indices<Arch>(ledger_, values, where);
  }
  template <whole_number_list R, class Arch = detail::simd_arch>
  xg::indices<T> indices(const R& values, const std::source_location& where = std::source_location::current()) {
    return detail::make_indices<Arch>(ledger_, detail::array_of_list(values), where);
  }
  xg::indices<T> indices(std::initializer_list<std::int64_t> values,
                         const std::source_location& where = std::source_location::current());
  xg::indices<T> indices(std::initializer_list<std::initializer_list<std::int64_t>> rows,
                         const std::source_location& where = std::source_location::current());
  template <whole_numbers E, class Arch = detail::simd_arch>
  void set(const xg::indices<T>& x, const E& values,
           const std::source_location& where = std::source_location::current()) {
    detail::set_indices<Arch>(ledger_, x, values, where);
  }
  template <whole_number_list R, class Arch = detail::simd_arch>
  void set(const xg::indices<T>& x, const R& values,
           const std::source_location& where = std::source_location::current()) {
    detail::set_indices<Arch>(ledger_, x, detail::array_of_list(values), where);
  }
  void set(const xg::indices<T>& x, std::initializer_list<std::int64_t> values,
           const std::source_location& where = std::source_location::current());

  void set(const var<T>& x, std::initializer_list<T> values,
           const std::source_location& where = std::source_location::current());
  void set(const var<T>& x, std::initializer_list<std::initializer_list<T>> rows,
           const std::source_location& where = std::source_location::current());

  /// Computes dy/dv for every variable v that y depends on; read them with `v.grad()`. y must have one element. Every
  /// sweep starts afresh: nothing is left over from an earlier one. Throws shape_error; tape_error, also where y
  /// depends on a leaf that was set and not replayed.
  void backward(const var<T>& y, const std::source_location& where = std::source_location::current()) {
    detail::sweep(ledger_, detail::seeded(ledger_, y, where));
  }
  /// backward(y, {W, b}): the same, limited to the variables of a list (or std::vector, ...), and what lies between
  /// them and y; nothing is computed for others, whose `grad()` then throws tape_error. Throws tape_error for a
  /// constant in the list.
  void backward(const var<T>& y, std::initializer_list<named_variable<T>> xs,
                const std::source_location& where = std::source_location::current()) {
    backward(y, detail::variables_of(xs), where);
  }
  void backward(const var<T>& y, std::span<const var<T>> xs,
                const std::source_location& where = std::source_location::current()) {
    detail::require_variables(ledger_, xs, where);
    detail::sweep(ledger_, detail::seeded(ledger_, y, where), xs);
  }

  /// The same from a given adjoint of y (dL/dy, in y's shape): computes the vector-Jacobian product.
  template <class E, class Arch = detail::simd_arch>
  requires is_seed<E>
  void backward(const var<T>& y, const E& seed, const std::source_location& where = std::source_location::current()) {
    detail::sweep(ledger_, detail::seeded<Arch>(ledger_, y, seed, where));
  }
  template <class E, class Arch = detail::simd_arch>
  requires is_seed<E>
  void backward(const var<T>& y, const E& seed, std::initializer_list<named_variable<T>> xs,
                const std::source_location& where = std::source_location::current()) {
    backward<E, Arch>(y, seed, detail::variables_of(xs), where);
  }
  template <class E, class Arch = detail::simd_arch>
  requires is_seed<E>
  void backward(const var<T>& y, const E& seed, std::span<const var<T>> xs,
                const std::source_location& where = std::source_location::current()) {
    detail::require_variables(ledger_, xs, where);
    detail::sweep(ledger_, detail::seeded<Arch>(ledger_, y, seed, where), xs);
  }

  /// Recomputes every recorded statement, in order, from the present values of the leaves.
  void replay() { detail::replay(ledger_); }

  /// Forgets everything recorded and keeps the memory. Handles from before throw tape_error when used.
  void clear() { ledger_.clear(); }

  /// A place on the tape; `rewind(mark)` forgets what was recorded after it.
  using mark_type = typename detail::ledger<T>::mark_type;
  mark_type mark() const { return ledger_.mark(); }
  /// Throws tape_error if the mark is another tape's, or this one was cleared, or rewound to an earlier place, since.
  void rewind(const mark_type& mark, const std::source_location& where = std::source_location::current()) {
    ledger_.rewind(mark, where);
  }

  /// Checks every value and adjoint from now on; the first statement that makes a NaN or an infinity throws value_error
  /// with its text and line.
  void detect_anomaly(bool on = true) { ledger_.anomaly = on; }

  /// Long loops run on the threads of a pool from now on, this one among them: large statements, reductions,
  /// convolutions, softmax and the like, when they are recorded, replayed and swept. Values and gradients are the same
  /// to the bit. The pool is not copied: it must live until the tape uses another one, or none, or computes no more.
  void use(thread_pool& pool) { ledger_.pool = &pool; }
  /// This thread alone computes from now on.
  void use_no_pool() { ledger_.pool = nullptr; }

  /// Recorded nodes: one per statement or structured op.
  std::size_t nodes() const { return ledger_.nodes.size(); }
  /// Variables, leaves included.
  std::size_t variables() const { return ledger_.slots.size(); }
  /// Bytes the tape holds from the system.
  std::size_t memory() const;

  /// While one of these lives, new nodes get no adjoints: their results are constants.
  class no_gradient_scope : detail::gradient_scope<T> {
   public:
    explicit no_gradient_scope(tape& t) : detail::gradient_scope<T>(t.ledger_, false) {}
  };

  /// What nodes and ops see of the tape.
  detail::ledger<T>& ledger() { return ledger_; }
  const detail::ledger<T>& ledger() const { return ledger_; }

 private:
  detail::ledger<T> ledger_;
};

extern template class tape<float>;
extern template class tape<double>;

}  // namespace xg
