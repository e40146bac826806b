// Losses of classifiers: cross-entropy from logits, and from logarithms of probabilities, by the definitions of
// torch.nn.functional.
#pragma once

#include <optional>
#include <vector>

#include <xgrad/core/tape/op.hpp>

namespace xg {

/// What a loss makes of the losses of its samples.
enum class reduction { mean, sum, none };

/// How cross_entropy and nll_loss count.
struct class_loss_options {
  /// One for each class; a mean is then the weighted one. Empty: all 1.
  std::vector<double> weights = {};
  /// This share of a label is spread over all classes (Szegedy et al., 2015). Of cross_entropy alone.
  double smoothing = 0;
  /// Samples with this label have no loss and no gradient, and do not count in the mean.
  std::optional<std::int64_t> ignore_label = {};
  reduction over = reduction::mean;
};

namespace detail {

template <class T>
var<T> record_cross_entropy(const var<T>& x, const indices<T>& labels, const class_loss_options& options,
                            const std::source_location& where);
template <class T>
var<T> record_cross_entropy(const var<T>& x, const var<T>& targets, const class_loss_options& options,
                            const std::source_location& where);
template <class T>
var<T> record_nll_loss(const var<T>& x, const indices<T>& labels, const class_loss_options& options,
                       const std::source_location& where);

}  // namespace detail

/// cross_entropy(logits, labels): the mean of -log softmax(logits)[label], in one node. Logits are (samples, classes),
/// or (samples, classes, d...), or (classes) for one sample; labels, from `t.indices(...)`, the same without the
/// classes. cross_entropy(logits, targets): of probabilities, of the shape of the logits, which may be variables.
/// The mean of no counted sample is NaN. Nothing broadcasts: throws shape_error; value_error for a label out of range
/// (at recording and at a replay), a number of weights that is not that of the classes, a smoothing outside [0, 1].
struct cross_entropy_t {
  template <differentiable X, class T = typename X::scalar_type, class Arch = detail::simd_arch>
  auto operator()(const X& logits, const std::type_identity_t<indices<T>>& labels,
                  const class_loss_options& options = {},
                  const std::source_location& where = std::source_location::current()) const {
    return detail::record_cross_entropy(recorded<Arch>(logits, where), labels, options, where);
  }
  template <differentiable X, class Q, class Arch = detail::simd_arch>
  requires(!is_indices<Q>) auto operator()(const X& logits, const Q& targets, const class_loss_options& options = {},
                                           const std::source_location& where = std::source_location::current()) const {
    auto& l = detail::ledger_of(logits, where);
    detail::attempt recording(l);
    return recording.keep(detail::record_cross_entropy(recorded<Arch>(logits, where),
                                                       detail::as_var<Arch>(l, targets, where), options, where));
  }
};
inline constexpr cross_entropy_t cross_entropy;

/// nll_loss(log_probabilities, labels): the mean of -log_probabilities[label]; shapes, options and errors as for
/// cross_entropy, which is this of log_softmax, faster and with more digits.
struct nll_loss_t {
  template <differentiable X, class T = typename X::scalar_type, class Arch = detail::simd_arch>
  auto operator()(const X& log_probabilities, const std::type_identity_t<indices<T>>& labels,
                  const class_loss_options& options = {},
                  const std::source_location& where = std::source_location::current()) const {
    return detail::record_nll_loss(recorded<Arch>(log_probabilities, where), labels, options, where);
  }
};
inline constexpr nll_loss_t nll_loss;

}  // namespace xg
