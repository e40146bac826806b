// A node: one recorded statement or structured op. Nodes live in the ledger's arena and are visited in order of
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
  virtual void forward(detail::ledger<T>& l) = 0;
  /// Adds to (or assigns, where `ledger::begin_adjoint` says so) the adjoints of the inputs, from the adjoint of `out`.
  virtual void backward(detail::ledger<T>& l) = 0;
  /// The same with variables: records the gradients, so that they can be differentiated again.
  virtual void record_backward(detail::ledger<T>& l, adjoint_vars<T>& adjoints) = 0;
  /// Forward: records the tangents of the results, J u, from those of the inputs. Unless a node knows better, J is
  /// recorded as the transpose of what `record_backward` applies.
  virtual void record_forward(detail::ledger<T>& l, tangent_vars<T>& tangents);
  virtual std::span<slot<T>* const> inputs() const = 0;
  /// The slots that have tangents and adjoints for what is computed here: `out`, or the parts of a packed one.
  virtual std::span<slot<T>* const> results() const { return {&out, 1}; }
  /// Bit k: a gradient can flow to input k (not to a condition, for instance); the last bit stands for all from 63 on.
  virtual std::uint64_t live_inputs() const { return ~std::uint64_t(0); }
  /// Calls f for each input a gradient can flow to.
  void for_each_live_input(const auto& f) const {
    auto live = std::int64_t(live_inputs());
    for (const slot<T>* in : inputs()) {
      if (live & 1) f(*in);
      live >>= 1;
    }
  }
  /// What was computed, for messages and pictures: `tanh(W * v1)`, where one variable has a name.
  virtual std::string text(const variable_names& names) const = 0;
  /// Tells the writer what this node computes; see core/export/describe.hpp.
  virtual void describe(node_writer& w) const;
  /// Called when the tape lets go of a node that owns memory outside the arena.
  virtual void destroy() {}

 protected:
  /// A function of the inputs, by their names: `matmul(W, v1)`.
  std::string call_text(const std::string& function, const variable_names& names) const;
  ~node() = default;
};

}  // namespace xg
