// L-BFGS: steps along an approximation of Newton's direction, as long as a line search finds good. For small problems
// whose loss is the same function in each step (all data in one batch, no dropout).
#pragma once

#include <memory>

#include <xgrad/nn/optim/optimiser.hpp>

namespace xg::nn {

struct lbfgs_options {
  double lr = 1;             // the first length that is tried
  std::size_t history = 10;  // how many steps the approximation remembers
  double tolerance_grad = 1e-7, tolerance_change = 1e-9;
};

/// Liu and Nocedal, "On the limited memory BFGS method for large scale optimization" (1989), with a line search for the
/// strong Wolfe conditions by cubic interpolation; as PyTorch's LBFGS with max_iter = 1. A step is one direction and
/// its line search, which computes the loss several times. It needs the loss, so it is made by nn::step, or by
/// opt.step(t, loss). Throws value_error.
template <class T>
class lbfgs final : public optimiser<T> {
 public:
  template <class M>
  explicit lbfgs(M& model, const lbfgs_options& options = {},
                 const std::source_location& where = std::source_location::current())
      : lbfgs(parameters(model), options, where) {}
  lbfgs(const std::vector<named_parameter<T>>& of, const lbfgs_options& options, const std::source_location& where);
  ~lbfgs() override;

  using optimiser<T>::step;
  T step(tape<T>& t, const var<T>& loss, const std::source_location& where = std::source_location::current()) override;
  /// No further step would help: the gradient, or the last change, is below its tolerance.
  bool converged() const;
  void visit_memory(optimiser_memory& m) override;

 private:
  void update(T* p, const T* g, T* state, std::size_t n, const detail::rates& r) override;
  struct memory;
  std::unique_ptr<memory> memory_;
};
template <class M>
lbfgs(M&, lbfgs_options = {}) -> lbfgs<scalar_of<M>>;

extern template class lbfgs<float>;
extern template class lbfgs<double>;

}  // namespace xg::nn
