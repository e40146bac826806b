// What a node says of itself, in the order in which it says it: what pictures, and exports to other formats, are made
// from.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace xg {

class c_writer;

/// Told by `node::describe` what a node computes. Its operands, their shapes and the result's are the tape's to tell.
class node_writer {
 public:
  /// The function of a structured op (`matmul`), or the fold of a statement (`sum`); not called for a plain statement.
  virtual void function(std::string_view name) = 0;
  /// What else it depends on: of a fold the shape it is folded to (`kept`), of an op what its author tells.
  virtual void attribute(std::string_view name, const std::string& value) = 0;
  /// A number written in the statement. Values of its program are counted: first the operands, then the numbers, then
  /// one for each step.
  virtual void number(double value) = 0;
  /// A step of the program: a function of values that came before. The last step is the statement's value.
  virtual void step(std::string_view function, std::span<const int> values) = 0;
  /// Where a structured op writes its C, if this is what is being made (core/export/c_writer.hpp); else null.
  virtual c_writer* c() { return nullptr; }

 protected:
  ~node_writer() = default;
};

}  // namespace xg
