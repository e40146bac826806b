#include <xgrad/core/derivative/gradchecker.hpp>

#include <algorithm>
#include <cmath>

namespace xg {

namespace {

std::vector<double> numbers_of(const auto& view) { return std::vector<double>(view.begin(), view.end()); }
template <class T>
std::vector<std::vector<double>> numbers_of_each(const std::vector<var<T>>& list) {
  std::vector<std::vector<double>> numbers;
  for (const var<T>& v : list) numbers.push_back(numbers_of(v.value()));
  return numbers;
}

// A weight of zero leaves out, even what is infinite.
double inner_product(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (b[i] != 0) sum += a[i] * b[i];
  return sum;
}
double magnitude(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (b[i] != 0) sum += std::abs(a[i] * b[i]);
  return sum;
}

template <class T>
std::string texts(const detail::ledger<T>& l, std::size_t nodes) {
  std::string all;
  for (std::size_t n = 0; n < nodes; ++n) all += l.nodes[n]->text(l.names) + "\n";
  return all;
}

}  // namespace

template <class T>
gradchecker<T>::gradchecker(const gradcheck_options& options, const detail::checked_function<T>& f, const arrays& x)
    : options_(options), f_(f), x_(x), random_(options.seed) {
  constexpr bool is_double = std::same_as<T, double>;
  if (options_.tolerance == 0) options_.tolerance = is_double ? 1e-6 : 1e-2;
  if (options_.step == 0) options_.step = is_double ? 0x1p-8 : 0x1p-4;
}

template <class T>
gradcheck_result gradchecker<T>::run() {
  here_ = record(tape_, x_, "the inputs");
  nodes_ = tape_.nodes();
  for (const var<T>& y : here_.y) weights_.push_back(random(y.size()));
  for (const auto& x : x_) moves_.push_back(random(x.size()));
  if (weights_.size() == 1 && weights_[0].size() == 1) weights_[0] = {1};  // a number is taken as it is
  if (moves_.size() == 1 && moves_[0].size() == 1) moves_[0] = {1};
  for (const auto& x : x_) kinks_.emplace_back(x.size(), char(0));
  if (!values_are_sound()) return result_;
  check(first_order());
  for (std::size_t k = 0; k < kinks_.size(); ++k)
    for (std::size_t i = 0; i < kinks_[k].size(); ++i)
      if (kinks_[k][i]) moves_[k][i] = 0;
  if (options_.order > 1 && result_.count(kind::error) == 0) check(second_order());
  if (options_.replay) check_replay();
  return result_;
}

template <class T>
auto gradchecker<T>::record(tape<T>& t, const arrays& x, const char* what) const -> recording {
  t.clear();
  recording r;
  for (const auto& a : x) r.x.push_back(t.variable(a));
  for (const var<T>& y : f_(r.x)) {
    if (!y.valid()) throw tape_error(std::string("gradcheck: f returned an empty handle, at ") + what);
    r.y.push_back(y.is_number() ? t.constant(y.item()) : y);
    if (&r.y.back().owner() != &t)
      throw tape_error("gradcheck: f returned a variable of another tape; compute with the variables that f is given");
  }
  if (r.y.empty()) throw tape_error("gradcheck: f returned no result; there is nothing to check");
  return r;
}

template <class T>
bool gradchecker<T>::values_are_sound() {
  const recording again = record(scratch_, x_, "the inputs");
  for (std::size_t j = 0; j < here_.y.size(); ++j) {
    const auto here = here_.y[j].value();
    if (const auto bad = std::ranges::find_if(here, [](T v) { return !std::isfinite(v); }); bad != here.end()) {
      complain(kind::other, "result " + std::to_string(j) + " is " + (std::isnan(*bad) ? "NaN" : "infinite") +
                                " at flat index " + std::to_string(bad - here.begin()) +
                                ": no differences can be taken; check at another point");
      return false;
    }
    if (j >= again.y.size() || !(again.y[j].shape() == here_.y[j].shape()) ||
        !std::equal(here.begin(), here.end(), again.y[j].value().begin())) {
      complain(kind::other, "result " + std::to_string(j) +
                                " has other values when f is called again with the same inputs: what f draws at random "
                                "must start from the same seed in each call");
      return false;
    }
  }
  return true;
}

// ---- Gradients of Σ weights · ys

template <class T>
auto gradchecker<T>::backward_of(tape<T>& t, const variables& ys, const numbers& weights, const variables& xs) const
    -> numbers {
  numbers sum;
  for (const var<T>& x : xs) sum.emplace_back(x.size(), 0.0);
  for (std::size_t j = 0; j < ys.size(); ++j) {
    if (!ys[j].requires_grad()) continue;
    t.backward(ys[j], as_array(weights[j], ys[j].shape()));
    for (std::size_t k = 0; k < xs.size(); ++k)
      std::ranges::transform(xs[k].grad(), sum[k], sum[k].begin(), [](T g, double s) { return double(g) + s; });
  }
  return sum;
}

template <class T>
auto gradchecker<T>::gradient_of(const variables& ys, const numbers& weights, const variables& xs) const -> variables {
  variables sum;
  for (std::size_t j = 0; j < ys.size(); ++j) {
    const auto g = gradient(ys[j], xs, seed(as_array(weights[j], ys[j].shape())));
    for (std::size_t k = 0; k < xs.size(); ++k)
      if (j == 0)
        sum.push_back(g[k]);
      else
        sum[k] = detail::add(sum[k], g[k]);
  }
  return sum;
}

template <class T>
auto gradchecker<T>::first_order() -> subject {
  subject s{.order = 1, .value = {}, .candidates = {}};
  s.value = [this](const arrays& x) {
    const recording r = record(scratch_, x, "a small step away");
    double sum = 0;
    for (std::size_t j = 0; j < r.y.size(); ++j) {
      if (j >= weights_.size() || r.y[j].size() != weights_[j].size())
        throw shape_error("gradcheck: a small step away f returns another shape; keep its results of one shape");
      sum += inner_product(numbers_of(r.y[j].value()), weights_[j]);
    }
    return sum;
  };
  for (std::size_t j = 0; j < here_.y.size(); ++j)
    s.magnitude += magnitude(numbers_of(here_.y[j].value()), weights_[j]);
  s.candidates.push_back({"backward", backward_of(tape_, here_.y, weights_, here_.x)});
  s.candidates.push_back({"gradient", numbers_of_each(gradient_of(here_.y, weights_, here_.x))});
  return s;
}

// Of Σ moves · ∇: what `backward` computes is moved, what `gradient` recorded is differentiated.
template <class T>
auto gradchecker<T>::second_order() -> subject {
  subject s{.order = 2, .value = {}, .candidates = {}};
  s.value = [this](const arrays& x) {
    const recording r = record(scratch_, x, "a small step away");
    const numbers g = backward_of(scratch_, r.y, weights_, r.x);
    double sum = 0;
    for (std::size_t k = 0; k < g.size(); ++k) sum += inner_product(g[k], moves_[k]);
    return sum;
  };
  const variables first = gradient_of(here_.y, weights_, here_.x);
  for (std::size_t k = 0; k < first.size(); ++k) s.magnitude += magnitude(numbers_of(first[k].value()), moves_[k]);
  s.candidates.push_back({"backward of the gradient", backward_of(tape_, first, moves_, here_.x)});
  s.candidates.push_back({"gradient of the gradient", numbers_of_each(gradient_of(first, moves_, here_.x))});
  return s;
}

// ---- Replay

template <class T>
void gradchecker<T>::check_replay() {
  arrays moved;
  for (std::size_t k = 0; k < x_.size(); ++k) {
    moved.push_back(x_[k]);
    for (std::size_t i = 0; i < moved[k].size(); ++i) moved[k].flat(i) *= T(1 + options_.step * moves_[k][i] / 4);
  }
  const recording anew = record(scratch_, moved, "a small step away");
  if (scratch_.nodes() != nodes_ || texts(scratch_.ledger(), nodes_) != texts(tape_.ledger(), nodes_))
    return;  // f goes another way there
  for (std::size_t k = 0; k < x_.size(); ++k) tape_.set(here_.x[k], moved[k]);
  tape_.replay();
  const double tolerance = std::same_as<T, double> ? 1e-11 : 1e-4;
  const auto differ = [&](const std::vector<double>& a, const std::vector<double>& b) {
    double off = 0, scale = 1e-30;
    for (std::size_t i = 0; i < a.size(); ++i) {
      off = std::max(off, a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i])) ? 0 : std::abs(a[i] - b[i]));
      scale = std::max(scale, std::abs(b[i]));
    }
    return !(off <= tolerance * scale);
  };
  bool same = true;
  for (std::size_t j = 0; j < anew.y.size(); ++j)
    if (differ(numbers_of(here_.y[j].value()), numbers_of(anew.y[j].value()))) {
      same = false;
      complain(kind::other, "a replay with other inputs gives other values of result " + std::to_string(j) +
                                " than recording f anew: f computes with plain numbers taken from its variables "
                                "(value(), item()), draws at random, or an op's forward keeps something from before");
    }
  if (same) {
    const numbers replayed = backward_of(tape_, here_.y, weights_, here_.x),
                  recorded = backward_of(scratch_, anew.y, weights_, anew.x);
    for (std::size_t k = 0; k < replayed.size(); ++k)
      if (differ(replayed[k], recorded[k]))
        complain(kind::other, "after a replay with other inputs the gradient by " + place({k, 0, x_[k].size()}) +
                                  " differs from that of f recorded anew");
  }
  for (std::size_t k = 0; k < x_.size(); ++k) tape_.set(here_.x[k], x_[k]);
  tape_.replay();
}

// ---- Small things

template <class T>
double gradchecker<T>::random() {  // SplitMix64
  std::uint64_t z = (random_ += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  z ^= z >> 31;
  const double size = 0.5 + double(z >> 12) * 0x1p-53;
  return z & 1 ? size : -size;
}

template <class T>
std::vector<double> gradchecker<T>::random(std::size_t n) {
  std::vector<double> list(n);
  std::ranges::generate(list, [&] { return double(float(random())); });  // exact in both precisions
  return list;
}

template <class T>
xt::xarray<T> gradchecker<T>::as_array(const std::vector<double>& numbers, shape_view shape) const {
  xt::xarray<T> a = xt::xarray<T>::from_shape(shape_t(shape));
  std::ranges::transform(numbers, a.begin(), [](double v) { return T(v); });
  return a;
}

template class gradchecker<float>;
template class gradchecker<double>;

}  // namespace xg
