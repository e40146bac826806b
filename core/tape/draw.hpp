// Draws: nodes without operands, whose values are random numbers. A replay draws anew.
#pragma once

#include <xgrad/core/tape/random.hpp>
#include <xgrad/core/tape/tape.hpp>

namespace xg {

namespace detail {

enum class distribution { uniform, normal, bernoulli };

/// a, b: the ends of the interval; mean and deviation; the probability.
template <class T>
var<T> record_draw(ledger<T>& l, distribution what, T a, T b, shape_view shape, rng& from,
                   const std::source_location& where);

}  // namespace detail

/// Random numbers of a shape, as a constant of the tape: evenly spread over [low, high). `replay` draws other ones.
/// Throws value_error where low > high, or they are not finite.
template <class T>
var<T> uniform(tape<T>& t, const shape_t& shape, rng& from, std::type_identity_t<T> low = 0,
               std::type_identity_t<T> high = 1, const std::source_location& where = std::source_location::current()) {
  return detail::record_draw(t.ledger(), detail::distribution::uniform, low, high, shape, from, where);
}
/// Normally distributed. Throws value_error for a negative deviation.
template <class T>
var<T> normal(tape<T>& t, const shape_t& shape, rng& from, std::type_identity_t<T> mean = 0,
              std::type_identity_t<T> deviation = 1,
              const std::source_location& where = std::source_location::current()) {
  return detail::record_draw(t.ledger(), detail::distribution::normal, mean, deviation, shape, from, where);
}
/// 1 with probability p, else 0. Throws value_error for p outside [0, 1].
template <class T>
var<T> bernoulli(tape<T>& t, const shape_t& shape, rng& from, std::type_identity_t<T> p,
                 const std::source_location& where = std::source_location::current()) {
  return detail::record_draw(t.ledger(), detail::distribution::bernoulli, p, T(0), shape, from, where);
}

}  // namespace xg
