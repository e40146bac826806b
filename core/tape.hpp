// The tape: records statements, replays them, and runs the backward sweep.
#pragma once

#include <span>
#include <vector>

#include <xgrad/core/arena.hpp>
#include <xgrad/core/linear.hpp>
#include <xgrad/core/statement.hpp>
#include <xgrad/core/values.hpp>

namespace xg {

/// Records every statement on its variables and computes gradients by traversing them in reverse.
///
/// A tape belongs to one thread; any number of tapes work side by side. There is no global state. Values, adjoints and
/// nodes live until `clear()` (or a `rewind`), whose memory the next round uses again. Handles must not outlive their
/// tape.
template <class T>
class tape {
  static_assert(scalar_number<T>, "xgrad: a tape holds float or double");

 public:
  tape();
  ~tape();
  tape(const tape&) = delete;
  tape& operator=(const tape&) = delete;

  /// A leaf to differentiate by, with the values (copied) of any xtensor expression or number.
  template <class E>
  var<T> variable(const E& values, const std::source_location& where = std::source_location::current()) {
    return leaf(values, true, where);
  }

  /// A leaf through which no gradient flows.
  template <class E>
  var<T> constant(const E& values, const std::source_location& where = std::source_location::current()) {
    return leaf(values, false, where);
  }

  /// Leaves of the numbers in braces: variable({1.0, 2.0}), variable({{1.0, 2.0}, {3.0, 4.0}}). Throws shape_error for
  /// rows of different lengths.
  var<T> variable(std::initializer_list<T> values, const std::source_location& where = std::source_location::current());
  var<T> variable(std::initializer_list<std::initializer_list<T>> rows,
                  const std::source_location& where = std::source_location::current());
  var<T> constant(std::initializer_list<T> values, const std::source_location& where = std::source_location::current());
  var<T> constant(std::initializer_list<std::initializer_list<T>> rows,
                  const std::source_location& where = std::source_location::current());

  /// Gives a leaf new values of the same shape; `replay()` then recomputes what depends on it, and until then what was
  /// recorded from it has no gradient. Throws tape_error if `x` is the result of a statement, shape_error if the shapes
  /// differ.
  template <class E>
  void set(const var<T>& x, const E& values, const std::source_location& where = std::source_location::current()) {
    static_assert(!differentiable<E>, "xgrad: a leaf is set to numbers; write v.value() for those of a variable");
    slot<T>& s = settable(x, evaluated<E>([&] { return shape_of(values); }, "set", where), where);
    evaluated<E>([&] { copy_from_anywhere(values, s.size, s.value); }, "set", where);
    if (anomaly_) check_leaf(s, where);
  }

  void set(const var<T>& x, std::initializer_list<T> values,
           const std::source_location& where = std::source_location::current());
  void set(const var<T>& x, std::initializer_list<std::initializer_list<T>> rows,
           const std::source_location& where = std::source_location::current());

  /// Computes dy/dv for every variable v that y depends on; read them with `v.grad()`. y must have one element. Every
  /// sweep starts afresh: nothing is left over from an earlier one. Throws shape_error; tape_error, also where y
  /// depends on a leaf that was set and not replayed.
  void backward(const var<T>& y, const std::source_location& where = std::source_location::current());

  /// The same from a given adjoint of y (dL/dy, in y's shape): computes the vector-Jacobian product.
  template <class E>
  requires(!std::same_as<E, std::source_location>) void backward(
      const var<T>& y, const E& seed, const std::source_location& where = std::source_location::current()) {
    static_assert(!differentiable<E>, "xgrad: a seed is numbers; write v.value() for those of a variable");
    slot<T>& s = seedable(y, evaluated<E>([&] { return shape_of(seed); }, "backward", where), where);
    evaluated<E>([&] { copy_from_anywhere(seed, s.size, s.adjoint); }, "backward", where);
    start_sweep(s);
    sweep(s);
  }

  /// Recomputes every recorded statement, in order, from the present values of the leaves.
  void replay();

  /// Forgets everything recorded and keeps the memory. Handles from before throw tape_error when used.
  void clear();

  /// How much is on the tape.
  struct place {
    arena::mark_type memory;
    std::size_t slots = 0, nodes = 0, owners = 0;
  };

  /// A place on the tape; `rewind(mark)` forgets what was recorded after it.
  struct mark_type {
    const tape* of = nullptr;
    place at;
    std::uint32_t cleared = 0, last_generation = 0;
  };
  mark_type mark() const;
  /// Throws tape_error if the mark is another tape's, or this one was cleared, or rewound to an earlier place, since.
  void rewind(const mark_type& mark, const std::source_location& where = std::source_location::current());

  /// Checks every value and adjoint from now on; the first statement that makes a NaN or an infinity throws value_error
  /// with its text and line.
  void detect_anomaly(bool on = true) { anomaly_ = on; }

  /// Recorded nodes: one per statement or structured op.
  std::size_t nodes() const { return nodes_.size(); }
  /// Variables, leaves included.
  std::size_t variables() const { return slots_.size(); }
  /// Bytes the tape holds from the system.
  std::size_t memory() const;

  // ---- For ops and nodes

  /// Records an expression; see target for what becomes of its values. Reduces: it is reduced or collapsed.
  template <bool Reduces, class Arch, class F, class... E>
  var<T> record(const expr<F, E...>& e, const target& how, const std::source_location& where) {
    const line_scope scope(*this, where);
    attempt recording(*this);
    using S = statement<expr<F, E...>, Reduces, Arch>;
    S* s = new (memory_.get(sizeof(S), alignof(S))) S(*this, e);
    const bool gradient = gradients_ && s->needs_gradient();
    if constexpr (!Reduces)
      if (how.kind == target::elementwise && s->all_scalars())
        return recording.keep(finish(s, new_slot({}, 1, gradient)));
    return recording.keep(finish(s, enter(s, s->inputs(), how, gradient)));
  }

  /// Puts a new node N(arguments...) on the tape, whose result has its `result_shape(where)`, and computes it. A node
  /// that says `owns_memory` is destroyed when the tape lets go of it.
  template <class N, class... A>
  var<T> push(const std::source_location& where, A&&... arguments) {
    const line_scope scope(*this, where);
    attempt recording(*this);
    N* n = new (memory_.get(sizeof(N), alignof(N))) N(std::forward<A>(arguments)...);
    if constexpr (N::owns_memory) owners_.push_back(n);
    bool gradient = false;
    for (const slot<T>* s : n->inputs()) gradient |= s->adjoint != nullptr;
    const shape_t shape = n->result_shape(line_);
    return recording.keep(finish(n, new_slot(own(shape), count_of(shape), gradient && gradients_)));
  }

  /// Forgets at its end what was recorded since its beginning, unless that is kept.
  class attempt {
   public:
    explicit attempt(tape& t) : tape_(t), before_(t.here()) {}
    ~attempt() {
      if (!kept_) tape_.forget_after(before_);
    }
    attempt(const attempt&) = delete;
    attempt& operator=(const attempt&) = delete;
    template <class R>
    R keep(R result) {
      kept_ = true;
      return result;
    }

   private:
    tape& tape_;
    place before_;
    bool kept_ = false;
  };

  /// The slot of an operand of a statement; arrays become constants. Throws tape_error, or what evaluating the array
  /// threw.
  slot<T>* slot_of(const var<T>& v, const std::source_location& where, const char* op = "statement") {
    if (slot<T>* s = find(v)) [[likely]]
      return s;
    return &slot_of_number(v, op, where);
  }
  template <differentiable X>
  slot<T>* slot_of(const X& x, const std::source_location& where) {
    return slot_of(var<T>(x), where);
  }
  template <class U>
  slot<T>* slot_of(const array_operand<U>& x, const std::source_location& where) {
    if (x.error) throw_bad_array("statement", x.error, where);
    return slot_of(leaf(*x.value, false, where), where);
  }
  var<T> handle(const slot<T>& s) { return {this, s.id, s.generation}; }

  /// Called by a node before it contributes to an adjoint in the running sweep: true if it must assign (the first
  /// contribution, and the caller can assign), false if it must add.
  bool begin_adjoint(slot<T>& s, bool can_assign) {
    if (s.sweep == sweep_) return false;
    s.sweep = sweep_;
    if (!can_assign) std::fill_n(s.adjoint, s.size, T(0));
    return can_assign;
  }

  /// Records the gradient of a node. In anomaly mode what it hands on is checked, not each step on the way: a branch
  /// that is not taken may be infinite there.
  void record_backward(node<T>& n, adjoint_vars<T>& adjoints);

  /// Throws tape_error if y was computed from a leaf that has been set since.
  void require_replayed(const slot<T>& y, const char* op, const std::source_location& where) {
    if (!set_leaves_.empty()) [[unlikely]]
      find_outdated(y, op, where);
  }

  node<T>* node_at(std::size_t i) const { return nodes_[i]; }
  slot<T>& slot_at(std::size_t i) { return slots_[i]; }
  /// The user's line of the statement being recorded.
  const std::source_location& recording_line() const { return line_; }

  /// While one of these lives, what is recorded belongs to this line of the user's. A pinned line holds for everything
  /// below: a gradient's nodes belong to the statement they come from, whatever lines of an op record them.
  class line_scope {
   public:
    line_scope(tape& t, const std::source_location& where, bool pin = false)
        : tape_(t), line_before_(t.line_), pinned_before_(t.line_pinned_) {
      if (!t.line_pinned_) t.line_ = where;
      if (pin) t.line_pinned_ = true;
    }
    ~line_scope() {
      tape_.line_ = line_before_;
      tape_.line_pinned_ = pinned_before_;
    }
    line_scope(const line_scope&) = delete;
    line_scope& operator=(const line_scope&) = delete;

   private:
    tape& tape_;
    std::source_location line_before_;
    bool pinned_before_;
  };

  // What adjoints need: all linear, each one node, none where nothing is to be done.
  var<T> add(const var<T>& a, const var<T>& b);  // equal shapes
  var<T> scaled(const var<T>& x, double factor);
  var<T> sum_to(const var<T>& x, shape_view kept, shape_view shape);        // summed down to kept, returned as shape
  var<T> broadcast_to(const var<T>& x, shape_view kept, shape_view shape);  // read as kept, broadcast to shape

  /// While one of these lives, new nodes get no adjoints: their results are constants.
  class no_gradient_scope {
   public:
    explicit no_gradient_scope(tape& t) : tape_(t), before_(std::exchange(t.gradients_, false)) {}
    ~no_gradient_scope() { tape_.gradients_ = before_; }

   private:
    tape& tape_;
    bool before_;
  };

 private:
  friend class var<T>;

  /// What f returns; an error of xtensor's in evaluating an expression is told with the user's line.
  template <class E, class F>
  static auto evaluated(F f, const char* op, const std::source_location& where) {
    if constexpr (std::is_arithmetic_v<E> || is_row_major_container<E>) {
      return f();
    } else {
      try {
        return f();
      } catch (const error&) {
        throw;
      } catch (const std::exception&) {
        throw_bad_array(op, std::current_exception(), where);
      }
    }
  }

  /// copy_values for values that may be read from where they are put: an expression is evaluated beside it first.
  template <class E>
  void copy_from_anywhere(const E& values, std::size_t size, T* to) {
    if constexpr (std::is_arithmetic_v<E> || is_row_major_container<E>)
      return copy_values(values, to);
    else {
      const attempt scratch(*this);
      T* beside = memory_.array<T>(size, 64);
      copy_values(values, beside);
      std::copy_n(beside, size, to);
    }
  }
  template <class E>
  var<T> leaf(const E& values, bool gradient, const std::source_location& where) {
    static_assert(
        std::is_arithmetic_v<E> || requires { values.shape(); },
        "xgrad: a leaf is made from a number or an xtensor expression of real numbers");
    static_assert(!differentiable<E>,
                  "xgrad: this is a variable already; use v.value() for a new leaf with its numbers");
    attempt recording(*this);
    shape_view shape;
    const char* op = gradient ? "variable" : "constant";
    if constexpr (!std::is_arithmetic_v<E>) shape = evaluated<E>([&] { return own(values.shape()); }, op, where);
    slot<T>& s = new_slot(shape, count_of(shape), gradient);
    evaluated<E>([&] { copy_values(values, s.value); }, op, where);
    if (anomaly_) check_leaf(s, where);
    return recording.keep(handle(s));
  }

  /// Works out the shapes of a statement and how its loops walk; makes the slot of its result.
  slot<T>& enter(statement_base<T>* s, std::span<slot<T>* const> inputs, const target& how, bool gradient);

  /// Computes a new node and puts it on the list.
  template <class N>
  var<T> finish(N* n, slot<T>& out) {
    n->out = &out;
    n->where = line_;
    n->forward(*this);
    if (anomaly_) check_forward(*n);
    nodes_.push() = n;
    out.producer = std::uint32_t(nodes_.size());
    return handle(out);
  }

  /// A slot for `size` elements; the shape must live as long as the slot.
  slot<T>& new_slot(shape_view shape, std::size_t size, bool gradient) {
    slot<T>& s = slots_.push();
    s.extents = shape.data();
    s.rank = std::uint32_t(shape.size());
    s.size = size;
    s.id = std::uint32_t(slots_.size() - 1);
    s.generation = generation_;
    s.sweep = 0;
    s.producer = s.outdated = 0;
    s.value = size == 1 ? &s.scalar_value : memory_.array<T>(size, 64);
    s.adjoint = !gradient ? nullptr : size == 1 ? &s.scalar_adjoint : memory_.array<T>(size, 64);
    return s;
  }
  /// The shape, copied to the arena.
  shape_view own(const auto& shape) {
    auto* extents = memory_.array<std::size_t>(shape.size());
    if (shape.size() == 2) {  // the usual case: a call of memmove takes longer
      extents[0] = shape[0], extents[1] = shape[1];
    } else {
      std::copy(shape.begin(), shape.end(), extents);
    }
    return {extents, shape.size()};
  }

  slot<T>* find(const var<T>& v) const {
    if (v.tape_ != this || v.id_ >= slots_.size()) return nullptr;
    slot<T>& s = slots_[v.id_];
    return s.generation == v.generation_ ? &s : nullptr;
  }
  slot<T>& get(const var<T>& v, const char* op, const std::source_location& where) const {
    if (slot<T>* s = find(v)) return *s;
    throw_wrong_handle(v, op, where);
  }
  /// A plain number becomes a constant; any other handle without a slot here is an error.
  slot<T>& slot_of_number(const var<T>& v, const char* op, const std::source_location& where);
  [[noreturn]] static void throw_bad_array(const char* op, const std::exception_ptr& error,
                                           const std::source_location& where);
  [[noreturn]] void throw_wrong_handle(const var<T>& v, const char* op, const std::source_location& where) const;
  slot<T>& settable(const var<T>& x, shape_view shape, const std::source_location& where);
  slot<T>& seedable(const var<T>& y, shape_view shape, const std::source_location& where);
  void find_outdated(const slot<T>& y, const char* op, const std::source_location& where) const;
  void forget_set_leaves();
  void start_sweep(slot<T>& from);
  void sweep(slot<T>& from);
  void check_leaf(const slot<T>& s, const std::source_location& where) const;
  void check_forward(const node<T>& n) const;
  void check_backward(const node<T>& n) const;
  place here() const { return {memory_.mark(), slots_.size(), nodes_.size(), owners_.size()}; }
  void forget_after(const place& p);
  void forget_owners(std::size_t keep);

  arena memory_;
  mutable stable_vector<slot<T>> slots_;
  stable_vector<node<T>*> nodes_;
  std::vector<node<T>*> owners_;      // nodes to destroy
  std::vector<slot<T>*> set_leaves_;  // since the last replay, as far as nodes were there
  std::source_location line_{};
  std::uint32_t generation_ = 1, cleared_ = 0, sweep_ = 0;
  bool gradients_ = true, anomaly_ = false, line_pinned_ = false, sweep_failed_ = false;
};

namespace detail {

/// The value of an expression of plain numbers alone, as a number: recorded on a tape of its own. Throws tape_error for
/// an empty handle, shape_error where arrays among the numbers make it an array.
template <class T>
var<T> number_of_numbers(var<T> (*record)(tape<T>&, const void*, const std::source_location&), const void* expression,
                         const std::source_location& where);
extern template var<float> number_of_numbers(var<float> (*)(tape<float>&, const void*, const std::source_location&),
                                             const void*, const std::source_location&);
extern template var<double> number_of_numbers(var<double> (*)(tape<double>&, const void*, const std::source_location&),
                                              const void*, const std::source_location&);

}  // namespace detail

template <class T>
const slot<T>& var<T>::get(const char* op, const std::source_location& where) const {
  return owner(where).get(*this, op, where);
}

template <class F, class... E>
template <class Arch>
auto expr<F, E...>::record(const expr& e, const std::source_location& where) -> var<scalar_type> {
  using T = scalar_type;
  const auto on = [](tape<T>& t, const void* expression, const std::source_location& line) {
    return t.template record<false, Arch>(*static_cast<const expr*>(expression), target{}, line);
  };
  if (tape<T>* t = tape_if_any(e)) [[likely]]
    return on(*t, &e, where);
  return detail::number_of_numbers<T>(on, &e, where);
}

/// A variable as it is, an expression as the variable it becomes when recorded.
template <class Arch, differentiable E>
auto recorded(const E& e, const std::source_location& where) {
  if constexpr (requires { e.operands; })
    return E::template record<Arch>(e, where);
  else
    return var<typename E::scalar_type>(e);
}

extern template class tape<float>;
extern template class tape<double>;

}  // namespace xg
