// Gradient descent, with momentum if asked.
#pragma once

#include <xgrad/nn/optim/optimiser.hpp>

namespace xg::nn {

struct sgd_options {
  double lr;
  double momentum = 0;
  bool nesterov = false;
  double decay = 0;
  double clip_norm = 0, clip_value = 0;
  std::vector<group> groups = {};
};

/// g ← g + decay·p; b ← momentum·b + g (b is g in the first step); p ← p - lr·b, or with Nesterov's look ahead
/// p - lr·(g + momentum·b). As PyTorch's SGD; Sutskever et al., "On the importance of initialization and momentum in
/// deep learning" (ICML 2013). Throws value_error.
template <class T>
class sgd final : public optimiser<T> {
 public:
  template <class M>
  explicit sgd(M& model, const sgd_options& options,
               const std::source_location& where = std::source_location::current())
      : sgd(parameters(model), options, where) {}
  sgd(const std::vector<named_parameter<T>>& of, const sgd_options& options, const std::source_location& where);

 private:
  void update(T* p, const T* g, T* state, std::size_t n, const detail::rates& r) override;
  double momentum_;
  bool nesterov_;
};
template <class M>
sgd(M&, sgd_options) -> sgd<scalar_of<M>>;

extern template class sgd<float>;
extern template class sgd<double>;

}  // namespace xg::nn
