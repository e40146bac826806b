// What an op calls itself, and how its author's code is called: an error in it, and a result that does not fit, is told
// with that name and the user's line.
#pragma once

#include <concepts>
#include <cstddef>
#include <string>

#include <xgrad/core/memory/error.hpp>
#include <xgrad/core/memory/shape.hpp>

namespace xg::detail {

template <class Op>
std::string label_of(const Op& op) {
  if constexpr (requires {
                  { op.label() } -> std::convertible_to<std::string>;
                })
    return op.label();
  else
    return Op::name;
}

/// What f returns.
template <class Op>
[[gnu::always_inline]] inline auto told_with_name(const Op& op, const std::source_location& line, const auto& f) {
  try {
    return f();
  } catch (...) {
    rethrow_named(label_of(op), line);
  }
}

// Throw what is wrong with what vjp, vjps or jvp gave for operand k.
[[noreturn]] void reject_empty_gradient(const std::string& op, std::size_t k, const std::source_location& line);
[[noreturn]] void reject_gradient(const std::string& op, std::size_t k, shape_view gradient, shape_view operand,
                                  const std::source_location& line);
[[noreturn]] void reject_gradients(const std::string& op, std::size_t given, std::size_t operands,
                                   const std::source_location& line);
[[noreturn]] void reject_tangent(const std::string& op, std::size_t k, shape_view tangent, shape_view result,
                                 const std::source_location& line);

}  // namespace xg::detail
