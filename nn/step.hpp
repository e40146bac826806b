// One training step: the loss and its gradients, recorded once for each shape of a batch and replayed after, and the
// optimiser's update.
#pragma once

#include <algorithm>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/nn/layers/pass.hpp>
#include <xgrad/nn/module.hpp>
#include <xgrad/nn/optim/optimiser.hpp>

namespace xg::nn {

namespace detail {

/// What an array of a batch becomes on a tape: whole numbers become indices, others constants.
template <class T, class A>
using leaf_of = std::conditional_t<whole_numbers<A>, indices<T>, var<T>>;

template <class T, class A, class Arch = xg::detail::simd_arch>
leaf_of<T, A> make_leaf(tape<T>& t, const A& values, const std::source_location& where) {
  static_assert(
      requires { values.shape(); },
      "xgrad: nn: a batch is made of arrays (xtensor expressions); the last argument may "
      "be nn::training(rng) or nn::eval");
  if constexpr (whole_numbers<A>)
    return t.template indices<A, Arch>(values, where);
  else
    return t.template constant<A, Arch>(values, where);
}

/// A recorded loss of any kind of batch.
template <class T>
struct any_recording {
  virtual ~any_recording() = default;
  tape<T> on;
  var<T> loss;
  pass mode;
  std::vector<bool> trained;  // which parameters were not frozen
};
template <class T, class... Leaf>
struct recording : any_recording<T> {
  std::tuple<Leaf...> leaves;
};

/// Arguments of which the last may be a pass.
template <class... A>
constexpr bool ends_with_pass() {
  return std::same_as<std::tuple_element_t<sizeof...(A) - 1, std::tuple<A...>>, pass>;
}

}  // namespace detail

/// step(net, loss): a training step of a model. The loss is a function of the model, the batch (variables, and indices
/// for arrays of whole numbers) and, if it takes one more argument, the pass:
///
///     nn::step step(net, [](const auto& m, const auto& x, const auto& y, nn::pass p) { return ...; });
///     const float loss = step(opt, x, y, nn::training(rng));
///
/// It is called once for each shape of a batch, and what it recorded is replayed after that; so it must not decide by
/// values. A step allocates nothing once it has seen the shapes. Freezing a part of the model has the loss recorded
/// anew. The model must outlive the step and stay where it is.
template <class M, class Loss>
class step {
 public:
  using scalar_type = scalar_of<M>;
  using T = scalar_type;

  /// Throws value_error for a weight that was never initialised.
  step(M& model, Loss loss, const std::source_location& where = std::source_location::current())
      : model_(&model), loss_(std::move(loss)), parameters_(parameters(model)) {
    detail::require_initialised(parameters_, "step", where);
    detail::name_by_path(parameters_);
  }

  /// The optimiser, with the line of the call.
  struct by {
    optimiser<T>& how;
    std::source_location where;
    by(optimiser<T>& o, const std::source_location& w = std::source_location::current()) : how(o), where(w) {}
  };
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
  void use(thread_pool& pool) {
    pool_ = &pool;
    for (auto& r : recordings_) r->on.use(pool);
  }

  /// Has the loss recorded anew for each shape, with new streams of random numbers.
  void forget() { recordings_.clear(); }

  /// What was recorded last, to look at: std::cout << xg::graph(step.recorded()).
  const var<T>& recorded() const { return recordings_.back()->loss; }

 private:
  template <class... A>
  detail::any_recording<T>& up_to_date(const std::source_location& where, const A&... given) {
    if constexpr (detail::ends_with_pass<A...>()) {
      const auto all = std::tie(given...);
      return [&]<std::size_t... I>(std::index_sequence<I...>)->detail::any_recording<T>& {
        return of_batch(where, std::get<sizeof...(A) - 1>(all), std::get<I>(all)...);
      }
      (std::make_index_sequence<sizeof...(A) - 1>());
    } else {
      return of_batch(where, eval, given...);
    }
  }

  template <class... A>
  detail::any_recording<T>& of_batch(const std::source_location& where, pass mode, const A&... x) {
    forget_if_replaced();
    using kind = detail::recording<T, detail::leaf_of<T, A>...>;
    for (auto& any : recordings_) {
      auto* r = dynamic_cast<kind*>(any.get());
      if (!r || !fits(*r, mode, x...)) continue;
      std::apply([&](const auto&... leaf) { (r->on.set(leaf, x, where), ...); }, r->leaves);
      r->on.replay();
      return *r;
    }
    auto made = std::make_unique<kind>();
    if (pool_) made->on.use(*pool_);
    made->mode = mode;
    for (const auto& p : parameters_) made->trained.push_back(is_trained(p));
    made->leaves = {detail::make_leaf<T>(made->on, x, where)...};
    made->loss = std::apply([&](const auto&... leaf) { return var<T>(call(mode, leaf...)); }, made->leaves);
    made->on.ledger().set_leaves.reserve(parameters_.size() +
                                         sizeof...(A));  // so that the first replay allocates nothing
    constexpr std::size_t most = 16;                     // shapes that are kept: each has a tape of its own
    if (recordings_.size() == most) recordings_.erase(recordings_.begin());
    recordings_.push_back(std::move(made));
    return *recordings_.back();
  }

  template <class... Leaf>
  auto call(pass mode, const Leaf&... leaf) {
    if constexpr (std::invocable<Loss&, M&, const Leaf&..., pass>) {
      return loss_(*model_, leaf..., mode);
    } else {
      static_assert(std::invocable<Loss&, M&, const Leaf&...>,
                    "xgrad: nn: the loss of a step is called as loss(model, x, y, ..., pass) or loss(model, x, y, "
                    "...), with as many x, y, ... as the step is given; take them as const auto&");
      return loss_(*model_, leaf...);
    }
  }

  template <class... Leaf, class... A>
  bool fits(const detail::recording<T, Leaf...>& r, const pass& mode, const A&... x) const {
    if (r.mode.training != mode.training || r.mode.random != mode.random) return false;
    for (std::size_t i = 0; i < parameters_.size(); ++i)
      if (r.trained[i] != is_trained(parameters_[i])) return false;
    return std::apply([&](const auto&... leaf) { return (std::ranges::equal(leaf.shape(), x.shape()) && ...); },
                      r.leaves);
  }

  static bool is_trained(const named_parameter<T>& p) { return p.of && !p.of->frozen(); }
  /// A parameter that was moved to is another one: what was recorded holds on to the one before.
  void forget_if_replaced() {
    const bool same = std::ranges::all_of(parameters_, [](const auto& p) {
      return !p.of || xg::detail::memory_of(static_cast<const parameter<T>&>(*p.of)) == p.memory;
    });
    if (same) return;
    parameters_ = parameters(*model_);
    recordings_.clear();
  }

  M* model_;
  Loss loss_;
  std::vector<named_parameter<T>> parameters_;
  std::vector<std::unique_ptr<detail::any_recording<T>>> recordings_;
  thread_pool* pool_ = nullptr;
};
template <class M, class Loss>
step(M&, Loss) -> step<M, Loss>;

}  // namespace xg::nn
