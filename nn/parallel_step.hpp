// Training steps on several threads of one machine: each computes a part of the batch on a tape of its own, all borrow
// the same parameters.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include <xgrad/nn/recordings.hpp>

namespace xg::nn {

struct parallel_options {
  std::size_t threads = 0;  // 0: as many as the machine runs at once
  std::size_t parts = 4;    // of a batch: the result depends on them, and not on the number of threads
};

namespace detail {

/// How many samples the arrays of a batch have. Throws shape_error where they differ.
std::size_t common_samples(std::span<const shape_t> shapes, const std::source_location& where);
std::size_t require_parts(std::size_t parts, const std::source_location& where);

/// Rows begin to end of an array, seen where they lie.
template <class A>
auto rows_of_array(const A& a, std::size_t begin, std::size_t end) {
  static_assert(is_row_major_container<A>,
                "xgrad: nn::parallel_step: a batch is made of arrays whose samples lie one after the other "
                "(xt::xarray, xt::xtensor, xt::adapt); write xt::eval(x) for an expression");
  shape_t shape = shape_of(a);
  const std::size_t length = shape[0] == 0 ? 0 : a.size() / shape[0];
  shape[0] = end - begin;
  return xt::adapt<xt::layout_type::row_major>(a.data() + begin * length, (end - begin) * length, xt::no_ownership(),
                                               shape);
}

/// The buffers of a model (running averages), once more for each part of a batch but the first, which has the model's:
/// what is recorded for a part reads and writes those of the part.
template <class T>
class buffer_copies {
 public:
  void make(const std::vector<named_parameter<T>>& all, std::size_t parts);
  /// Puts the copies of a part into the model while its loss is recorded, and out of it: the same call.
  void exchange(std::size_t part);
  /// Before a batch: all parts begin with what the model has.
  void spread();
  /// After it: what was written is the mean of the parts', of these weights.
  void gather(std::span<const double> weights);

 private:
  struct entry {
    buffer<T>* in_model;
    std::uint64_t version;
    std::vector<buffer<T>> copies;
  };
  std::vector<entry> entries_;
};

extern template class buffer_copies<float>;
extern template class buffer_copies<double>;

}  // namespace detail

/// parallel_step step(net, loss, {.threads = 2}): a training step as nn::step is one, on several threads. The batch is
/// cut into parts of as many samples each, or nearly; each part has a tape of its own. The gradients are added up in
/// the order of the parts, so the result is the same to the last bit for any number of threads, and that of nn::step
/// but for rounding where the loss is a mean over the samples. What looks at the whole batch sees its part: batch
/// normalisation takes the statistics of each, and the running averages are the mean of theirs.
///
/// OpenBLAS starts threads of its own for large products; OPENBLAS_NUM_THREADS=1 in the environment keeps them apart.
template <class M, class Loss>
class parallel_step {
 public:
  using scalar_type = scalar_of<M>;
  using T = scalar_type;
  using by = detail::optimiser_at<T>;

  /// Throws value_error for a weight that was never initialised, and for 0 parts.
  parallel_step(M& model, Loss loss, const parallel_options& how = {},
                const std::source_location& where = std::source_location::current())
      : model_(model, std::move(loss), "parallel_step", where),
        parts_(detail::require_parts(how.parts, where)),
        threads_(std::min(how.threads == 0 ? how.parts : how.threads, how.parts)) {
    weights_.reserve(how.parts);
    buffers_.make(model_.parameters(), how.parts);
  }

  /// step(opt, x, y, nn::training(rng)): computes the loss and its gradients and lets the optimiser change the
  /// parameters. The loss, as it was before: the mean of the parts'. Throws shape_error for arrays of different numbers
  /// of samples.
  template <class... A>
  T operator()(by o, const A&... batch_and_mode) {
    if (parts_.size() == 1) {  // an optimiser with a line search computes the loss again
      compute(false, o.where, batch_and_mode...);
      return o.how.step(parts_[0].now->on, parts_[0].now->loss, o.where);
    }
    const T loss = add(o, batch_and_mode...);
    o.how.step(o.where);
    return loss;
  }

  /// step.loss(x, y): the loss alone; of a model that is evaluated, unless a pass says otherwise.
  template <class... A>
  T loss(const A&... batch_and_mode) {
    return compute(false, std::source_location::current(), batch_and_mode...);
  }

  /// step.add(opt, x, y, nn::training(rng)): adds the gradients to the optimiser's; opt.step() then takes one step for
  /// several batches. The loss.
  template <class... A>
  T add(by o, const A&... batch_and_mode) {
    const T loss = compute(true, o.where, batch_and_mode...);
    for (std::size_t i = 0; i < weights_.size(); ++i) o.how.add(parts_[i].now->on, weights_[i], o.where);
    return loss;
  }

  /// Has the loss recorded anew for each shape, with new streams of random numbers.
  void forget() {
    for (part& p : parts_) p.recorded.clear();
  }

 private:
  struct part {
    detail::recordings<T> recorded;
    detail::any_recording<T>* now = nullptr;  // of this batch
    bool fresh = false;                       // it was recorded just now, and needs no replay
  };

  template <class... A>
  T compute(bool backward, const std::source_location& where, const A&... batch_and_mode) {
    return detail::with_pass(
        [&](const pass& mode, const auto&... x) { return compute_batch(backward, where, mode, x...); },
        batch_and_mode...);
  }

  template <class... A>
  T compute_batch(bool backward, const std::source_location& where, const pass& mode, const A&... x) {
    if (model_.replaced()) forget(), buffers_.make(model_.parameters(), parts_.size());
    const shape_t shapes[] = {shape_of(x)...};
    const std::size_t n = detail::common_samples(shapes, where);
    const std::size_t parts = std::clamp(n, std::size_t(1), parts_.size());
    const auto begin = [&](std::size_t i) { return i * n / parts; };
    weights_.clear();
    for (std::size_t i = 0; i < parts; ++i)
      weights_.push_back(n == 0 ? 1 : double(begin(i + 1) - begin(i)) / double(n));
    buffers_.spread();
    for (std::size_t i = 0; i < parts; ++i)
      find_or_record(i, mode, where, detail::rows_of_array(x, begin(i), begin(i + 1))...);
    threads_.parallel_for(parts, 1, [&](std::size_t first, std::size_t last) {
      for (std::size_t i = first; i < last; ++i)
        replay(parts_[i], backward, where, detail::rows_of_array(x, begin(i), begin(i + 1))...);
    });
    buffers_.gather(weights_);
    double sum = 0;
    for (std::size_t i = 0; i < parts; ++i) sum += weights_[i] * double(parts_[i].now->loss.item(where));
    return T(sum);
  }

  /// Recording is not for several threads: it takes streams of random numbers, whose order counts.
  template <class... A>
  void find_or_record(std::size_t i, const pass& mode, const std::source_location& where, const A&... x) {
    part& p = parts_[i];
    auto* found = p.recorded.find(model_.parameters(), mode, x...);
    p.fresh = !found;
    if (p.fresh) {
      buffers_.exchange(i);
      try {
        found = &p.recorded.add(
            model_.parameters(), mode, [&](const auto&... leaf) { return model_(mode, leaf...); }, where, x...);
      } catch (...) {
        buffers_.exchange(i);
        throw;
      }
      buffers_.exchange(i);
    }
    p.now = found;
  }
  template <class... A>
  static void replay(part& p, bool backward, const std::source_location& where, const A&... x) {
    auto& r = static_cast<detail::recording_of<T, A...>&>(*p.now);
    if (!p.fresh) detail::recordings<T>::replay(r, where, x...);
    if (backward) r.on.backward(r.loss, where);
  }

  detail::model_with_loss<M, Loss> model_;
  std::vector<part> parts_;
  std::vector<double> weights_;  // of the parts of this batch
  detail::buffer_copies<T> buffers_;
  thread_pool threads_;
};
template <class M, class Loss>
parallel_step(M&, Loss, parallel_options = {}) -> parallel_step<M, Loss>;

}  // namespace xg::nn
