// Initialisation: the scheme is always named, the source of random numbers always given. What a parameter gets depends
// on the seed, on how many streams were taken from it before (each call takes one), and on the parameter's path; so a
// layer that is added changes no other layer's numbers. They are the same on every platform, and for float those for
// double, rounded.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <xgrad/nn/layers/pass.hpp>
#include <xgrad/nn/module.hpp>

namespace xg::nn {

/// What the random schemes take: {.on = "hidden.*", .uniform = true}.
struct init_options {
  std::string on = "*";             // the parameters by path; a pattern that matches nothing is an error
  bool uniform = false;             // evenly spread instead of normally distributed, with the same deviation
  std::optional<double> gain = {};  // instead of the scheme's own
};

namespace detail {

enum class scheme { he, xavier, orthogonal, gaussian, constant };

/// `value`: the gain, the deviation, or the constant.
template <class T>
void initialise(const std::vector<named_parameter<T>>& all, scheme how, std::string_view pattern, double value,
                bool uniform, rng* random, const std::source_location& where);

template <class M>
constexpr void seed_forgotten() {
  static_assert(never<M>,
                "xgrad: nn: random numbers need a source with a seed that you choose: nn::rng rng(42); then "
                "nn::he(net, rng)");
}

}  // namespace detail

/// He et al., "Delving deep into rectifiers" (ICCV 2015): for layers followed by relu. Weights of rank ≥ 2 get the
/// deviation gain/√fan_in, gain √2; others (biases) stay as they are. A weight's fan_in is what one output sums over:
/// its elements without the first axis. Throws value_error for a pattern that matches no weight of rank ≥ 2.
template <class M>
void he(M& model, rng& random, const init_options& how = {},
        const std::source_location& where = std::source_location::current()) {
  detail::initialise(parameters(model), detail::scheme::he, how.on, how.gain.value_or(1.4142135623730951), how.uniform,
                     &random, where);
}
/// Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks" (AISTATS 2010): the
/// deviation gain·√(2/(fan_in + fan_out)), gain 1; for tanh, sigmoid and the last layer. Else as `he`.
template <class M>
void xavier(M& model, rng& random, const init_options& how = {},
            const std::source_location& where = std::source_location::current()) {
  detail::initialise(parameters(model), detail::scheme::xavier, how.on, how.gain.value_or(1), how.uniform, &random,
                     where);
}
/// Saxe, McClelland, Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks"
/// (ICLR 2014): weights, seen as matrices with the first axis as rows, with orthonormal rows or columns, times the
/// gain, 1. Else as `he`.
template <class M>
void orthogonal(M& model, rng& random, const init_options& how = {},
                const std::source_location& where = std::source_location::current()) {
  detail::initialise(parameters(model), detail::scheme::orthogonal, how.on, how.gain.value_or(1), false, &random,
                     where);
}
/// Mean 0 and this deviation, for embeddings say. Else as `he`.
template <class M>
void gaussian(M& model, rng& random, double deviation, const init_options& how = {},
              const std::source_location& where = std::source_location::current()) {
  detail::initialise(parameters(model), detail::scheme::gaussian, how.on, deviation * how.gain.value_or(1), how.uniform,
                     &random, where);
}
/// One value for all elements of the weights, biases included, that the pattern matches.
template <class M>
void constant(M& model, double value, std::string_view on = "*",
              const std::source_location& where = std::source_location::current()) {
  detail::initialise(parameters(model), detail::scheme::constant, on, value, false, nullptr, where);
}

// Forgotten: the source of random numbers.
template <class M>
void he(M&) {
  detail::seed_forgotten<M>();
}
template <class M>
void xavier(M&) {
  detail::seed_forgotten<M>();
}
template <class M>
void orthogonal(M&) {
  detail::seed_forgotten<M>();
}
template <class M>
void gaussian(M&, double) {
  detail::seed_forgotten<M>();
}

}  // namespace xg::nn
