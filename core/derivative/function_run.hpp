// Functions of the user's that a node calls again, when it is replayed and when it is differentiated: checkpoint,
// fixed_point, root, odeint. For their own files only.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <xgrad/core/derivative/gradient.hpp>
#include <xgrad/core/tape/borrow.hpp>

namespace xg::detail {

/// While one of these lives, draws take their places from a list, and `store` stores or does not.
template <class T>
class computing {
 public:
  computing(ledger<T>& l, draw_places& places, bool again)
      : ledger_(l), places_before_(l.places), recomputes_before_(l.recomputes) {
    places.start(l.places);
    l.places = &places;
    l.recomputes |= again;
  }
  ~computing() {
    ledger_.places = places_before_;
    ledger_.recomputes = recomputes_before_;
  }
  computing(const computing&) = delete;
  computing& operator=(const computing&) = delete;

 private:
  ledger<T>& ledger_;
  draw_places* places_before_;
  bool recomputes_before_;
};

/// What is known of a function from recording it once.
template <class T>
struct first_run {
  std::vector<slot<T>*> inputs;  // first the xs, then what f captures
  shape_t shape;
  std::vector<T> value;
  draw_places places;
};

/// Records f() on scratch. Parameters that it borrows are borrowed before it, so that they are on the tape when it is
/// not.
template <class T>
first_run<T> run_first(ledger<T>& l, const std::function<var<T>()>& f, std::span<const var<T>> xs, const char* op,
                       const std::source_location& where) {
  first_run<T> run;
  std::vector<borrowed_leaf<T>> borrowed;
  do {
    for (const borrowed_leaf<T>& b : borrowed) borrow(l, b.memory, !b.frozen, where);
    const attempt scratch(l);
    const place before = l.here();
    const std::size_t borrowed_before = l.borrowed.size();
    run = {};
    const computing<T> once(l, run.places, false);
    const slot<T>& y = *l.slot_of(f(), where, op);
    borrowed.assign(l.borrowed.begin() + std::ptrdiff_t(borrowed_before), l.borrowed.end());
    run.shape = shape_t(y.shape());
    run.value.assign(y.value, y.value + y.size);
    for (const var<T>& x : xs) run.inputs.push_back(&l.get(x, op, where));
    const auto use = [&](slot<T>* s) {
      if (s->id < before.slots && std::ranges::find(run.inputs, s) == run.inputs.end()) run.inputs.push_back(s);
    };
    for (std::size_t n = before.nodes; n < l.nodes.size(); ++n) std::ranges::for_each(l.nodes[n]->inputs(), use);
    use(&l.get(l.handle(y), op, where));
  } while (!borrowed.empty());
  return run;
}

/// A node whose value a Problem computes by calling a function: `var<T> compute(l, xs)`, on scratch, and whose gradient
/// it records: `std::vector<var<T>> transposed(l, xs, y, g, wanted)`, for each variable that is wanted. The xs are what
/// was given; what the function captures is wanted too.
template <class T, class Problem>
class function_node final : public node<T> {
 public:
  static constexpr bool owns_memory = true;
  function_node(Problem problem, std::size_t xs, first_run<T> run)
      : problem_(std::move(problem)), xs_(xs), run_(std::move(run)) {}

  slot<T>& prepare(ledger<T>& l, bool gradient) {
    return l.new_slot(l.own(run_.shape), count_of(run_.shape), gradient);
  }

  void forward(ledger<T>& l) override {
    if (std::exchange(is_new_, false)) {
      std::ranges::copy(run_.value, this->out->value);
      run_.value = {};
      return;
    }
    const attempt scratch(l);
    ++run_.places.round;
    const computing<T> again(l, run_.places, true);
    const slot<T>& y = *l.slot_of(problem_.compute(l, xs(l)), this->where);
    if (!(y.shape() == this->out->shape()))
      throw shape_error(std::string(problem_.name()) + ": the result had shape " + to_string(this->out->shape()) +
                        " first and " + to_string(y.shape()) + " when it was computed again" + at_line(this->where));
    std::copy_n(y.value, y.size, this->out->value);
  }

  void backward(ledger<T>& l) override {
    const attempt scratch(l);
    const line_scope line(l, this->where, true);
    slot<T>& g = l.new_slot(this->out->shape(), this->out->size, false);
    std::copy_n(this->out->adjoint, g.size, g.value);
    std::vector<slot<T>*> slots;
    for (slot<T>* s : run_.inputs)
      if (s->adjoint && std::ranges::find(slots, s) == slots.end()) slots.push_back(s);
    const std::vector<var<T>> d = transposed(l, l.handle(g), slots);
    for (std::size_t k = 0; k < d.size(); ++k) {
      const slot<T>& from = *l.find(d[k]);
      slot<T>& to = *slots[k];
      const bool assign = l.begin_adjoint(to, true);
      for (std::size_t i = 0; i < to.size; ++i) to.adjoint[i] = assign ? from.value[i] : to.adjoint[i] + from.value[i];
    }
  }

  void record_backward(ledger<T>& l, adjoint_vars<T>& adjoints) override {
    std::vector<slot<T>*> slots;
    for (slot<T>* s : run_.inputs)
      if (adjoints.wants(*s) && std::ranges::find(slots, s) == slots.end()) slots.push_back(s);
    const std::vector<var<T>> d = transposed(l, adjoints.of(*this->out), slots);
    for (std::size_t k = 0; k < d.size(); ++k) adjoints.add(*slots[k], d[k]);
  }

  std::span<slot<T>* const> inputs() const override { return run_.inputs; }
  std::string text(const variable_names& names) const override { return this->call_text(problem_.name(), names); }
  void destroy() override { this->~function_node(); }

 private:
  std::vector<var<T>> xs(ledger<T>& l) const {
    std::vector<var<T>> list;
    for (std::size_t k = 0; k < xs_; ++k) list.push_back(l.handle(*run_.inputs[k]));
    return list;
  }
  std::vector<var<T>> transposed(ledger<T>& l, const var<T>& g, std::span<slot<T>* const> slots) {
    const computing<T> again(l, run_.places, true);
    std::vector<var<T>> wanted;
    for (const slot<T>* s : slots) wanted.push_back(l.handle(*s));
    return problem_.transposed(l, xs(l), l.handle(*this->out), g, wanted);
  }

  Problem problem_;
  std::size_t xs_;
  first_run<T> run_;
  bool is_new_ = true;
};

/// Solves a Problem and puts its node on the tape. At least one x is a variable, or l is given for one that has none.
template <class T, class Problem>
var<T> record_function(ledger<T>& l, Problem problem, std::span<const var<T>> xs, const std::source_location& where) {
  attempt recording(l);
  std::vector<var<T>> inputs;
  for (const var<T>& x : xs) inputs.push_back(l.handle(*l.slot_of(x, where, problem.name())));
  first_run<T> run = run_first<T>(
      l, [&] { return problem.compute(l, inputs); }, inputs, problem.name(), where);
  return recording.keep(
      l.handle(*push_node<function_node<T, Problem>>(l, where, std::move(problem), inputs.size(), std::move(run)).out));
}

/// The ledger of the first variable among the xs. Throws tape_error.
template <class T>
ledger<T>& ledger_of_list(std::span<const var<T>> xs, const char* op, const std::source_location& where) {
  const auto on_tape = std::ranges::find_if(xs, [](const var<T>& x) { return !x.is_number(); });
  if (on_tape == xs.end())
    throw tape_error(std::string(op) + ": none of the operands is a variable; at least one must be" + at_line(where));
  return on_tape->ledger(where);
}

}  // namespace xg::detail
