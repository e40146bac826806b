#include <xgrad/nn/optim/rmsprop.hpp>

#include <xgrad/nn/optim/pass_over.hpp>

namespace xg::nn {

namespace {

void require_fraction(const char* op, const char* what, double x, const std::source_location& where) {
  if (!(x >= 0 && x < 1))
    throw value_error(std::string(op) + ": " + what + " " + std::to_string(x) + " is not in [0, 1)" + at_line(where));
}

}  // namespace

template <class T>
adagrad<T>::adagrad(const std::vector<named_parameter<T>>& of, const adagrad_options& o,
                    const std::source_location& where)
    : optimiser<T>(of, {"adagrad", o.lr, o.decay, o.clip_norm, o.clip_value, o.groups}, 1, where),
      lr_decay_(o.lr_decay),
      epsilon_(o.epsilon) {
  if (!(lr_decay_ >= 0 && epsilon_ > 0))
    throw value_error("adagrad: lr_decay must not be negative, epsilon must be positive" + at_line(where));
}

template <class T>
void adagrad<T>::update(T* p, const T* g, T* sums, std::size_t n, const detail::rates& r) {
  const T lr = T(r.lr / (1 + double(r.steps - 1) * lr_decay_)), decay = T(r.decay), limit = T(r.limit),
          scale = T(r.scale), epsilon = T(epsilon_);
  detail::pass_over<T>(n, [=]<class V>(std::size_t i) {
    const V x = V::load(p + i), d = detail::clipped<V>(g, i, limit, scale) + V(decay) * x;
    const V sum = V::load(sums + i) + d * d;
    sum.store(sums + i);
    (x - V(lr) * d / (xg::detail::sqrt(sum) + V(epsilon))).store(p + i);
  });
}

template <class T>
rmsprop<T>::rmsprop(const std::vector<named_parameter<T>>& of, const rmsprop_options& o,
                    const std::source_location& where)
    : optimiser<T>(of, {"rmsprop", o.lr, o.decay, o.clip_norm, o.clip_value, o.groups},
                   1u + (o.momentum != 0) + o.centered, where),
      alpha_(o.alpha),
      momentum_(o.momentum),
      epsilon_(o.epsilon),
      centered_(o.centered) {
  require_fraction("rmsprop", "alpha", alpha_, where);
  require_fraction("rmsprop", "the momentum", momentum_, where);
  if (!(epsilon_ > 0)) throw value_error("rmsprop: epsilon must be positive" + at_line(where));
}

template <class T>
void rmsprop<T>::update(T* p, const T* g, T* squares, std::size_t n, const detail::rates& r) {
  T *moved = squares + n, *means = momentum_ != 0 ? moved + n : moved;
  const T lr = T(r.lr), decay = T(r.decay), limit = T(r.limit), scale = T(r.scale), alpha = T(alpha_),
          rest = T(1 - alpha_), momentum = T(momentum_), epsilon = T(epsilon_);
  detail::pass_over<T>(n, [=, this]<class V>(std::size_t i) {
    const V x = V::load(p + i), d = detail::clipped<V>(g, i, limit, scale) + V(decay) * x;
    V square = V(alpha) * V::load(squares + i) + V(rest) * d * d;
    square.store(squares + i);
    if (centered_) {
      const V mean = V(alpha) * V::load(means + i) + V(rest) * d;
      mean.store(means + i);
      square = square - mean * mean;
    }
    V move = d / (xg::detail::sqrt(square) + V(epsilon));
    if (momentum != 0) {
      move = V(momentum) * V::load(moved + i) + move;
      move.store(moved + i);
    }
    (x - V(lr) * move).store(p + i);
  });
}

template <class T>
lion<T>::lion(const std::vector<named_parameter<T>>& of, const lion_options& o, const std::source_location& where)
    : optimiser<T>(of, {"lion", o.lr, o.decay, o.clip_norm, o.clip_value, o.groups}, 1, where),
      beta1_(o.beta1),
      beta2_(o.beta2) {
  require_fraction("lion", "beta1", beta1_, where);
  require_fraction("lion", "beta2", beta2_, where);
}

template <class T>
void lion<T>::update(T* p, const T* g, T* means, std::size_t n, const detail::rates& r) {
  const T lr = T(r.lr), shrink = T(1 - r.lr * r.decay), limit = T(r.limit), scale = T(r.scale), beta1 = T(beta1_),
          beta2 = T(beta2_), rest1 = T(1 - beta1_), rest2 = T(1 - beta2_);
  detail::pass_over<T>(n, [=]<class V>(std::size_t i) {
    const V d = detail::clipped<V>(g, i, limit, scale), mean = V::load(means + i);
    const V along = V(beta1) * mean + V(rest1) * d;
    const V move = select(along > V(0), V(lr), select(along < V(0), V(-lr), V(0) * along));
    (V(beta2) * mean + V(rest2) * d).store(means + i);
    (V(shrink) * V::load(p + i) - move).store(p + i);
  });
}

template class adagrad<float>;
template class adagrad<double>;
template class rmsprop<float>;
template class rmsprop<double>;
template class lion<float>;
template class lion<double>;

}  // namespace xg::nn
