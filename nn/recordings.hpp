// What training steps are made of: a model with its loss, recorded once for each shape of a batch and replayed after.
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
template <class T, class... A>
using recording_of = recording<T, leaf_of<T, A>...>;

template <class T>
bool is_trained(const named_parameter<T>& p) {
  return p.of && !p.of->frozen();
}

/// What was recorded of a loss: a tape of its own for each shape of a batch.
template <class T>
class recordings {
 public:
  /// The one for such a batch and pass, and for what is frozen now; null if there is none.
  template <class... A>
  recording_of<T, A...>* find(const std::vector<named_parameter<T>>& parameters, const pass& mode, const A&... x) {
    for (auto& any : all_) {
      auto* r = dynamic_cast<recording_of<T, A...>*>(any.get());
      if (r && fits(*r, parameters, mode, x...)) return r;
    }
    return nullptr;
  }
  /// Records call(leaves...), which has its value then.
  template <class Call, class... A>
  recording_of<T, A...>& add(const std::vector<named_parameter<T>>& parameters, const pass& mode, Call call,
                             const std::source_location& where, const A&... x) {
    auto made = std::make_unique<recording_of<T, A...>>();
    if (pool_) made->on.use(*pool_);
    made->mode = mode;
    for (const auto& p : parameters) made->trained.push_back(is_trained(p));
    made->leaves = {make_leaf<T>(made->on, x, where)...};
    made->loss = std::apply([&](const auto&... leaf) { return var<T>(call(leaf...)); }, made->leaves);
    // so that the first replay allocates nothing
    made->on.ledger().set_leaves.reserve(parameters.size() + sizeof...(A));
    constexpr std::size_t most = 16;  // shapes that are kept
    if (all_.size() == most) all_.erase(all_.begin());
    auto& kept = *made;
    all_.push_back(std::move(made));
    return kept;
  }
  /// Brings it up to date with a batch of its shape.
  template <class... Leaf, class... A>
  static void replay(recording<T, Leaf...>& r, const std::source_location& where, const A&... x) {
    std::apply([&](const auto&... leaf) { (r.on.set(leaf, x, where), ...); }, r.leaves);
    r.on.replay();
  }
  /// Tapes compute on a pool from now on.
  void use(thread_pool& pool) {
    pool_ = &pool;
    for (auto& r : all_) r->on.use(pool);
  }
  void clear() { all_.clear(); }
  const var<T>& last() const { return all_.back()->loss; }

 private:
  template <class... Leaf, class... A>
  static bool fits(const recording<T, Leaf...>& r, const std::vector<named_parameter<T>>& parameters, const pass& mode,
                   const A&... x) {
    if (r.mode.training != mode.training || r.mode.random != mode.random) return false;
    for (std::size_t i = 0; i < parameters.size(); ++i)
      if (r.trained[i] != is_trained(parameters[i])) return false;
    return std::apply([&](const auto&... leaf) { return (std::ranges::equal(leaf.shape(), x.shape()) && ...); },
                      r.leaves);
  }

  std::vector<std::unique_ptr<any_recording<T>>> all_;
  thread_pool* pool_ = nullptr;
};

/// A model and its loss, which is called as loss(model, x, y, ..., pass) or loss(model, x, y, ...).
template <class M, class Loss>
class model_with_loss {
 public:
  using T = scalar_of<M>;
  model_with_loss(M& model, Loss loss, const char* op, const std::source_location& where)
      : model_(&model), loss_(std::move(loss)), parameters_(nn::parameters(model)) {
    require_initialised(parameters_, op, where);
    name_by_path(parameters_);
  }

  template <class... Leaf>
  auto operator()(const pass& mode, const Leaf&... leaf) {
    if constexpr (std::invocable<Loss&, M&, const Leaf&..., pass>) {
      return loss_(*model_, leaf..., mode);
    } else {
      static_assert(std::invocable<Loss&, M&, const Leaf&...>,
                    "xgrad: nn: the loss of a step is called as loss(model, x, y, ..., pass) or loss(model, x, y, "
                    "...), with as many x, y, ... as the step is given; take them as const auto&");
      return loss_(*model_, leaf...);
    }
  }
  const std::vector<named_parameter<T>>& parameters() const { return parameters_; }
  /// A parameter that was moved to is another one: what was recorded holds on to the one before.
  bool replaced() {
    const bool same = std::ranges::all_of(parameters_, [](const auto& p) {
      return !p.of || xg::detail::memory_of(static_cast<const parameter<T>&>(*p.of)) == p.memory;
    });
    if (!same) parameters_ = nn::parameters(*model_);
    return !same;
  }

 private:
  M* model_;
  Loss loss_;
  std::vector<named_parameter<T>> parameters_;
};

/// f(pass, x...) of arguments of which the last may be a pass; else the pass is eval.
template <class F, class... A>
decltype(auto) with_pass(F f, const A&... given) {
  if constexpr (std::same_as<std::tuple_element_t<sizeof...(A) - 1, std::tuple<A...>>, pass>) {
    const auto all = std::tie(given...);
    return [&]<std::size_t... I>(std::index_sequence<I...>)->decltype(auto) {
      return f(std::get<sizeof...(A) - 1>(all), std::get<I>(all)...);
    }
    (std::make_index_sequence<sizeof...(A) - 1>());
  } else {
    return f(eval, given...);
  }
}

/// An optimiser, with the line of the call.
template <class T>
struct optimiser_at {
  optimiser<T>& how;
  std::source_location where;
  optimiser_at(optimiser<T>& o, const std::source_location& w = std::source_location::current()) : how(o), where(w) {}
};

}  // namespace detail

}  // namespace xg::nn
