// Where the boxes of a picture stand: in layers from top to bottom, each below all it is computed from (Sugiyama,
// Tagawa and Toda 1981). For graph_svg.cpp only.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <xgrad/core/export/graph.hpp>

namespace xg::detail {

/// A box, or a point where an edge passes a layer.
struct cell {
  const computation_graph::entry* of = nullptr;
  std::vector<std::string> lines{};
  std::size_t layer = 0;
  double x = 0, width = 0, height = 0;  // x: of the middle
  std::vector<std::size_t> above{}, below{};
};

class layout {
 public:
  static constexpr double letter = 6.7, line_height = 15, padding = 8, gap = 18, layer_gap = 34, margin = 12;

  /// Operands come before what is computed from them.
  layout(std::span<const computation_graph::entry> entries, std::size_t left_out);

  std::vector<cell> cells;
  std::vector<std::vector<std::size_t>> layers;
  std::vector<double> top;  // of each layer, and the end
  double width = 0;

 private:
  void make_boxes(std::span<const computation_graph::entry> entries, std::size_t left_out);
  void connect(std::size_t from, std::size_t to);
  void choose_layers();
  void break_long_edges();
  void replace_below(std::size_t of, std::size_t old, std::size_t with);
  void order();
  void place();
  void align(const std::vector<std::size_t>& layer);
  double height(const std::vector<std::size_t>& layer) const;
};

}  // namespace xg::detail
