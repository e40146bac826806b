#include <xgrad/core/export/graph_layout.hpp>

#include <algorithm>
#include <limits>

namespace xg::detail {

namespace {

using entry = computation_graph::entry;

constexpr std::size_t longest_line = 50;

std::size_t width_of(const std::string& text) {
  return std::size_t(std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string shortened(const std::string& text) {
  if (width_of(text) <= longest_line) return text;
  std::size_t end = 0, letters = 0;
  while (letters < longest_line) letters += (text[end++] & 0xc0) != 0x80;
  while ((text[end] & 0xc0) == 0x80) ++end;
  return text.substr(0, end) + "…";
}

}  // namespace

layout::layout(std::span<const entry> entries, std::size_t left_out) {
  make_boxes(entries, left_out);
  choose_layers();
  break_long_edges();
  order();
  place();
}

void layout::make_boxes(std::span<const entry> entries, std::size_t left_out) {
  const bool cut = std::ranges::any_of(entries, &entry::cut);
  const std::size_t first = cut ? 1 : 0;  // the box for those that are left out
  cells.resize(entries.size() + first);
  if (cut) cells[0].lines = {"… " + std::to_string(left_out) + (left_out == 1 ? " more node" : " more nodes")};
  for (std::size_t k = 0; k < entries.size(); ++k) {
    const entry& e = entries[k];
    cell& c = cells[k + first];
    c.of = &e;
    c.lines.push_back(shortened(e.name + (e.text.empty() ? "" : " = " + e.text)));
    const std::string details = e.attributes.empty() ? e.shape : e.shape + "  " + e.attributes;
    c.lines.push_back(shortened(details));
    if (!e.value.empty()) c.lines.push_back(shortened(e.value));
    if (!e.gradient.empty()) c.lines.push_back(shortened("∂ " + e.gradient));
    for (const std::size_t from : e.operands) connect(from + first, k + first);
    if (e.cut) connect(0, k + first);
  }
  for (cell& c : cells) {
    std::size_t letters = 0;
    for (const std::string& line : c.lines) letters = std::max(letters, width_of(line));
    c.width = double(letters) * letter + 2 * padding;
    c.height = double(c.lines.size()) * line_height + 2 * padding - 3;
  }
}

void layout::connect(std::size_t from, std::size_t to) {
  if (std::ranges::find(cells[to].above, from) != cells[to].above.end()) return;
  cells[to].above.push_back(from);
  cells[from].below.push_back(to);
}

// Results below all operands; leaves right above the first that reads them. Operands come first among the cells.
void layout::choose_layers() {
  for (cell& c : cells)
    for (const std::size_t from : c.above) c.layer = std::max(c.layer, cells[from].layer + 1);
  for (cell& c : cells) {
    if (!c.above.empty() || c.below.empty()) continue;
    std::size_t first = cells[c.below[0]].layer;
    for (const std::size_t to : c.below) first = std::min(first, cells[to].layer);
    c.layer = first - 1;
  }
}

void layout::break_long_edges() {
  const std::size_t boxes = cells.size();
  for (std::size_t to = 0; to < boxes; ++to)
    for (std::size_t k = 0; k < cells[to].above.size(); ++k) {
      std::size_t from = cells[to].above[k];
      const std::size_t origin = from;
      for (std::size_t l = cells[from].layer + 1; l < cells[to].layer; ++l) {
        const std::size_t point = cells.size();
        cells.emplace_back();
        cells[point].layer = l;
        cells[point].above = {from};
        replace_below(from, from == origin ? to : point, point);
        from = point;
      }
      if (from != origin) {
        cells[from].below = {to};
        cells[to].above[k] = from;
      }
    }
  for (std::size_t k = 0; k < cells.size(); ++k) {
    if (layers.size() <= cells[k].layer) layers.resize(cells[k].layer + 1);
    layers[cells[k].layer].push_back(k);
  }
}

void layout::replace_below(std::size_t of, std::size_t old, std::size_t with) {
  auto& list = cells[of].below;
  if (const auto at = std::ranges::find(list, old); at != list.end())
    *at = with;
  else
    list.push_back(with);
}

// Each cell goes to the mean place of its neighbours in the layer before, downwards and upwards in turn.
void layout::order() {
  std::vector<double> place(cells.size());
  const auto count = [&](const auto& layer) {
    for (std::size_t i = 0; i < layer.size(); ++i) place[layer[i]] = double(i) - double(layer.size()) / 2;
  };
  for (const auto& layer : layers) count(layer);
  for (int round = 0; round < 12; ++round) {
    const bool down = round % 2 == 0;
    for (std::size_t i = 0; i < layers.size(); ++i) {
      auto& layer = layers[down ? i : layers.size() - 1 - i];
      std::vector<double> wish(cells.size());
      for (const std::size_t k : layer) {
        const auto& near = down ? cells[k].above : cells[k].below;
        wish[k] = place[k];
        if (near.empty()) continue;
        wish[k] = 0;
        for (const std::size_t n : near) wish[k] += place[n] / double(near.size());
      }
      std::ranges::stable_sort(layer, {}, [&](std::size_t k) { return wish[k]; });
      count(layer);
    }
  }
}

void layout::place() {
  for (auto& layer : layers) {
    double x = 0;
    for (const std::size_t k : layer) cells[k].x = x + cells[k].width / 2, x += cells[k].width + gap;
    for (const std::size_t k : layer) cells[k].x -= x / 2;
  }
  for (int round = 0; round < 24; ++round)
    for (std::size_t i = 0; i < layers.size(); ++i) align(layers[round % 2 == 0 ? i : layers.size() - 1 - i]);
  constexpr double far = std::numeric_limits<double>::infinity();
  double left = far, right = -far, y = margin;
  for (const cell& c : cells) {
    left = std::min(left, c.x - c.width / 2);
    right = std::max(right, c.x + c.width / 2);
  }
  for (cell& c : cells) c.x += margin - left;
  width = right - left + 2 * margin;
  for (const auto& layer : layers) {
    top.push_back(y);
    y += height(layer) + layer_gap;
  }
  top.push_back(y - layer_gap + margin);
}

// Cells move to the mean of their neighbours; those that then overlap stand side by side around the mean of their
// wishes.
void layout::align(const std::vector<std::size_t>& layer) {
  struct group {
    std::size_t begin, end;
    double left, width, weight;
  };
  std::vector<group> groups;
  for (std::size_t i = 0; i < layer.size(); ++i) {
    const cell& c = cells[layer[i]];
    double wish = 0, weights = 0;
    for (const auto* list : {&c.above, &c.below})
      for (const std::size_t n : *list) {
        const double weight = cells[n].above.empty() ? 1 : 8;  // leaves stand beside the way, which is straight
        wish += weight * cells[n].x;
        weights += weight;
      }
    wish = weights == 0 ? c.x : wish / weights;
    groups.push_back({i, i + 1, wish - c.width / 2, c.width, c.above.empty() ? 0.02 : 1});
    while (groups.size() > 1) {
      group& a = groups[groups.size() - 2];
      const group b = groups.back();
      if (a.left + a.width + gap <= b.left) break;
      a.left = (a.weight * a.left + b.weight * (b.left - a.width - gap)) / (a.weight + b.weight);
      a.weight += b.weight;
      a.width += gap + b.width;
      a.end = b.end;
      groups.pop_back();
    }
  }
  for (const group& g : groups) {
    double x = g.left;
    for (std::size_t i = g.begin; i < g.end; ++i) {
      cell& c = cells[layer[i]];
      c.x = x + c.width / 2;
      x += c.width + gap;
    }
  }
}

double layout::height(const std::vector<std::size_t>& layer) const {
  double most = 0;
  for (const std::size_t k : layer) most = std::max(most, cells[k].height);
  return most;
}

}  // namespace xg::detail
