// The tape: records statements, replays them, and runs the backward sweep.
#pragma once

#include <initializer_list>
#include <span>
#include <vector>

#include <xgrad/core/memory/arena.hpp>
#include <xgrad/core/memory/copy.hpp>
#include <xgrad/core/tape/linear.hpp>
#include <xgrad/core/tape/statement.hpp>

namespace xg {

/// A variable to differentiate by, and nothing that would only become one: an expression recorded now would be a new
/// variable, on which y does not depend.
template <class T>
struct named_variable {
  template <std::same_as<var<T>> V>
  named_variable(const V& v) : variable(v) {}
  var<T> variable;
};

/// Records every statement on its variables and computes gradients by traversing them in reverse.
///
/// A tape belongs to one thread; any number of tapes work side by side. There is no global state. Values, adjoints and
/// nodes live until `clear()` (or a `rewind`), whose memory the next round uses again. Handles must not outlive their
/// tape.
template <class T>
class tape {
  static_assert(scalar_number<T>, "xgrad: a tape holds float or double");

  template <class E>
  static constexpr bool is_seed =
      !std::same_as<E, std::source_location> && !std::convertible_to<const E&, std::span<const var<T>>>;

 public:
  tape();
  ~tape();
  tape(const tape&) = delete;
  tape& operator=(const tape&) = delete;

  /// A leaf to differentiate by, with the values (copied) of any xtensor expression or number.
  template <class E, class Arch = detail::simd_arch>
  var<T> variable(const E& values, const std::source_location& where = std::source_location::current()) {
    return leaf<Arch>(values, true, where);
  }

  /// A leaf through which no gradient flows.
  template <class E, class Arch = detail::simd_arch>
  var<T> constant(const E& values, const std::source_location& where = std::source_location::current()) {
    return leaf<Arch>(values, false, where);
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
  /// recorded from it has neither value nor gradient. Throws tape_error if `x` is the result of a statement,
  /// shape_error if the shapes differ, in anomaly mode value_error for a NaN or an infinity; the leaf then keeps its
  /// old values.
  template <class E, class Arch = detail::simd_arch>
  void set(const var<T>& x, const E& values, const std::source_location& where = std::source_location::current()) {
    static_assert(!differentiable<E>, "xgrad: a leaf is set to numbers; write v.value() for those of a variable");
    slot<T>& s = settable(x, evaluated<E, Arch>([&] { return shape_of(values); }, "set", where), where);
    overwrite<Arch>(values, s, s.value, "set", where);
    outdate(s);
  }

  void set(const var<T>& x, std::initializer_list<T> values,
           const std::source_location& where = std::source_location::current());
  void set(const var<T>& x, std::initializer_list<std::initializer_list<T>> rows,
           const std::source_location& where = std::source_location::current());

  /// Computes dy/dv for every variable v that y depends on; read them with `v.grad()`. y must have one element. Every
  /// sweep starts afresh: nothing is left over from an earlier one. Throws shape_error; tape_error, also where y
  /// depends on a leaf that was set and not replayed.
  void backward(const var<T>& y, const std::source_location& where = std::source_location::current()) {
    sweep(seeded(y, where));
  }
  /// backward(y, {W, b}): the same, limited to the variables of a list (or std::vector, ...), and what lies between
  /// them and y; nothing is computed for others, whose `grad()` then throws tape_error. Throws tape_error for a
  /// constant in the list.
  void backward(const var<T>& y, std::initializer_list<named_variable<T>> xs,
                const std::source_location& where = std::source_location::current()) {
    backward(y, variables_of(xs), where);
  }
  void backward(const var<T>& y, std::span<const var<T>> xs,
                const std::source_location& where = std::source_location::current()) {
    require_variables(xs, where);
    sweep(seeded(y, where), xs);
  }

  /// The same from a given adjoint of y (dL/dy, in y's shape): computes the vector-Jacobian product.
  template <class E, class Arch = detail::simd_arch>
  requires is_seed<E>
  void backward(const var<T>& y, const E& seed, const std::source_location& where = std::source_location::current()) {
    sweep(seeded<Arch>(y, seed, where));
  }
  template <class E, class Arch = detail::simd_arch>
  requires is_seed<E>
  void backward(const var<T>& y, const E& seed, std::initializer_list<named_variable<T>> xs,
                const std::source_location& where = std::source_location::current()) {
    backward<E, Arch>(y, seed, variables_of(xs), where);
  }
  template <class E, class Arch = detail::simd_arch>
  requires is_seed<E>
  void backward(const var<T>& y, const E& seed, std::span<const var<T>> xs,
                const std::source_location& where = std::source_location::current()) {
    require_variables(xs, where);
    sweep(seeded<Arch>(y, seed, where), xs);
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

  /// Records an expression; see target for what becomes of its values.
  template <class Fold, class Arch, class F, class... E>
  var<T> record(const expr<F, E...>& e, const target& how, const std::source_location& where, const Fold& fold = {}) {
    const line_scope scope(*this, where);
    attempt recording(*this);
    using S = statement<expr<F, E...>, Fold, Arch>;
    S* s = new (memory_.get(sizeof(S), alignof(S))) S(*this, e, fold);
    const bool gradient = gradients_ && !constant_fold<Fold> && s->needs_gradient();
    if constexpr (!folds<Fold>)
      if (how.kind == target::elementwise && s->all_scalars())
        return recording.keep(finish(s, new_slot({}, 1, gradient)));
    return recording.keep(finish(s, enter(s, s->inputs(), how, gradient)));
  }

  /// Puts a new node N(arguments...) on the tape, whose result has its `result_shape(names, where)`, and computes it. A
  /// node that says `owns_memory` is destroyed when the tape lets go of it.
  template <class N, class... A>
  var<T> push(const std::source_location& where, A&&... arguments) {
    const line_scope scope(*this, where);
    attempt recording(*this);
    N* n = new (memory_.get(sizeof(N), alignof(N))) N(std::forward<A>(arguments)...);
    if constexpr (N::owns_memory) owners_.push_back(n);
    bool gradient = false;
    for (const slot<T>* s : n->inputs()) gradient |= s->adjoint != nullptr;
    const shape_t shape = n->result_shape(names_, line_);
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
  template <class Arch, differentiable X>
  slot<T>* slot_of(const X& x, const std::source_location& where) {
    return slot_of(var<T>(x), where);
  }
  template <class Arch, class U>
  slot<T>* slot_of(const array_operand<U>& x, const std::source_location& where) {
    if (x.error) throw_bad_array("statement", x.error, where);
    return slot_of(leaf<Arch>(*x.value, false, where), where);
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

  /// Records the gradient of a node. In anomaly mode what it hands on is checked, now and in replays, not each step on
  /// the way: a branch that is not taken may be infinite there.
  void record_backward(node<T>& n, adjoint_vars<T>& adjoints);
  /// The same for the tangent of its result.
  void record_forward(node<T>& n, tangent_vars<T>& tangents);

  /// Throws tape_error if y was computed from a leaf that has been set since, and not replayed.
  void require_replayed(const slot<T>& y, const char* op, const std::source_location& where) {
    if (!set_leaves_.empty() && y.producer != 0) [[unlikely]]
      find_outdated(y, op, where);
  }

  node<T>* node_at(std::size_t i) const { return nodes_[i]; }
  slot<T>& slot_at(std::size_t i) { return slots_[i]; }
  /// The user's line that made a variable.
  std::source_location line_of(const slot<T>& s) const {
    return s.producer != 0 ? nodes_[s.producer - 1]->where : line_of_leaf(s);
  }
  /// What variables are called.
  const variable_names& names() const { return names_; }
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
  var<T> add(const var<T>& a, const var<T>& b);                             // equal shapes
  var<T> sum_to(const var<T>& x, shape_view kept, shape_view shape);        // summed down to kept, returned as shape
  var<T> broadcast_to(const var<T>& x, shape_view kept, shape_view shape);  // read as kept, broadcast to shape
  var<T> reshaped(const var<T>& x, shape_view shape);

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
  template <class E, class Arch, class F>
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

  /// Writes values to a slot's value or adjoint, from which they may be computed. What cannot be written in place, or
  /// is to be checked first, is evaluated beside it.
  template <class Arch, class E>
  void overwrite(const E& values, const slot<T>& s, T* to, const char* op, const std::source_location& where) {
    const bool checked = anomaly_ && to == s.value;
    if (!checked && can_write_in_place(values, to, s.size))
      return evaluated<E, Arch>([&] { copy_values<Arch>(values, s.size, to); }, op, where);
    const attempt scratch(*this);
    T* beside = memory_.array<T>(s.size, 64);
    evaluated<E, Arch>([&] { copy_values<Arch>(values, s.size, beside); }, op, where);
    if (checked) check_leaf(s, beside, where);
    std::copy_n(beside, s.size, to);
  }
  template <class Arch, class E>
  var<T> leaf(const E& values, bool gradient, const std::source_location& where) {
    static_assert(
        std::is_arithmetic_v<E> || requires { values.shape(); },
        "xgrad: a leaf is made from a number or an xtensor expression of real numbers");
    static_assert(!differentiable<E>,
                  "xgrad: this is a variable already; use v.value() for a new leaf with its numbers");
    attempt recording(*this);
    shape_view shape;
    const char* op = gradient ? "variable" : "constant";
    if constexpr (!std::is_arithmetic_v<E>) shape = evaluated<E, Arch>([&] { return own(values.shape()); }, op, where);
    slot<T>& s = new_slot(shape, count_of(shape), gradient);
    leaves_.push() = {s.id, where};
    evaluated<E, Arch>([&] { copy_values<Arch>(values, s.size, s.value); }, op, where);
    if (anomaly_ && !line_pinned_) check_leaf(s, s.value, where);
    return recording.keep(handle(s));
  }

  /// Works out the shapes of a statement and how its loops walk; makes the slot of its result.
  slot<T>& enter(statement_base<T>* s, std::span<slot<T>* const> inputs, const target& how, bool gradient);

  /// Computes a new node and puts it on the list.
  template <class N>
  var<T> finish(N* n, slot<T>& out) {
    n->out = &out;
    n->where = line_;
    n->intermediate = line_pinned_;
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
  void outdate(slot<T>& leaf);
  slot<T>& seedable(const var<T>& y, shape_view shape, const std::source_location& where);
  /// The slot of y, its adjoint being one or the seed.
  slot<T>& seeded(const var<T>& y, const std::source_location& where);
  template <class Arch, class E>
  slot<T>& seeded(const var<T>& y, const E& seed, const std::source_location& where) {
    static_assert(!differentiable<E>,
                  "xgrad: a seed is numbers; write v.value() for those of a variable, {v} to limit the sweep to v");
    slot<T>& s = seedable(y, evaluated<E, Arch>([&] { return shape_of(seed); }, "backward", where), where);
    overwrite<Arch>(seed, s, s.adjoint, "backward", where);
    return s;
  }
  static std::vector<var<T>> variables_of(std::initializer_list<named_variable<T>> xs) {
    std::vector<var<T>> list;
    for (const named_variable<T>& x : xs) list.push_back(x.variable);
    return list;
  }
  void find_outdated(const slot<T>& y, const char* op, const std::source_location& where) const;
  void forget_set_leaves();
  void start_sweep(slot<T>& from);
  void sweep(slot<T>& from);
  void require_variables(std::span<const var<T>> xs, const std::source_location& where) const;
  void sweep(slot<T>& from, std::span<const var<T>> xs);
  void run_sweep(slot<T>& from);
  void give_name(const var<T>& v, std::string_view name, const std::source_location& where);
  /// A slot for messages: `W (net.cpp:7)`, `v2 = W * v1 (net.cpp:9)`.
  std::string describe(const slot<T>& s) const;
  /// The same where what it is says enough: `the variable`, `the variable W`.
  std::string the_variable(const slot<T>& s) const;
  std::source_location line_of_leaf(const slot<T>& s) const;
  [[noreturn]] void throw_no_gradient(const char* op, const slot<T>& s, const std::source_location& where) const;
  void check_leaf(const slot<T>& s, const T* values, const std::source_location& where) const;
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
  struct leaf_line {
    std::uint32_t id;
    std::source_location where;
  };
  stable_vector<leaf_line> leaves_;  // in order of their ids
  variable_names names_;
  std::vector<char> asked_;  // the slots whose adjoints the last sweep, if limited, was for
  struct hidden_adjoint {
    slot<T>* of;
    T* adjoint;
  };
  std::vector<hidden_adjoint> hidden_;  // while a limited sweep runs
  std::source_location line_{};
  std::uint32_t generation_ = 1, cleared_ = 0, sweep_ = 0;
  bool gradients_ = true, anomaly_ = false, line_pinned_ = false, sweep_failed_ = false, limited_ = false;
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

template <class T>
const slot<T>& var<T>::get_current(const char* op, const std::source_location& where) const {
  const slot<T>& s = get(op, where);
  tape_->require_replayed(s, op, where);
  return s;
}

template <class F, class... E>
template <class Arch>
auto expr<F, E...>::record(const expr& e, const std::source_location& where) -> var<scalar_type> {
  using T = scalar_type;
  const auto on = [](tape<T>& t, const void* expression, const std::source_location& line) {
    return t.template record<no_fold, Arch>(*static_cast<const expr*>(expression), target{}, line);
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
