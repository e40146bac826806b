#include <xgrad/nn/optim/sgd.hpp>

#include <xgrad/nn/optim/pass_over.hpp>

namespace xg::nn {

template <class T>
sgd<T>::sgd(const std::vector<named_parameter<T>>& of, const sgd_options& options, const std::source_location& where)
    : optimiser<T>(of, {"sgd", options.lr, options.decay, options.clip_norm, options.clip_value, options.groups},
                   options.momentum != 0, where),
      momentum_(options.momentum),
      nesterov_(options.nesterov) {
  if (!(momentum_ >= 0 && momentum_ < 1))
    throw value_error("sgd: the momentum " + std::to_string(momentum_) + " is not in [0, 1)" + at_line(where));
  if (nesterov_ && momentum_ == 0)
    throw value_error("sgd: nesterov needs a momentum; write {.momentum = 0.9, .nesterov = true}" + at_line(where));
}

template <class T>
void sgd<T>::update(T* p, const T* g, T* state, std::size_t n, const detail::rates& r) {
  const T lr = T(r.lr), decay = T(r.decay), limit = T(r.limit), scale = T(r.scale), momentum = T(momentum_);
  detail::pass_over<T>(n, [=, this]<class V>(std::size_t i) {
    const V x = V::load(p + i);
    V d = detail::clipped<V>(g, i, limit, scale) + V(decay) * x;
    if (momentum != 0) {
      const V b = r.steps == 1 ? d : V(momentum) * V::load(state + i) + d;
      b.store(state + i);
      d = nesterov_ ? d + V(momentum) * b : b;
    }
    (x - V(lr) * d).store(p + i);
  });
}

template class sgd<float>;
template class sgd<double>;

}  // namespace xg::nn
