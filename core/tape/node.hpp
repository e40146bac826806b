// A node: one recorded statement or structured op. Nodes live in the tape's arena and are visited in order of
// recording.
#pragma once

#include <cstddef>
#include <cstdint>
#include <source_location>
#include <span>
#include <string>

#include <xgrad/core/expression/variable.hpp>
#include <xgrad/core/tape/names.hpp>

namespace xg {

template <class T>
class adjoint_vars;
template <class T>
class tangent_vars;
class node_writer;

template <class T>
class node {
 public:
  slot<T>* out = nullptr;
  std::source_location where;
  bool intermediate = false;  // a step on the way to a gradient: it may be infinite on a branch that is not taken

  /// Computes the value of `out` from the values of the inputs.
  virtual void forward(tape<T>& t) = 0;
  /// Adds to (or assigns, where `tape::begin_adjoint` says so) the adjoints of the inputs, from the adjoint of `out`.
  virtual void backward(tape<T>& t) = 0;
  /// The same with variables: records the gradients, so that they can be differentiated again.
  virtual void record_backward(tape<T>& t, adjoint_vars<T>& adjoints) = 0;
  /// Forward: records the tangent of `out`, J u, from those of the inputs. Unless a node knows better, J is recorded as
  /// the transpose of what `record_backward` applies.
  virtual void record_forward(tape<T>& t, tangent_vars<T>& tangents);
  virtual std::span<slot<T>* const> inputs() const = 0;
  /// Bit k: a gradient can flow to input k. (Not to a condition, for instance.)
  virtual std::uint64_t live_inputs() const { return ~std::uint64_t(0); }
  /// What was computed, for messages and pictures: `tanh(W * v1)`, where one variable has a name.
  virtual std::string text(const variable_names& names) const = 0;
  /// Tells the writer what this node computes; see core/export/describe.hpp.
  virtual void describe(node_writer& w) const;
  /// Called when the tape lets go of a node that owns memory outside the arena.
  virtual void destroy() {}

 protected:
  ~node() = default;
};

}  // namespace xg
