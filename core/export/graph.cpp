#include <xgrad/core/export/graph.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ostream>

#include <xgrad/core/export/describe.hpp>

namespace xg {

namespace {

std::string number_text(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", x + 0.0);  // without the sign of a zero
  return text;
}

/// Up to six numbers as they are, in the brackets of their rows; of more, how many and from where to where.
template <class T>
std::string numbers_text(const T* at, const slot<T>& s) {
  if (s.size > 6 || s.size == 0) {
    if (s.size == 0) return "no numbers";
    T low = INFINITY, high = -INFINITY;
    std::size_t odd = 0;
    for (std::size_t i = 0; i < s.size; ++i) {
      odd += std::isnan(at[i]);
      low = std::fmin(low, at[i]), high = std::fmax(high, at[i]);
    }
    return std::to_string(s.size) + " numbers" +
           (odd < s.size ? " from " + number_text(double(low)) + " to " + number_text(double(high)) : "") +
           (odd ? ", " + std::to_string(odd) + " NaN" : "");
  }
  std::string text;
  const std::size_t rank = s.rank;
  for (std::size_t i = 0; i < s.size; ++i) {
    std::size_t opened = 0, closed = 0, block = 1;  // rows that begin and that end here
    for (std::size_t d = rank; d-- > 0;) {
      block *= s.extents[d];
      opened += i % block == 0;
      closed += (i + 1) % block == 0;
    }
    text += std::string(opened, '[') + number_text(double(at[i])) + std::string(closed, ']');
    if (i + 1 < s.size) text += ", ";
  }
  return text;
}

std::string line_text(const std::source_location& where) {
  std::string text = at_line(where);  // " (net.cpp:7)"
  if (text.size() < 4) return "";
  return text.substr(2, text.size() - 3);
}

class attributes_of : public node_writer {
 public:
  std::string text;
  void function(std::string_view) override {}
  void attribute(std::string_view name, const std::string& value) override {
    if (name == "kept") return;  // the shapes tell
    text += (text.empty() ? "" : ", ") + std::string(name) + ": " + value;
  }
  void number(double) override {}
  void step(std::string_view, std::span<const int>) override {}
};

/// The adjoint of a slot, if the last backward gave it one.
template <class T>
std::string gradient_text(const var<T>& v, const slot<T>& s, std::uint32_t sweep) {
  if (!s.adjoint || sweep == 0 || s.sweep != sweep) return "";
  try {
    const auto g = v.grad();
    return numbers_text(g.data(), s);
  } catch (const tape_error&) {  // the sweep failed, or was limited to others
    return "";
  }
}

}  // namespace

template <class T>
computation_graph make_graph(std::span<const var<T>> ys, const graph_options& options,
                             const std::source_location& where) {
  computation_graph g;
  if (ys.empty()) return g;
  detail::ledger<T>& l = ys.front().ledger(where);
  std::uint32_t last = 0;
  std::vector<const slot<T>*> results;
  for (const var<T>& y : ys) {
    results.push_back(l.slot_of(y, where, "graph"));
    l.require_replayed(*results.back(), "graph", where);
    last = std::max(last, results.back()->id);
  }
  std::vector<char> reached(last + 1, 0);
  for (const slot<T>* y : results) reached[y->id] = 1;
  std::size_t count = 0;
  std::uint32_t sweep = 0;
  std::vector<const slot<T>*> shown;  // from the last back
  for (std::uint32_t id = last + 1; id-- > 0;) {
    if (!reached[id]) continue;
    const slot<T>& s = l.slots[id];
    sweep = std::max(sweep, s.sweep);
    ++count;
    if (shown.size() < std::max<std::size_t>(options.limit, 1)) shown.push_back(&s);
    if (s.producer != 0)
      for (const slot<T>* in : l.nodes[s.producer - 1]->inputs()) reached[in->id] = 1;
  }
  g.left_out_ = count - shown.size();
  std::ranges::reverse(shown);

  for (const slot<T>* s : shown) {
    auto& e = g.entries_.emplace_back();
    const var<T> v = l.handle(*s);
    e.name = l.names.of(s->id);
    e.shape = to_string(s->shape());
    e.line = line_text(l.line_of(*s));
    if (options.values) {
      e.value = numbers_text(static_cast<const T*>(s->value), *s);
      e.gradient = gradient_text(v, *s, sweep);
    }
    if (s->producer == 0) {
      e.what = s->adjoint ? computation_graph::kind::variable : computation_graph::kind::constant;
      continue;
    }
    const node<T>& n = *l.nodes[s->producer - 1];
    e.text = n.text(l.names);
    attributes_of w;
    n.describe(w);
    e.attributes = w.text;
    for (const slot<T>* in : n.inputs()) {
      const auto at = std::ranges::lower_bound(shown, in->id, {}, &slot<T>::id);
      if (at != shown.end() && *at == in)
        e.operands.push_back(std::size_t(at - shown.begin()));
      else
        e.cut = true;
    }
  }
  return g;
}

template computation_graph make_graph(std::span<const var<float>>, const graph_options&, const std::source_location&);
template computation_graph make_graph(std::span<const var<double>>, const graph_options&, const std::source_location&);

}  // namespace xg
