#include <xgrad/core/derivative/checkpoint.hpp>

#include <algorithm>
#include <utility>

#include <xgrad/core/derivative/forward.hpp>
#include <xgrad/core/derivative/function_run.hpp>

namespace xg::detail {

namespace {

template <class T>
class checkpoint_node final : public node<T> {
 public:
  static constexpr bool owns_memory = true;
  checkpoint_node(checkpointed_function<T> f, std::size_t xs, first_run<T> run)
      : f_(std::move(f)), xs_(xs), run_(std::move(run)) {}

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
    const computing<T> once(l, run_.places, false);
    std::copy_n(record(l).value, this->out->size, this->out->value);
  }

  // What f records uses the inputs' own slots, in a sweep of the same number, so that its contributions go where they
  // belong as if it had been there all the time.
  void backward(ledger<T>& l) override {
    const attempt scratch(l);
    const computing<T> again(l, run_.places, true);
    const std::size_t first = l.nodes.size();
    slot<T>& y = record(l);
    if (!y.adjoint) return;
    const bool assign = l.begin_adjoint(y, true);
    for (std::size_t i = 0; i < y.size; ++i) y.adjoint[i] = this->out->adjoint[i] + (assign ? T(0) : y.adjoint[i]);
    for (std::size_t n = l.nodes.size(); n-- > first;) {
      if (l.nodes[n]->out->sweep != l.sweep) continue;
      l.nodes[n]->backward(l);
      if (l.anomaly) check_backward(l, *l.nodes[n]);
    }
  }

  // What was computed before f, one input from another say, is not f's: only what it records is looked at.
  void record_backward(ledger<T>& l, adjoint_vars<T>& adjoints) override {
    const computing<T> again(l, run_.places, true);
    const std::size_t first = l.nodes.size();
    const var<T> y = l.handle(record(l)), g = adjoints.of(*this->out);
    std::vector<var<T>> wanted;
    std::vector<const slot<T>*> slots;
    for (const slot<T>* s : run_.inputs) {
      if (!adjoints.wants(*s) || std::ranges::find(slots, s) != slots.end()) continue;
      wanted.push_back(l.handle(*s));
      slots.push_back(s);
    }
    const std::vector<var<T>> d = gradient<T>(y, &g, wanted, this->where, first);
    for (std::size_t k = 0; k < d.size(); ++k) adjoints.add(*slots[k], d[k]);
  }

  void record_forward(ledger<T>& l, tangent_vars<T>& tangents) override {
    const computing<T> again(l, run_.places, true);
    const std::size_t first = l.nodes.size();
    const var<T> y = l.handle(record(l));
    std::vector<var<T>> moving;
    std::vector<tangent<T>> by;
    std::vector<const slot<T>*> slots;
    for (const slot<T>* s : run_.inputs) {
      if (const var<T>& u = tangents.of(*s); u.valid() && std::ranges::find(slots, s) == slots.end()) {
        slots.push_back(s);
        moving.push_back(l.handle(*s));
        by.emplace_back(u, this->where);
      }
    }
    tangents.add(*this->out, jvp<T>({&y, 1}, moving, by, this->where, first).front());
  }

  std::span<slot<T>* const> inputs() const override { return run_.inputs; }
  std::string text(const variable_names& names) const override { return this->call_text("checkpoint", names); }
  void destroy() override { this->~checkpoint_node(); }

 private:
  // f, recorded at the end of the tape.
  slot<T>& record(ledger<T>& l) {
    const gradient_scope flow(l, true);  // also where the gradient is asked for in a no_gradient_scope
    std::vector<var<T>> xs;
    for (std::size_t k = 0; k < xs_; ++k) xs.push_back(l.handle(*run_.inputs[k]));
    slot<T>& y = l.get(f_(xs), "checkpoint", this->where);
    if (!(y.shape() == this->out->shape()))
      throw shape_error("checkpoint: the function gave a result of shape " + to_string(this->out->shape()) +
                        " first and one of " + to_string(y.shape()) +
                        " when it was called again; it must record the same each time" + at_line(this->where));
    return y;
  }

  checkpointed_function<T> f_;
  std::size_t xs_;
  first_run<T> run_;
  bool is_new_ = true;
};

}  // namespace

template <class T>
var<T> checkpoint(checkpointed_function<T> f, std::span<const var<T>> xs, const std::source_location& where) {
  ledger<T>& l = ledger_of_list(xs, "checkpoint", where);
  attempt recording(l);
  std::vector<var<T>> inputs;
  for (const var<T>& x : xs) inputs.push_back(l.handle(*l.slot_of(x, where, "checkpoint")));
  first_run<T> run = run_first<T>(
      l, [&] { return f(inputs); }, inputs, "checkpoint", where);
  return recording.keep(
      l.handle(*push_node<checkpoint_node<T>>(l, where, std::move(f), xs.size(), std::move(run)).out));
}

template var<float> checkpoint(checkpointed_function<float>, std::span<const var<float>>, const std::source_location&);
template var<double> checkpoint(checkpointed_function<double>, std::span<const var<double>>,
                                const std::source_location&);

}  // namespace xg::detail
