// Matrix products in C. For the library's own sources.
#pragma once

#include <string>

#include <xgrad/core/export/c_writer.hpp>
#include <xgrad/ops/gemm.hpp>

namespace xg::detail {

/// The loops of c = a·b, in an order in which the last one steps from element to element where that can be had. c is
/// row-major; a, b and c name the first elements.
void write_product(c_writer& w, const std::string& c, const std::string& a, const matrix_layout& of_a,
                   const std::string& b, const matrix_layout& of_b);

}  // namespace xg::detail
