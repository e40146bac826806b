#include <xgrad/core/derivative/equation_solver.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include <xgrad/core/derivative/gradient.hpp>

namespace xg::detail {

namespace {

std::string short_text(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", x);
  return text;
}

// NaN, where there is one.
template <class V>
double largest(const V& v, std::size_t n) {
  double most = 0;
  for (std::size_t i = 0; i < n; ++i)
    if (const double x = std::abs(double(v[i])); !(x <= most)) most = x;
  return most;
}

}  // namespace

// Gaussian elimination with partial pivoting (Golub and Van Loan, algorithm 3.4.1).
template <class T>
bool solve_linear(std::vector<T>& a, std::vector<T>& b) {
  const std::size_t n = b.size();
  const double tiny = largest(a, a.size()) * double(n) * double(std::numeric_limits<T>::epsilon());
  for (std::size_t k = 0; k < n; ++k) {
    std::size_t pivot = k;
    for (std::size_t i = k + 1; i < n; ++i)
      if (std::abs(a[i * n + k]) > std::abs(a[pivot * n + k])) pivot = i;
    if (!(std::abs(double(a[pivot * n + k])) > tiny)) return false;
    if (pivot != k) {
      std::swap_ranges(a.begin() + std::ptrdiff_t(k * n), a.begin() + std::ptrdiff_t(k * n + n),
                       a.begin() + std::ptrdiff_t(pivot * n));
      std::swap(b[k], b[pivot]);
    }
    for (std::size_t i = k + 1; i < n; ++i) {
      const T factor = a[i * n + k] / a[k * n + k];
      if (factor == 0) continue;
      for (std::size_t j = k + 1; j < n; ++j) a[i * n + j] -= factor * a[k * n + j];
      b[i] -= factor * b[k];
    }
  }
  for (std::size_t k = n; k-- > 0;) {
    for (std::size_t j = k + 1; j < n; ++j) b[k] -= a[k * n + j] * b[j];
    b[k] /= a[k * n + k];
  }
  return true;
}

template <class T>
equation_solver<T>::equation_solver(ledger<T>& l, equation kind, const std::function<var<T>(const var<T>&)>& f,
                                    const xt::xarray<T>& start, const solve_options& options,
                                    const std::source_location& where)
    : ledger_(l), kind_(kind), options_(options), where_(where) {
  if (options_.tolerance == 0) options_.tolerance = std::same_as<T, double> ? 1e-12 : 1e-5;
  if (options_.max_steps == 0) options_.max_steps = kind == equation::root ? 50 : 1000;
  if (!(options_.tolerance > 0 && options_.max_steps > 0 && options_.damping > 0 && options_.damping <= 1))
    throw value_error(std::string(name()) + ": tolerance " + short_text(options.tolerance) + ", max_steps " +
                      std::to_string(options.max_steps) + ", damping " + short_text(options.damping) +
                      ": all must be positive, and damping at most 1" + at_line(where));
  z_ = l.face->constant(start, where);
  in_ = &l.get(z_, name(), where);
  first_ = l.nodes.size();
  y_ = l.handle(*l.slot_of(f(z_), where, name()));
  out_ = l.find(y_);
  if (!(out_->shape() == in_->shape()))
    throw shape_error(std::string(name()) + ": f returned shape " + to_string(out_->shape()) + " for z of shape " +
                      to_string(in_->shape()) + "; they must be equal" + at_line(where));
  run_ = rerun<T>(l, {&in_, 1}, first_);
}

template <class T>
var<T> equation_solver<T>::solve() {
  note_size();
  if (kind_ == equation::root)
    newton();
  else
    iterate();
  return z_;
}

template <class T>
void equation_solver<T>::note_size() {
  size_ = std::max(size_, largest(in_->value, in_->size));
}

template <class T>
double equation_solver<T>::residual() const {
  return largest(out_->value, out_->size);
}

template <class T>
void equation_solver<T>::fail(const std::string& what) const {
  throw value_error(std::string(name()) + ": " + what + at_line(where_));
}

template <class T>
void equation_solver<T>::iterate() {
  double change = 0;
  const T part = T(options_.damping);
  for (int step = 1; step <= options_.max_steps; ++step) {
    change = 0;
    for (std::size_t i = 0; i < in_->size; ++i) {
      const T d = out_->value[i] - in_->value[i];
      if (const double x = std::abs(double(d)); !(x <= change)) change = x;
      in_->value[i] = part == 1 ? out_->value[i] : in_->value[i] + part * d;
    }
    if (!std::isfinite(change))
      fail("f(z) is no longer finite after " + std::to_string(step) + " steps; z0 may be too far away, or f no " +
           "contraction (a smaller `damping` may help)");
    note_size();
    if (change <= options_.tolerance * size_) return;
    run_(ledger_);
  }
  fail("no convergence after " + std::to_string(options_.max_steps) + " steps: f(z) - z is still " +
       short_text(change) + " in its largest element, z " + short_text(largest(in_->value, in_->size)) +
       "; f may be no contraction (a smaller `damping` may help), or allow more `max_steps`");
}

template <class T>
double equation_solver<T>::try_step(const std::vector<T>& from, const std::vector<T>& step, double t) {
  for (std::size_t i = 0; i < from.size(); ++i) in_->value[i] = from[i] + T(t) * step[i];
  run_(ledger_);
  return residual();
}

template <class T>
void equation_solver<T>::newton() {
  double now = residual();
  for (int step = 1; step <= options_.max_steps; ++step) {
    if (now == 0) return;
    if (!std::isfinite(now)) fail("f(z) is not finite at z0");
    const std::vector<T> from(in_->value, in_->value + in_->size), move = newton_step(step);
    const double length = largest(move, move.size());
    double t = 1, next = try_step(from, move, t);
    note_size();
    if (length <= options_.tolerance * size_) return;
    while (!(next < now) && t > 1e-9) next = try_step(from, move, t /= 2);
    if (!(next < now)) {
      // The residual is nothing but rounding, or there is no root in this direction.
      if (length <= std::sqrt(double(std::numeric_limits<T>::epsilon())) * size_) {
        try_step(from, move, 0);
        return;
      }
      fail("no convergence: after " + std::to_string(step) + " steps f(z) is " + short_text(now) +
           " in its largest element, and no step along Newton's direction makes it smaller; try another z0");
    }
    now = next;
  }
  fail("no convergence after " + std::to_string(options_.max_steps) + " steps: f(z) is still " + short_text(now) +
       " in its largest element; try another z0, or allow more `max_steps`");
}

template <class T>
std::vector<T> equation_solver<T>::newton_step(int step) {
  const std::size_t n = in_->size;
  if (!seed_) {
    const var<T> seed = ledger_.face->constant(xt::xarray<T>(xt::zeros<T>(shape_t(out_->shape()))), where_);
    seed_ = ledger_.find(seed);
    const std::size_t second = ledger_.nodes.size();
    row_ = ledger_.find(gradient<T>(y_, &seed, {&z_, 1}, where_, first_).front());
    run_all_ = rerun<T>(ledger_, std::array{in_, seed_}, second);
    run_row_ = rerun<T>(ledger_, {&seed_, 1}, second);
  }
  std::vector<T> jacobian(n * n), b(n);
  for (std::size_t i = 0; i < n; ++i) {
    seed_->value[i] = T(1);
    (i == 0 ? run_all_ : run_row_)(ledger_);
    std::copy_n(row_->value, n, jacobian.begin() + std::ptrdiff_t(i * n));
    seed_->value[i] = T(0);
    b[i] = -out_->value[i];
  }
  if (!solve_linear(jacobian, b) || !std::isfinite(largest(b, n)))
    fail("the Jacobian df/dz is singular in step " + std::to_string(step) + ", where f(z) is " +
         short_text(residual()) + " in its largest element; " +
         "there the root is not unique, or has no derivative; try another z0");
  return b;
}

template class equation_solver<float>;
template class equation_solver<double>;
template bool solve_linear(std::vector<float>&, std::vector<float>&);
template bool solve_linear(std::vector<double>&, std::vector<double>&);

}  // namespace xg::detail
