#include <xgrad/nn/optim/lbfgs.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

#include <xgrad/nn/optim/line_search.hpp>

namespace xg::nn {

namespace {

template <class T>
double dot(const std::vector<T>& a, const std::vector<T>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += double(a[i]) * double(b[i]);
  return sum;
}
template <class T>
void add(std::vector<T>& a, double factor, const std::vector<T>& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] += T(factor) * b[i];
}
template <class T>
double largest(const std::vector<T>& a) {
  double m = 0;
  for (const T x : a) m = std::max(m, std::abs(double(x)));
  return m;
}

}  // namespace

template <class T>
struct lbfgs<T>::memory {
  struct change {
    std::vector<T> y, s;  // of the gradient, of the parameters
    double ro = 0, alpha = 0;
  };
  lbfgs_options options;
  std::vector<T> start, x, g, g_before, direction;
  std::vector<change> changes;  // a ring: `first` is the oldest
  change spare;
  std::size_t first = 0, count = 0;
  double length = 0, diagonal = 1;
  bool any = false, converged = false;

  change& at(std::size_t i) { return changes[(first + i) % changes.size()]; }

  /// Takes in the last step.
  void remember() {
    change& next = spare;
    next.y = g;
    next.s = direction;
    add(next.y, -1, g_before);
    for (T& s : next.s) s *= T(length);
    const double ys = dot(next.y, next.s);
    if (!(ys > 1e-10)) return;
    next.ro = 1 / ys;
    diagonal = ys / dot(next.y, next.y);
    if (count == changes.size())
      first = (first + 1) % changes.size();
    else
      ++count;
    std::swap(at(count - 1), next);
  }
  /// minus the approximate inverse Hessian times g, by the two loops of Nocedal.
  void find_direction() {
    direction.resize(g.size());
    std::transform(g.begin(), g.end(), direction.begin(), [](T v) { return -v; });
    for (std::size_t i = count; i-- > 0;) {
      at(i).alpha = at(i).ro * dot(at(i).s, direction);
      add(direction, -at(i).alpha, at(i).y);
    }
    for (T& d : direction) d *= T(diagonal);
    for (std::size_t i = 0; i < count; ++i) add(direction, at(i).alpha - at(i).ro * dot(at(i).y, direction), at(i).s);
  }
};

template <class T>
lbfgs<T>::lbfgs(const std::vector<named_parameter<T>>& of, const lbfgs_options& o, const std::source_location& where)
    : optimiser<T>(of, {"lbfgs", o.lr, 0, 0, 0, {}}, 0, where), memory_(std::make_unique<memory>()) {
  if (o.history == 0) throw value_error("lbfgs: the history is 0; it must be at least 1" + at_line(where));
  memory_->options = o;
  memory_->changes.resize(o.history);
}
template <class T>
lbfgs<T>::~lbfgs() = default;
template <class T>
bool lbfgs<T>::converged() const {
  return memory_->converged;
}

template <class T>
void lbfgs<T>::update(T*, const T*, T*, std::size_t, const detail::rates&) {
  throw value_error("lbfgs: its line search needs the loss; write opt.step(t, loss)");
}

template <class T>
T lbfgs<T>::step(tape<T>& t, const var<T>& loss, const std::source_location& where) {
  memory& m = *memory_;
  const auto evaluate = [&] {
    t.backward(loss, where);
    this->gather_gradients(t, m.g, where);
    return double(loss.item(where));
  };
  const double f = evaluate();
  this->count_step();
  m.converged = largest(m.g) <= m.options.tolerance_grad;
  if (m.converged) return T(f);
  const bool first = !std::exchange(m.any, true);
  if (!first) m.remember();
  m.find_direction();
  m.g_before = m.g;
  double l1 = 0;
  for (const T g : m.g) l1 += std::abs(double(g));
  const double try_first = first ? std::min(1.0, 1 / l1) * this->lr() : this->lr(), slope = dot(m.g, m.direction);
  if (!(slope <= -m.options.tolerance_change)) {
    m.length = 0;
    m.converged = true;
    return T(f);
  }
  this->gather_values(m.start);
  const auto move_to = [&](double length) {
    m.x = m.start;
    add(m.x, length, m.direction);
    this->set_values(m.x);
    t.replay();
  };
  const detail::trial found = detail::strong_wolfe(
      [&](double length) {
        move_to(length);
        const double now = evaluate();
        return detail::trial{length, now, dot(m.g, m.direction)};
      },
      {0, f, slope}, try_first, largest(m.direction), m.options.tolerance_change);
  move_to(found.t);
  m.length = found.t;
  m.converged = largest(m.direction) * std::abs(found.t) <= m.options.tolerance_change;
  return T(f);
}

template <class T>
void lbfgs<T>::visit_memory(optimiser_memory& m) {
  optimiser<T>::visit_memory(m);
  memory& own = *memory_;
  m("lbfgs:count", own.count);
  if (own.count > own.changes.size())
    throw value_error("an optimiser's memory: its history is longer than " + std::to_string(own.changes.size()));
  if (m.reads()) own.first = 0;
  for (std::size_t i = 0; i < own.count; ++i) {
    const std::string name = "lbfgs:" + std::to_string(i);
    m(name + ":y", own.at(i).y, true);
    m(name + ":s", own.at(i).s, true);
    m(name + ":ro", own.at(i).ro);
  }
  m("lbfgs:g", own.g_before, true);
  m("lbfgs:direction", own.direction, true);
  m("lbfgs:length", own.length);
  m("lbfgs:diagonal", own.diagonal);
  m("lbfgs:any", own.any);
  m("lbfgs:converged", own.converged);
  if (!m.reads()) return;
  // A damaged file must not bring vectors of different lengths together.
  std::vector<T> numbers;
  this->gather_values(numbers);
  const auto require = [&](const std::vector<T>& x) {
    if (x.size() != numbers.size())
      throw value_error("an optimiser's memory: of lbfgs; a vector has " + std::to_string(x.size()) +
                        " numbers, the model " + std::to_string(numbers.size()));
  };
  for (std::size_t i = 0; i < own.count; ++i) require(own.at(i).y), require(own.at(i).s);
  if (own.any) require(own.g_before), require(own.direction);
}

template class lbfgs<float>;
template class lbfgs<double>;

}  // namespace xg::nn
