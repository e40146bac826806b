// Convolution in C. For the library's own sources.
#pragma once

#include <array>
#include <string>

#include <xgrad/core/export/c_writer.hpp>
#include <xgrad/ops/conv_kernel.hpp>

namespace xg::detail {

/// The loops of a convolution of input, filters and output, whose first elements are named in this order: each element
/// of one of the three, `makes`, gets the products of the two others added.
void write_convolution(c_writer& w, const conv_sizes& s, const std::array<std::string, 3>& names, std::size_t makes);

}  // namespace xg::detail
