// One training step: the loss and its gradients, recorded once for each shape of a batch and replayed after, and the
// optimiser's update.
#pragma once

#include <utility>

#include <xgrad/nn/recordings.hpp>

namespace xg::nn {

/// step(net, loss): a training step of a model. The loss is a function of the model, the batch (variables, and indices
/// for arrays of whole numbers) and, if it takes one more argument, the pass:
///
///     nn::step step(net, [](const auto& m, const auto& x, const auto& y, nn::pass p) { return ...; });
///     const float loss = step(opt, x, y, nn::training(rng));
///
/// It is called once for each shape of a batch, and what it recorded is replayed after that; so it must not decide by
/// values. A step allocates nothing once it has seen the shapes. Freezing a part of the model has the loss recorded
/// anew. The model must outlive the step and stay where it is. On several threads: nn::parallel_step.
template <class M, class Loss>
class step {
 public:
  using scalar_type = scalar_of<M>;
  using T = scalar_type;
  using by = detail::optimiser_at<T>;

  /// Throws value_error for a weight that was never initialised.
  step(M& model, Loss loss, const std::source_location& where = std::source_location::current())
      : model_(model, std::move(loss), "step", where) {}

  /// step(opt, x, y, nn::training(rng)): computes the loss and its gradients and lets the optimiser change the
  /// parameters. The loss, as it was before.
  template <class... A>
  T operator()(by o, const A&... batch_and_mode) {
    detail::any_recording<T>& r = up_to_date(o.where, batch_and_mode...);
    return o.how.step(r.on, r.loss, o.where);
  }

  /// step.loss(x, y): the loss alone; of a model that is evaluated, unless a pass says otherwise.
  template <class... A>
  T loss(const A&... batch_and_mode) {
    return up_to_date(std::source_location::current(), batch_and_mode...).loss.item();
  }

  /// step.add(opt, x, y, nn::training(rng)): computes the loss and its gradients and adds these to the optimiser's;
  /// opt.step() then takes one step for several batches. The loss.
  template <class... A>
  T add(by o, const A&... batch_and_mode) {
    detail::any_recording<T>& r = up_to_date(o.where, batch_and_mode...);
    r.on.backward(r.loss, o.where);
    o.how.add(r.on, o.where);
    return r.loss.item();
  }

  /// Long loops run on the threads of a pool from now on, which must live as long as the step works; see tape::use.
  void use(thread_pool& pool) { recordings_.use(pool); }

  /// Has the loss recorded anew for each shape, with new streams of random numbers.
  void forget() { recordings_.clear(); }

  /// What was recorded last, to look at: std::cout << xg::graph(step.recorded()).
  const var<T>& recorded() const { return recordings_.last(); }

 private:
  template <class... A>
  detail::any_recording<T>& up_to_date(const std::source_location& where, const A&... given) {
    if (model_.replaced()) recordings_.clear();
    return detail::with_pass(
        [&](const pass& mode, const auto&... x) -> detail::any_recording<T>& {
          if (auto* r = recordings_.find(model_.parameters(), mode, x...)) {
            recordings_.replay(*r, where, x...);
            return *r;
          }
          return recordings_.add(
              model_.parameters(), mode, [&](const auto&... leaf) { return model_(mode, leaf...); }, where, x...);
        },
        given...);
  }

  detail::model_with_loss<M, Loss> model_;
  detail::recordings<T> recordings_;
};
template <class M, class Loss>
step(M&, Loss) -> step<M, Loss>;

}  // namespace xg::nn
