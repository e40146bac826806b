// The ledger: the state of a tape. Slots and nodes in order of recording, the memory they lie in, names, marks, the
// line that is being recorded, the last sweep. The rooms beside it (plan, leaf, record, sweep, ...) work on it, and
// nodes and ops see it; what a user sees of it is the tape.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xgrad/core/expression/variable.hpp>
#include <xgrad/core/memory/arena.hpp>
#include <xgrad/core/tape/names.hpp>
#include <xgrad/core/tape/node.hpp>
#include <xgrad/core/tape/random.hpp>
#include <xgrad/core/tape/threads.hpp>

namespace xg::detail {

/// How much is on the tape.
struct place {
  arena::mark_type memory;
  std::size_t slots = 0, nodes = 0, owners = 0;
};

/// Where and when a leaf was made.
struct leaf_line {
  std::uint32_t id;
  std::source_location where;
};

/// The whole numbers of an index leaf.
struct index_leaf {
  std::uint32_t id;
  std::int64_t* data;
};

template <class T>
struct parameter_memory;

/// A leaf whose value is a parameter's.
template <class T>
struct borrowed_leaf {
  std::shared_ptr<parameter_memory<T>> memory;
  std::uint32_t id;
  std::uint64_t version;  // of the parameter, as far as the tape has noticed its changes
  bool frozen;            // a constant
};

/// An adjoint that nodes are not to see while a limited sweep runs.
template <class T>
struct hidden_adjoint {
  slot<T>* of;
  T* adjoint;
};

template <class T>
struct ledger {
  explicit ledger(tape<T>& t) : face(&t) {}
  ~ledger() { forget_owners(0); }
  ledger(const ledger&) = delete;
  ledger& operator=(const ledger&) = delete;

  tape<T>* const face;

  // ---- What was recorded
  arena memory;
  stable_vector<slot<T>> slots;
  stable_vector<node<T>*> nodes;
  std::vector<node<T>*> owners;            // nodes to destroy
  std::vector<slot<T>*> set_leaves;        // since the last replay, as far as nodes were there
  stable_vector<leaf_line> leaves;         // in order of their ids
  stable_vector<index_leaf> index_leaves;  // in order of their ids
  std::vector<borrowed_leaf<T>> borrowed;
  variable_names names;  // what variables are called
  std::uint32_t generation = 1, cleared = 0;

  // ---- How it is being recorded
  std::source_location line{};  // the user's, of the statement being recorded; see line_scope
  bool line_pinned = false;
  bool gradients = true;          // see gradient_scope
  bool anomaly = false;           // every value and adjoint is checked
  draw_places* places = nullptr;  // of the checkpoint that is being computed
  bool recomputes = false;        // it was computed before, for the same values: nothing is stored
  thread_pool* pool = nullptr;    // the user's, who keeps it

  // ---- The last sweep
  std::uint32_t sweep = 0;  // its number
  std::vector<char> asked;  // the slots whose adjoints it was for, if it was limited
  bool sweep_failed = false, limited = false;
  bool replaying = false;                 // what a node finds when it runs is up to date, whatever was set
  std::vector<hidden_adjoint<T>> hidden;  // while it runs

  // ---- Handles

  slot<T>* find(const var<T>& v) {
    if (v.ledger_ != this || v.id_ >= slots.size()) return nullptr;
    slot<T>& s = slots[v.id_];
    return s.generation == v.generation_ ? &s : nullptr;
  }
  /// Throws tape_error for a handle that is no variable of this tape.
  slot<T>& get(const var<T>& v, const char* op, const std::source_location& where) {
    if (slot<T>* s = find(v)) return *s;
    throw_wrong_handle(v, op, where);
  }
  /// The slot of an operand; a plain number becomes a constant. Throws tape_error for any other handle without a slot
  /// here.
  slot<T>* slot_of(const var<T>& v, const std::source_location& where, const char* op = "statement") {
    if (slot<T>* s = find(v)) [[likely]]
      return s;
    return &get(v.is_number() ? number(v.item(), where) : v, op, where);
  }
  var<T> handle(const slot<T>& s) { return {this, s.id, s.generation}; }

  // ---- Recording

  /// A slot for `size` elements; the shape must live as long as the slot.
  slot<T>& new_slot(shape_view shape, std::size_t size, bool gradient) {
    slot<T>& s = bare_slot(shape, size);
    s.value = size == 1 ? &s.scalar_value : memory.array<T>(size, 64);
    s.adjoint = !gradient ? nullptr : size == 1 ? &s.scalar_adjoint : memory.array<T>(size, 64);
    return s;
  }
  /// The same for a value that lies in another slot's memory (or a parameter's).
  slot<T>& new_alias(shape_view shape, std::size_t size, T* value, bool gradient) {
    slot<T>& s = bare_slot(shape, size);
    s.value = value;
    s.adjoint = !gradient ? nullptr : size == 1 ? &s.scalar_adjoint : memory.array<T>(size, 64);
    return s;
  }
  /// A slot without memory.
  slot<T>& bare_slot(shape_view shape, std::size_t size) {
    slot<T>& s = slots.push();
    s.extents = shape.data();
    s.rank = std::uint32_t(shape.size());
    s.size = size;
    s.id = std::uint32_t(slots.size() - 1);
    s.generation = generation;
    s.sweep = 0;
    s.producer = s.outdated = 0;
    return s;
  }
  /// The shape, copied to the arena.
  shape_view own(const auto& shape) {
    auto* extents = memory.array<std::size_t>(shape.size());
    if (shape.size() == 2) {  // the usual case: a call of memmove takes longer
      extents[0] = shape[0], extents[1] = shape[1];
    } else {
      std::copy(shape.begin(), shape.end(), extents);
    }
    return {extents, shape.size()};
  }
  /// The whole numbers of an index leaf.
  std::int64_t* index_data(const slot<T>& s) const;
  /// A constant of one element.
  var<T> number(T x, const std::source_location& where);

  /// What long loops run on.
  xg::threads threads() const { return xg::threads(&pool); }

  // ---- Sweeping

  /// Called by a node before it contributes to an adjoint in the running sweep: true if it must assign (the first
  /// contribution, and the caller can assign), false if it must add.
  bool begin_adjoint(slot<T>& s, bool can_assign) {
    if (s.sweep == sweep) return false;
    s.sweep = sweep;
    if (!can_assign) std::fill_n(s.adjoint, s.size, T(0));
    return can_assign;
  }
  /// Throws tape_error if y was computed from a leaf that has been set since, and not replayed.
  void require_replayed(const slot<T>& y, const char* op, const std::source_location& where) {
    if (!borrowed.empty()) [[unlikely]]
      notice_changes();
    if (!set_leaves.empty() && y.producer != 0 && !replaying) [[unlikely]]
      find_outdated(y, op, where);
  }

  /// Takes parameters that were changed since it was called last for leaves that were set now.
  void notice_changes();

  // ---- Forgetting

  struct mark_type {
    const ledger* of = nullptr;
    place at;
    std::uint32_t cleared = 0, last_generation = 0;
  };
  mark_type mark() const;
  void rewind(const mark_type& mark, const std::source_location& where);
  void clear();
  place here() const { return {memory.mark(), slots.size(), nodes.size(), owners.size()}; }
  void forget_after(const place& p);
  void forget_owners(std::size_t keep);
  void forget_set_leaves();

  // ---- Messages

  void give_name(const var<T>& v, std::string_view name, const std::source_location& where);
  /// A slot for messages: `W (net.cpp:7)`, `v2 = W * v1 (net.cpp:9)`.
  std::string describe(const slot<T>& s) const;
  /// The same where what it is says enough: `the variable`, `the variable W`.
  std::string the_variable(const slot<T>& s) const;
  std::source_location line_of_leaf(const slot<T>& s) const;
  /// The user's line that made a variable.
  std::source_location line_of(const slot<T>& s) const {
    return s.producer != 0 ? nodes[s.producer - 1]->where : line_of_leaf(s);
  }
  [[noreturn]] void throw_wrong_handle(const var<T>& v, const char* op, const std::source_location& where) const;
  [[noreturn]] void throw_no_gradient(const char* op, const slot<T>& s, const std::source_location& where) const;
  void find_outdated(const slot<T>& y, const char* op, const std::source_location& where) const;
};

/// Forgets at its end what was recorded since its beginning, unless that is kept.
template <class T>
class attempt {
 public:
  explicit attempt(ledger<T>& l) : ledger_(l), before_(l.here()) {}
  ~attempt() {
    if (!kept_) ledger_.forget_after(before_);
  }
  attempt(const attempt&) = delete;
  attempt& operator=(const attempt&) = delete;
  template <class R>
  R keep(R result) {
    kept_ = true;
    return result;
  }

 private:
  ledger<T>& ledger_;
  place before_;
  bool kept_ = false;
};

/// While one of these lives, what is recorded belongs to this line of the user's. A pinned line holds for everything
/// below: a gradient's nodes belong to the statement they come from, whatever lines of an op record them.
template <class T>
class line_scope {
 public:
  line_scope(ledger<T>& l, const std::source_location& where, bool pin = false)
      : ledger_(l), line_before_(l.line), pinned_before_(l.line_pinned) {
    if (!l.line_pinned) l.line = where;
    if (pin) l.line_pinned = true;
  }
  ~line_scope() {
    ledger_.line = line_before_;
    ledger_.line_pinned = pinned_before_;
  }
  line_scope(const line_scope&) = delete;
  line_scope& operator=(const line_scope&) = delete;

 private:
  ledger<T>& ledger_;
  std::source_location line_before_;
  bool pinned_before_;
};

/// While one of these lives, new nodes get adjoints, or get none: their results are constants then.
template <class T>
class gradient_scope {
 public:
  gradient_scope(ledger<T>& l, bool flows) : ledger_(l), before_(std::exchange(l.gradients, flows)) {}
  ~gradient_scope() { ledger_.gradients = before_; }
  gradient_scope(const gradient_scope&) = delete;
  gradient_scope& operator=(const gradient_scope&) = delete;

 private:
  ledger<T>& ledger_;
  bool before_;
};

extern template struct ledger<float>;
extern template struct ledger<double>;

}  // namespace xg::detail
