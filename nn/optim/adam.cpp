#include <xgrad/nn/optim/adam.hpp>

#include <cmath>

#include <xgrad/nn/optim/pass_over.hpp>

namespace xg::nn {

namespace {

template <class O>
detail::common_options common(const char* name, const O& o, const std::source_location& where) {
  for (const double beta : {o.beta1, o.beta2})
    if (!(beta >= 0 && beta < 1))
      throw value_error(std::string(name) + ": beta " + std::to_string(beta) + " is not in [0, 1)" + at_line(where));
  if (!(o.epsilon > 0)) throw value_error(std::string(name) + ": epsilon must be positive" + at_line(where));
  return {name, o.lr, o.decay, o.clip_norm, o.clip_value, o.groups};
}

/// The averages m and v, brought up to date; then p ← shrink·p - (a·m + b·g)/(√v/√(1 - β₂ᵗ) + ε).
template <class T>
struct adam_pass {
  T *p, *m, *v;
  const T* g;
  T limit, scale, decay, beta1, beta2, root, epsilon, shrink, a, b;

  template <class V>
  void operator()(std::size_t i) const {
    const V x = V::load(p + i), d = detail::clipped<V>(g, i, limit, scale) + V(decay) * x;
    const V m_new = V(beta1) * V::load(m + i) + V(1 - beta1) * d,
            v_new = V(beta2) * V::load(v + i) + V(1 - beta2) * d * d;
    m_new.store(m + i);
    v_new.store(v + i);
    const V below = xg::detail::sqrt(v_new) / V(root) + V(epsilon);
    (V(shrink) * x - (V(a) * m_new + V(b) * d) / below).store(p + i);
  }
};

/// 1 - βᵗ
double correction(double beta, std::uint64_t t) { return 1 - std::pow(beta, double(t)); }

}  // namespace

template <class T>
adam<T>::adam(const std::vector<named_parameter<T>>& of, const adam_options& o, const std::source_location& where)
    : optimiser<T>(of, common("adam", o, where), 2, where), beta1_(o.beta1), beta2_(o.beta2), epsilon_(o.epsilon) {}

template <class T>
void adam<T>::update(T* p, const T* g, T* state, std::size_t n, const detail::rates& r) {
  const double root = std::sqrt(correction(beta2_, r.steps)), a = r.lr / correction(beta1_, r.steps);
  detail::pass_over<T>(n, adam_pass<T>{p, state, state + n, g, T(r.limit), T(r.scale), T(r.decay), T(beta1_), T(beta2_),
                                       T(root), T(epsilon_), T(1), T(a), T(0)});
}

template <class T>
adamw<T>::adamw(const std::vector<named_parameter<T>>& of, const adamw_options& o, const std::source_location& where)
    : optimiser<T>(of, common("adamw", o, where), 2, where), beta1_(o.beta1), beta2_(o.beta2), epsilon_(o.epsilon) {}

template <class T>
void adamw<T>::update(T* p, const T* g, T* state, std::size_t n, const detail::rates& r) {
  const double root = std::sqrt(correction(beta2_, r.steps)), a = r.lr / correction(beta1_, r.steps);
  detail::pass_over<T>(n, adam_pass<T>{p, state, state + n, g, T(r.limit), T(r.scale), T(0), T(beta1_), T(beta2_),
                                       T(root), T(epsilon_), T(1 - r.lr * r.decay), T(a), T(0)});
}

template <class T>
nadam<T>::nadam(const std::vector<named_parameter<T>>& of, const nadam_options& o, const std::source_location& where)
    : optimiser<T>(of, common("nadam", o, where), 2, where),
      beta1_(o.beta1),
      beta2_(o.beta2),
      epsilon_(o.epsilon),
      momentum_decay_(o.momentum_decay) {}

template <class T>
void nadam<T>::update(T* p, const T* g, T* state, std::size_t n, const detail::rates& r) {
  const auto momentum = [&](double t) { return beta1_ * (1 - 0.5 * std::pow(0.96, t * momentum_decay_)); };
  const double now = momentum(double(r.steps)), next = momentum(double(r.steps + 1)), product = *r.kept *= now;
  const double root = std::sqrt(correction(beta2_, r.steps));
  detail::pass_over<T>(
      n, adam_pass<T>{p, state, state + n, g, T(r.limit), T(r.scale), T(r.decay), T(beta1_), T(beta2_), T(root),
                      T(epsilon_), T(1), T(r.lr * next / (1 - product * next)), T(r.lr * (1 - now) / (1 - product))});
}

template class adam<float>;
template class adam<double>;
template class adamw<float>;
template class adamw<double>;
template class nadam<float>;
template class nadam<double>;

}  // namespace xg::nn
