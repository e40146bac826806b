#include <xgrad/nn/optim/optimiser.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <xgrad/nn/optim/pass_over.hpp>

namespace xg::nn {

namespace {

void require(bool holds, const std::string& op, const char* what, double is, const char* range,
             const std::source_location& where) {
  if (!holds)
    throw value_error(op + ": " + what + " is " + std::to_string(is) + "; it must be " + range + at_line(where));
}

}  // namespace

template <class T>
optimiser<T>::optimiser(const std::vector<named_parameter<T>>& of, detail::common_options options, std::size_t states,
                        const std::source_location& where)
    : options_(std::move(options)), base_lr_(options_.lr) {
  const std::string op = options_.name;
  const auto at_least_0 = [&](const char* what, double x) {
    require(x >= 0 && std::isfinite(x), op, what, x, "finite and not negative", where);
  };
  require(options_.lr > 0 && std::isfinite(options_.lr), op, "lr", options_.lr, "finite and positive", where);
  at_least_0("decay", options_.decay);
  at_least_0("clip_norm", options_.clip_norm);
  at_least_0("clip_value", options_.clip_value);
  detail::name_by_path(of);
  std::vector<const group*> group_of(of.size(), nullptr);
  for (const group& g : options_.groups) {
    at_least_0("a group's lr", g.lr.value_or(0));
    at_least_0("a group's decay", g.decay.value_or(0));
    for (std::size_t i : detail::matching(of, g.on, options_.name, where))
      if (!group_of[i]) group_of[i] = &g;
  }
  for (std::size_t i = 0; i < of.size(); ++i) {
    if (of[i].buffer) continue;
    target t{of[i], options_.lr, of[i].shape().size() >= 2 ? options_.decay : 0, {}};
    t.of.of = nullptr;  // the model may move
    if (const group* g = group_of[i]) {
      t.lr = g->lr.value_or(t.lr);
      t.decay = g->decay.value_or(t.decay);
    }
    t.state.resize(states * of[i].size(), T(0));
    targets_.push_back(std::move(t));
  }
  by_memory_.resize(targets_.size());
  for (std::size_t i = 0; i < targets_.size(); ++i) by_memory_[i] = i;
  std::sort(by_memory_.begin(), by_memory_.end(), [&](std::size_t a, std::size_t b) {
    return std::less<>()(targets_[a].of.memory.get(), targets_[b].of.memory.get());
  });
  // A weight that is in the model twice (tied) is one parameter.
  for (std::size_t i = 1; i < by_memory_.size(); ++i)
    if (targets_[by_memory_[i]].of.memory == targets_[by_memory_[i - 1]].of.memory)
      throw value_error(op + ": " + targets_[by_memory_[i]].of.path + " and " + targets_[by_memory_[i - 1]].of.path +
                        " are the same parameter" + at_line(where));
}

template <class T>
double optimiser<T>::lr() const {
  return options_.lr * (schedule_ ? schedule_(steps_) : 1);
}
template <class T>
void optimiser<T>::lr(double rate, const std::source_location& where) {
  require(rate >= 0 && std::isfinite(rate), options_.name, "lr", rate, "finite and not negative", where);
  options_.lr = rate;
}

template <class T>
void optimiser<T>::find_gradients(tape<T>& t, const std::source_location& where) {
  auto& l = t.ledger();
  const std::string op = options_.name;
  if (l.sweep == 0)
    throw tape_error(op + ": no backward has run on this tape; call t.backward(loss) first" + at_line(where));
  if (l.sweep_failed)
    throw tape_error(op + ": the last backward ended in an error, so that there are no gradients" + at_line(where));
  for (target& p : targets_) p.gradient = nullptr;
  bool on_tape = false;
  for (const auto& leaf : l.borrowed) {
    if (leaf.frozen) continue;
    const auto place = std::lower_bound(
        by_memory_.begin(), by_memory_.end(), leaf.memory.get(),
        [&](std::size_t i, const auto* memory) { return std::less<>()(targets_[i].of.memory.get(), memory); });
    if (place == by_memory_.end() || targets_[*place].of.memory != leaf.memory) continue;
    on_tape = true;
    target& p = targets_[*place];
    if (leaf.version != leaf.memory->version)
      throw tape_error(op + ": " + p.of.path +
                       " was changed since the gradients were computed; call t.replay() and t.backward(loss) first" +
                       at_line(where));
    const slot<T>& s = l.slots[leaf.id];
    if (s.adjoint && s.sweep == l.sweep) p.gradient = s.adjoint;
  }
  if (!on_tape)
    throw tape_error(op +
                     ": none of its parameters is on this tape as a variable; was the optimiser made for another model "
                     "(a copy, say), or is all frozen?" +
                     at_line(where));
}

template <class T>
double optimiser<T>::scale_for_norm() {
  norm_ = 0;
  if (options_.clip_norm == 0) return 1;
  const double limit = options_.clip_value > 0 ? options_.clip_value : std::numeric_limits<double>::infinity();
  double squares = 0;
  for (const target& p : targets_)
    if (p.gradient) squares += detail::sum_of_squares(p.gradient, p.of.size(), limit);
  norm_ = std::sqrt(squares);
  return norm_ > options_.clip_norm ? options_.clip_norm / (norm_ + 1e-6) : 1;  // PyTorch's 1e-6
}

template <class T>
void optimiser<T>::change_parameters() {
  const double scale = scale_for_norm(), factor = lr() / base_lr_;
  const double limit = options_.clip_value > 0 ? options_.clip_value : std::numeric_limits<double>::infinity();
  for (target& p : targets_) {
    if (!p.gradient) continue;
    ++p.of.memory->version;
    update(p.of.memory->value, p.gradient, p.state.data(), p.of.size(),
           {p.lr * factor, p.decay, scale, limit, ++p.steps, &p.kept});
  }
  ++steps_;
}

template <class T>
void optimiser<T>::step(tape<T>& t, const std::source_location& where) {
  find_gradients(t, where);
  change_parameters();
}

template <class T>
void optimiser<T>::add(tape<T>& t, double weight, const std::source_location& where) {
  find_gradients(t, where);
  added_ += weight;
  for (target& p : targets_) {
    if (!p.gradient) continue;
    p.sum.resize(p.of.size(), T(0));
    for (std::size_t i = 0; i < p.sum.size(); ++i) p.sum[i] += T(weight) * p.gradient[i];
  }
}

template <class T>
void optimiser<T>::step(const std::source_location& where) {
  if (added_ == 0)
    throw tape_error(std::string(options_.name) + ": no gradients were added; call add(t) first" + at_line(where));
  for (target& p : targets_) {
    for (T& g : p.sum) g /= T(added_);
    p.gradient = p.sum.empty() ? nullptr : p.sum.data();
  }
  change_parameters();
  for (target& p : targets_) p.sum.clear();
  added_ = 0;
}

template <class T>
void optimiser<T>::visit_memory(optimiser_memory& m) {
  m("lr", options_.lr);
  m("steps", steps_);
  for (target& p : targets_) {
    m(p.of.path + ":steps", p.steps);
    m(p.of.path + ":kept", p.kept);
    m(p.of.path, p.state);
  }
}

template <class T>
T optimiser<T>::step(tape<T>& t, const var<T>& loss, const std::source_location& where) {
  t.backward(loss, where);
  const T before = loss.item(where);
  step(t, where);
  return before;
}

template <class T>
void optimiser<T>::gather_gradients(tape<T>& t, std::vector<T>& to, const std::source_location& where) {
  find_gradients(t, where);
  to.clear();
  for (const target& p : targets_)
    if (p.gradient)
      to.insert(to.end(), p.gradient, p.gradient + p.of.size());
    else
      to.insert(to.end(), p.of.size(), T(0));
}
template <class T>
void optimiser<T>::gather_values(std::vector<T>& to) const {
  to.clear();
  for (const target& p : targets_) to.insert(to.end(), p.of.memory->value, p.of.memory->value + p.of.size());
}
template <class T>
void optimiser<T>::set_values(const std::vector<T>& from) {
  auto at = from.begin();
  for (const target& p : targets_) {
    ++p.of.memory->version;
    std::copy_n(at, p.of.size(), p.of.memory->value);
    at += std::ptrdiff_t(p.of.size());
  }
}

template class optimiser<float>;
template class optimiser<double>;

}  // namespace xg::nn
