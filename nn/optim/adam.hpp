// Adam and its relatives: steps scaled by running averages of the gradients and their squares.
#pragma once

#include <xgrad/nn/optim/optimiser.hpp>

namespace xg::nn {

struct adam_options {
  double lr = 1e-3;
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  double decay = 0;
  double clip_norm = 0, clip_value = 0;
  std::vector<group> groups = {};
};
struct adamw_options {
  double lr = 1e-3;
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  double decay = 1e-2;
  double clip_norm = 0, clip_value = 0;
  std::vector<group> groups = {};
};
struct nadam_options {
  double lr = 2e-3;
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, momentum_decay = 4e-3;
  double decay = 0;
  double clip_norm = 0, clip_value = 0;
  std::vector<group> groups = {};
};

/// Kingma and Ba, "Adam: a method for stochastic optimization" (ICLR 2015); as PyTorch's Adam, decay added to the
/// gradient. Throws value_error.
template <class T>
class adam final : public optimiser<T> {
 public:
  template <class M>
  explicit adam(M& model, const adam_options& options = {},
                const std::source_location& where = std::source_location::current())
      : adam(parameters(model), options, where) {}
  adam(const std::vector<named_parameter<T>>& of, const adam_options& options, const std::source_location& where);

 private:
  void update(T* p, const T* g, T* state, std::size_t n, const detail::rates& r) override;
  double beta1_, beta2_, epsilon_;
};
template <class M>
adam(M&, adam_options = {}) -> adam<scalar_of<M>>;

/// Loshchilov and Hutter, "Decoupled weight decay regularization" (ICLR 2019): Adam whose decay shrinks the weights by
/// themselves. As PyTorch's AdamW. Throws value_error.
template <class T>
class adamw final : public optimiser<T> {
 public:
  template <class M>
  explicit adamw(M& model, const adamw_options& options = {},
                 const std::source_location& where = std::source_location::current())
      : adamw(parameters(model), options, where) {}
  adamw(const std::vector<named_parameter<T>>& of, const adamw_options& options, const std::source_location& where);

 private:
  void update(T* p, const T* g, T* state, std::size_t n, const detail::rates& r) override;
  double beta1_, beta2_, epsilon_;
};
template <class M>
adamw(M&, adamw_options = {}) -> adamw<scalar_of<M>>;

/// Dozat, "Incorporating Nesterov momentum into Adam" (ICLR workshop 2016); as PyTorch's NAdam since 2.0, which
/// corrected it (pull request 92699). Throws value_error.
template <class T>
class nadam final : public optimiser<T> {
 public:
  template <class M>
  explicit nadam(M& model, const nadam_options& options = {},
                 const std::source_location& where = std::source_location::current())
      : nadam(parameters(model), options, where) {}
  nadam(const std::vector<named_parameter<T>>& of, const nadam_options& options, const std::source_location& where);

 private:
  void update(T* p, const T* g, T* state, std::size_t n, const detail::rates& r) override;
  double beta1_, beta2_, epsilon_, momentum_decay_;
};
template <class M>
nadam(M&, nadam_options = {}) -> nadam<scalar_of<M>>;

extern template class adam<float>;
extern template class adam<double>;
extern template class adamw<float>;
extern template class adamw<double>;
extern template class nadam<float>;
extern template class nadam<double>;

}  // namespace xg::nn
