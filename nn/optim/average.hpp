// Averages of a model over the course of training, which are often better than where it ends.
#pragma once

#include <xgrad/nn/module.hpp>

namespace xg::nn {

namespace detail {

/// average ← average + rate·(parameter - average), for each pair.
template <class T>
void approach(const std::vector<named_parameter<T>>& averages, const std::vector<named_parameter<T>>& now, double rate,
              const char* op);

template <class M>
class averaged {
 public:
  explicit averaged(const M& model) : model_(model) {}
  /// The averaged model, to evaluate and to save.
  const M& model() const { return model_; }
  std::uint64_t updates() const { return updates_; }

 protected:
  void approach(const M& now, double rate, const char* op) {
    detail::approach(parameters(model_), parameters(now), rate, op);
    ++updates_;
  }

 private:
  M model_;
  std::uint64_t updates_ = 0;
};

}  // namespace detail

/// ema average(net, 0.999): a copy of the model that follows it, `average.update(net)` after each step:
/// a ← decay·a + (1 - decay)·p. (Polyak and Juditsky 1992; exponential.) Throws value_error for a decay outside [0, 1).
template <class M>
class ema : public detail::averaged<M> {
 public:
  explicit ema(const M& model, double decay, const std::source_location& where = std::source_location::current())
      : detail::averaged<M>(model), decay_(decay) {
    if (!(decay >= 0 && decay < 1))
      throw value_error("ema: the decay " + std::to_string(decay) + " is not in [0, 1)" + at_line(where));
  }
  /// Throws value_error where the model's shapes are others.
  void update(const M& now) { this->approach(now, 1 - decay_, "ema"); }

 private:
  double decay_;
};

/// swa average(net): the mean of the model at each `average.update(net)`: Izmailov et al., "Averaging weights leads to
/// wider optima" (UAI 2018). Before the first it is the model it was made from.
template <class M>
class swa : public detail::averaged<M> {
 public:
  explicit swa(const M& model) : detail::averaged<M>(model) {}
  /// Throws value_error where the model's shapes are others.
  void update(const M& now) { this->approach(now, 1 / double(this->updates() + 1), "swa"); }
};

}  // namespace xg::nn
