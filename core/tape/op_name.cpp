#include <xgrad/core/tape/op_name.hpp>

namespace xg::detail {

void reject_empty_gradient(const std::string& op, std::size_t k, const std::source_location& line) {
  throw tape_error(op + ": the gradient of operand " + std::to_string(k) +
                   " is an empty handle; a wanted one must be a variable" + at_line(line));
}

void reject_gradient(const std::string& op, std::size_t k, shape_view gradient, shape_view operand,
                     const std::source_location& line) {
  throw shape_error(op + ": vjp returned shape " + to_string(gradient) + " for operand " + std::to_string(k) +
                    " of shape " + to_string(operand) + at_line(line));
}

void reject_gradients(const std::string& op, std::size_t given, std::size_t operands,
                      const std::source_location& line) {
  throw tape_error(op + ": vjps returned " + std::to_string(given) + " gradients for " + std::to_string(operands) +
                   " operands; expected one for each" + at_line(line));
}

void reject_tangent(const std::string& op, std::size_t k, shape_view tangent, shape_view result,
                    const std::source_location& line) {
  throw shape_error(op + ": jvp returned shape " + to_string(tangent) + " for operand " + std::to_string(k) +
                    "; the result has " + to_string(result) + at_line(line));
}

}  // namespace xg::detail
