// The computation as lines of text, and for Graphviz.
#include <algorithm>
#include <array>
#include <ostream>

#include <xgrad/core/export/graph.hpp>

namespace xg {

namespace {

using kind = computation_graph::kind;

// In code points, which is what UTF-8 text is wide (mostly).
std::size_t width_of(const std::string& text) {
  return std::size_t(std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string escaped(const std::string& text) {
  std::string result;
  for (char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (c == '\n')
      result += "\\n";
    else
      result += c;
  }
  return result;
}

std::string more(std::size_t count) {
  return "… " + std::to_string(count) + (count == 1 ? " more node" : " more nodes");
}

}  // namespace

std::string computation_graph::text() const {
  static constexpr std::size_t columns = 5;
  std::vector<std::array<std::string, columns>> rows;
  std::array<std::size_t, columns> width{};
  for (const entry& e : entries_) {
    const std::string what = e.what == kind::variable   ? "variable"
                             : e.what == kind::constant ? "constant"
                                                        : "= " + e.text;
    rows.push_back({e.name, what + (e.attributes.empty() ? "" : " (" + e.attributes + ")"), e.shape,
                    e.value + (e.gradient.empty() ? "" : "  gradient " + e.gradient), e.line});
    for (std::size_t k = 0; k < columns; ++k)
      width[k] = std::max(width[k], std::min<std::size_t>(width_of(rows.back()[k]), 60));
  }
  std::string all;
  if (left_out_ > 0) all += more(left_out_) + " before\n";
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t k = 0; k < columns; ++k) {
      if (width[k] == 0) continue;
      line += row[k];
      const std::size_t own = width_of(row[k]);
      line += std::string(own < width[k] ? width[k] - own + 2 : 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    all += line + '\n';
  }
  return all;
}

std::ostream& operator<<(std::ostream& out, const computation_graph& g) { return out << g.text(); }

std::string computation_graph::dot() const {
  std::string all = "digraph computation {\n  node [shape=box, style=\"rounded,filled\", fontname=monospace];\n";
  const bool cut = std::ranges::any_of(entries_, &entry::cut);
  if (cut) all += "  more [label=\"" + more(left_out_) + "\", shape=plaintext, style=\"\"];\n";
  for (std::size_t k = 0; k < entries_.size(); ++k) {
    const entry& e = entries_[k];
    const std::string id = "n" + std::to_string(k);
    std::string label = e.text.empty() ? e.name : e.name + " = " + e.text;
    for (const std::string& line : {e.attributes, e.shape, e.value})
      if (!line.empty()) label += "\n" + line;
    if (!e.gradient.empty()) label += "\ngradient " + e.gradient;
    const char* colour = e.what == kind::variable ? "#e3f1e3" : e.what == kind::constant ? "#eeeeee" : "#ffffff";
    all += "  " + id + " [label=\"" + escaped(label) + "\", fillcolor=\"" + colour + "\", tooltip=\"" +
           escaped(e.line) + "\"];\n";
    for (const std::size_t from : e.operands) all += "  n" + std::to_string(from) + " -> " + id + ";\n";
    if (e.cut) all += "  more -> " + id + " [style=dashed];\n";
  }
  return all + "}\n";
}

}  // namespace xg
