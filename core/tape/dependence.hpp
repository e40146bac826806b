// Which elements of a result depend on which elements of an operand: what a node says of itself, for sparse Jacobians.
//
// A structured op may say it with a member `void dependence(element_links& links, shape_view y, shape_view x...)
// const`, (for a list of operands, of results, one std::span<const shape_view>), whole numbers coming last, as
// array<const std::int64_t>. One that says nothing is taken to be dense: every element of every result depends on every
// element of every operand, which is always right. To name too many pairs costs time; one too few is an error, which a
// probe of `sparse_jacobian` finds.
#pragma once

#include <cstddef>

#include <xgrad/core/memory/shape.hpp>

namespace xg {

/// Where an op tells its dependences.
class element_links {
 public:
  /// Element i of the result depends on `count` elements of operand k: j, j + stride, ...
  void add(std::size_t i, std::size_t k, std::size_t j, std::size_t count = 1, std::size_t stride = 1) {
    add(0, i, k, j, count, stride);
  }
  /// The same for result r of several.
  virtual void add(std::size_t r, std::size_t i, std::size_t k, std::size_t j, std::size_t count,
                   std::size_t stride) = 0;
  /// Every element of every result depends on every element of every operand.
  virtual void all() = 0;

 protected:
  ~element_links() = default;
};

}  // namespace xg
