// Computing a part of a tape again: what depends on some variables, after their values were written to.
#pragma once

#include <span>
#include <vector>

#include <xgrad/core/tape/ledger.hpp>

namespace xg::detail {

template <class T>
class rerun {
 public:
  rerun() = default;
  /// The nodes from number `first` on that depend on the changing slots. What does not is left as it is, so that draws
  /// among them keep their numbers.
  rerun(const ledger<T>& l, std::span<slot<T>* const> changing, std::size_t first) {
    std::vector<char> changes(l.slots.size(), 0);
    for (const slot<T>* s : changing) changes[s->id] = 1;
    for (std::size_t n = first; n < l.nodes.size(); ++n) {
      bool depends = false;
      for (const slot<T>* in : l.nodes[n]->inputs()) depends |= changes[in->id] != 0;
      if (!depends) continue;
      nodes_.push_back(l.nodes[n]);
      changes[l.nodes[n]->out->id] = 1;
    }
  }
  void operator()(ledger<T>& l) const {
    for (node<T>* n : nodes_) n->forward(l);
  }

 private:
  std::vector<node<T>*> nodes_;
};

}  // namespace xg::detail
