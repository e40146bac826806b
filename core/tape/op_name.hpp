// What an op calls itself, and how its author's code is called: an error in it is told with that name and the user's
// line.
#pragma once

#include <concepts>
#include <string>

#include <xgrad/core/memory/error.hpp>

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

}  // namespace xg::detail
