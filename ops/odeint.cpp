#include <xgrad/ops/odeint.hpp>

#include <xgrad/core/derivative/function_run.hpp>
#include <xgrad/core/derivative/rerun.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/join.hpp>
#include <xgrad/ops/runge_kutta.hpp>
#include <xgrad/ops/view.hpp>

namespace xg::detail {

namespace {

template <class T>
const slot<T>& checked_slope(ledger<T>& l, const var<T>& slope, shape_view of, const std::source_location& where) {
  const slot<T>& s = *l.slot_of(slope, where, "odeint");
  if (!(s.shape() == of))
    throw shape_error("odeint: f returned shape " + to_string(s.shape()) + " for y of shape " + to_string(of) +
                      "; they must be equal" + at_line(where));
  return s;
}

/// Steps are recorded.
template <class T>
struct on_tape {
  using state = var<T>;
  ledger<T>& l;
  const ode_function<T>& f;
  std::span<const var<T>> xs;
  std::source_location where;

  state rhs(double t, const state& y) const {
    return l.handle(checked_slope<T>(l, f(l.face->constant(T(t), where), y, xs), shape_t(y.shape()), where));
  }
  state combine(const state& y, double h, std::span<const double> w, const std::vector<state>& k) const {
    state sum = y;
    for (std::size_t s = 0; s < w.size(); ++s)
      if (w[s] != 0) sum = sum + T(h * w[s]) * k[s];
    return sum;
  }
  std::span<const T> values(const state& y) const {
    const slot<T>& s = *l.find(y);
    return {s.value, s.size};
  }
  attempt<T> trial() const { return attempt<T>(l); }
};

/// Steps are computed on numbers; f was recorded once and runs again.
template <class T>
class on_numbers {
 public:
  using state = std::vector<T>;
  on_numbers(ledger<T>& l, const ode_function<T>& f, const var<T>& y0, std::span<const var<T>> xs,
             const std::source_location& where)
      : ledger_(l) {
    const var<T> t = l.face->constant(T(0), where), y = l.face->constant(y0.value(), where);
    inputs_ = {&l.get(t, "odeint", where), &l.get(y, "odeint", where)};
    const std::size_t first = l.nodes.size();
    slope_ = &checked_slope<T>(l, f(t, y, xs), inputs_[1]->shape(), where);
    run_ = rerun<T>(l, inputs_, first);
  }
  state rhs(double t, const state& y) {
    *inputs_[0]->value = T(t);
    std::ranges::copy(y, inputs_[1]->value);
    run_(ledger_);
    return state(slope_->value, slope_->value + slope_->size);
  }
  state combine(const state& y, double h, std::span<const double> w, const std::vector<state>& k) const {
    state sum = y;
    for (std::size_t s = 0; s < w.size(); ++s)
      if (w[s] != 0)
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += T(h * w[s]) * k[s][i];
    return sum;
  }
  std::span<const T> values(const state& y) const { return y; }
  struct nothing_to_undo {
    void keep(int) const {}
  };
  nothing_to_undo trial() const { return {}; }

 private:
  ledger<T>& ledger_;
  std::array<slot<T>*, 2> inputs_{};
  const slot<T>* slope_ = nullptr;
  rerun<T> run_;
};

/// The adjoint method. xs: y0, then what the user gives.
template <class T>
struct ode_problem {
  ode_function<T> f;
  std::vector<double> times;
  ode_options options;
  std::source_location where;

  const char* name() const { return "odeint"; }

  var<T> compute(ledger<T>& l, const std::vector<var<T>>& xs) {
    on_numbers<T> algebra(l, f, xs[0], std::span(xs).subspan(1), where);
    const auto y0 = xs[0].value();
    const auto states =
        runge_kutta<T, on_numbers<T>>(algebra, times, options, where).run(std::vector<T>(y0.begin(), y0.end()));
    std::vector<std::size_t> shape{times.size()};
    for (const std::size_t extent : xs[0].shape()) shape.push_back(extent);
    xt::xarray<T> all = xt::xarray<T>::from_shape(shape);
    auto to = all.begin();
    for (const std::vector<T>& y : states) to = std::ranges::copy(y, to).out;
    return l.face->constant(all, where);
  }

  // With a = dL/dy and q = dL/dx, backwards in time: dy/dt = f, da/dt = -(∂f/∂y)ᵀ a, dq/dt = -(∂f/∂x)ᵀ a.
  std::vector<var<T>> transposed(ledger<T>& l, const std::vector<var<T>>& xs, const var<T>& y, const var<T>& g,
                                 const std::vector<var<T>>& wanted) {
    const shape_t shape(xs[0].shape());
    const auto flat = [](const var<T>& v) { return var<T>(reshape(v, {-1})); };
    std::vector<shape_t> shapes{shape, shape};
    for (const var<T>& w : wanted) shapes.push_back(shape_t(w.shape()));
    const auto parts_of = [shapes](const var<T>& s) {
      std::vector<var<T>> parts;
      std::ptrdiff_t at = 0;
      for (const shape_t& part : shapes) {
        const auto n = std::ptrdiff_t(count_of(part));
        parts.push_back(reshape(view(s, {xt::range(at, at + n)}), part));
        at += n;
      }
      return parts;
    };
    const auto backwards = [f = f, xs, wanted, parts_of, flat, where = where](const var<T>& t, const var<T>& s,
                                                                              std::span<const var<T>>) -> var<T> {
      ledger<T>& ledger = s.ledger();
      const std::vector<var<T>> parts = parts_of(s);
      const std::size_t first = ledger.nodes.size();
      const var<T> slope = [&] {
        const gradient_scope flow(ledger, true);
        return ledger.handle(*ledger.slot_of(f(t, parts[0], std::span(xs).subspan(1)), where, "odeint"));
      }();
      std::vector<var<T>> by{parts[0]};
      by.insert(by.end(), wanted.begin(), wanted.end());
      std::vector<var<T>> slopes{flat(slope)};
      for (const var<T>& d : gradient<T>(slope, &parts[1], by, where, first)) slopes.push_back(flat(-d));
      return concatenate(slopes);
    };
    const std::ptrdiff_t last = std::ptrdiff_t(times.size()) - 1;
    std::vector<var<T>> state(shapes.size());
    state[1] = view(g, {last});
    for (std::size_t k = 2; k < shapes.size(); ++k) state[k] = filled(l, T(0), shapes[k], where);
    for (std::ptrdiff_t i = last; i > 0; --i) {
      state[0] = view(y, {i});
      std::vector<var<T>> all;
      for (const var<T>& part : state) all.push_back(flat(part));
      const var<T> start = concatenate(all);
      const std::vector<double> span{times[std::size_t(i)], times[std::size_t(i) - 1]};
      const var<T> both = record_function<T>(l, ode_problem{backwards, span, options, where}, {&start, 1}, where);
      state = parts_of(view(both, {-1}));
      state[1] = add(state[1], var<T>(view(g, {i - 1})));
    }
    std::vector<var<T>> d;
    for (std::size_t k = 0; k < wanted.size(); ++k)
      d.push_back(wanted[k].id() == xs[0].id() ? add(state[k + 2], state[1]) : state[k + 2]);
    return d;
  }
};

void check(std::span<const double> times, ode_options& options, bool is_double, const std::source_location& where) {
  if (options.rtol == 0) options.rtol = is_double ? 1e-8 : 1e-4;
  if (options.atol == 0) options.atol = is_double ? 1e-10 : 1e-6;
  if (!(options.rtol > 0 && options.atol > 0 && options.steps > 0 && options.max_steps > 0))
    throw value_error("odeint: rtol, atol, steps and max_steps must be positive" + at_line(where));
  if (times.empty()) throw value_error("odeint: there are no times; the first is that of y0" + at_line(where));
  for (std::size_t k = 0; k < times.size(); ++k) {
    const bool in_order = k < 2 || (times[k] > times[k - 1]) == (times[1] > times[0]);
    if (!std::isfinite(times[k]) || (k > 0 && (times[k] == times[k - 1] || !in_order)))
      throw value_error("odeint: time " + std::to_string(k) + ", " + std::to_string(times[k]) +
                        ", is out of order: times must rise, or fall, from each to the next, and be finite" +
                        at_line(where));
  }
}

}  // namespace

template <class T>
var<T> record_ode(ode_function<T> f, const var<T>& y0, std::span<const double> times, std::span<const var<T>> xs,
                  const ode_options& options, const std::source_location& where) {
  ode_options checked = options;
  check(times, checked, std::same_as<T, double>, where);
  ledger<T>& l = y0.ledger(where);
  attempt recording(l);
  if (checked.adjoint) {
    std::vector<var<T>> all{y0};
    all.insert(all.end(), xs.begin(), xs.end());
    ode_problem<T> problem{std::move(f), {times.begin(), times.end()}, checked, where};
    return recording.keep(record_function<T>(l, std::move(problem), all, where));
  }
  on_tape<T> algebra{l, f, xs, where};
  const std::vector<var<T>> states = runge_kutta<T, on_tape<T>>(algebra, times, checked, where).run(y0);
  return recording.keep(record_join<T>(joint::new_axis, states, 0, where));
}

template var<float> record_ode(ode_function<float>, const var<float>&, std::span<const double>,
                               std::span<const var<float>>, const ode_options&, const std::source_location&);
template var<double> record_ode(ode_function<double>, const var<double>&, std::span<const double>,
                                std::span<const var<double>>, const ode_options&, const std::source_location&);

}  // namespace xg::detail
