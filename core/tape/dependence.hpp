// Which elements of a result depend on which elements of an operand: what an op says of itself, for sparse Jacobians.
//
// A structured op may say it with a member `void dependence(element_links& links, array<const T> x...) const` (one
// std::span for a list of operands; whole numbers last, as array<const std::int64_t>). One that says nothing is taken
// to be dense: every element of every result depends on every element of every operand, which is always right. To name
// too many pairs costs time; one too few is an error, which the probe of `sparse_jacobian` finds.
#pragma once

#include <cstddef>

namespace xg {

/// Where an op tells its dependences.
class element_links {
 public:
  /// Element i of the result depends on `count` elements of operand k: j, j + stride, ...
  void add(std::size_t i, std::size_t k, std::size_t j, std::size_t count = 1, std::size_t stride = 1) {
    add_to(0, i, k, j, count, stride);
  }
  /// The same for result r of several.
  virtual void add_to(std::size_t r, std::size_t i, std::size_t k, std::size_t j, std::size_t count = 1,
                      std::size_t stride = 1) = 0;

 protected:
  ~element_links() = default;
};

namespace detail {

/// A node that tells.
class tells_dependence {
 public:
  virtual void tell_dependence(element_links& links) const = 0;

 protected:
  ~tells_dependence() = default;
};
/// By Node::write.
template <class Node>
class dependence_of : public tells_dependence {
 public:
  void tell_dependence(element_links& links) const final { static_cast<const Node&>(*this).write(links); }
};
struct tells_nothing {};

}  // namespace detail

}  // namespace xg
