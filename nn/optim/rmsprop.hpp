// Steps scaled by sums or averages of the squares of gradients; and by their signs alone.
#pragma once

#include <xgrad/nn/optim/optimiser.hpp>

namespace xg::nn {

struct adagrad_options {
  double lr = 1e-2;
  double lr_decay = 0, epsilon = 1e-10;
  double decay = 0;
  double clip_norm = 0, clip_value = 0;
  std::vector<group> groups = {};
};
struct rmsprop_options {
  double lr = 1e-2;
  double alpha = 0.99, momentum = 0, epsilon = 1e-8;
  bool centered = false;  // divide by the deviation instead of the root of the mean square
  double decay = 0;
  double clip_norm = 0, clip_value = 0;
  std::vector<group> groups = {};
};
struct lion_options {
  double lr = 1e-4;
  double beta1 = 0.9, beta2 = 0.99;
  double decay = 1e-2;
  double clip_norm = 0, clip_value = 0;
  std::vector<group> groups = {};
};

/// Duchi, Hazan, Singer, "Adaptive subgradient methods for online learning and stochastic optimization" (JMLR 12,
/// 2011); as PyTorch's Adagrad. Throws value_error.
template <class T>
class adagrad final : public optimiser<T> {
 public:
  template <class M>
  explicit adagrad(M& model, const adagrad_options& options = {},
                   const std::source_location& where = std::source_location::current())
      : adagrad(parameters(model), options, where) {}
  adagrad(const std::vector<named_parameter<T>>& of, const adagrad_options& options, const std::source_location& where);

 private:
  void update(T* p, const T* g, T* state, std::size_t n, const detail::rates& r) override;
  double lr_decay_, epsilon_;
};
template <class M>
adagrad(M&, adagrad_options = {}) -> adagrad<scalar_of<M>>;

/// Tieleman and Hinton, "Lecture 6.5 - rmsprop" (2012); as PyTorch's RMSprop. Throws value_error.
template <class T>
class rmsprop final : public optimiser<T> {
 public:
  template <class M>
  explicit rmsprop(M& model, const rmsprop_options& options = {},
                   const std::source_location& where = std::source_location::current())
      : rmsprop(parameters(model), options, where) {}
  rmsprop(const std::vector<named_parameter<T>>& of, const rmsprop_options& options, const std::source_location& where);

 private:
  void update(T* p, const T* g, T* state, std::size_t n, const detail::rates& r) override;
  double alpha_, momentum_, epsilon_;
  bool centered_;
};
template <class M>
rmsprop(M&, rmsprop_options = {}) -> rmsprop<scalar_of<M>>;

/// Chen et al., "Symbolic discovery of optimization algorithms" (NeurIPS 2023), algorithm 2: each element moves by ±lr
/// (by 0 where the average is 0); the decay is decoupled, as AdamW's. Throws value_error.
template <class T>
class lion final : public optimiser<T> {
 public:
  template <class M>
  explicit lion(M& model, const lion_options& options = {},
                const std::source_location& where = std::source_location::current())
      : lion(parameters(model), options, where) {}
  lion(const std::vector<named_parameter<T>>& of, const lion_options& options, const std::source_location& where);

 private:
  void update(T* p, const T* g, T* state, std::size_t n, const detail::rates& r) override;
  double beta1_, beta2_;
};
template <class M>
lion(M&, lion_options = {}) -> lion<scalar_of<M>>;

extern template class adagrad<float>;
extern template class adagrad<double>;
extern template class rmsprop<float>;
extern template class rmsprop<double>;
extern template class lion<float>;
extern template class lion<double>;

}  // namespace xg::nn
