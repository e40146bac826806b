#include <xgrad/core/derivative/coloring.hpp>

#include <algorithm>
#include <limits>
#include <numeric>

namespace xg::detail {

namespace {

constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

/// Greedy: each vertex in turn gets the first colour that `forbid` does not rule out.
class greedy {
 public:
  explicit greedy(std::size_t vertices) : ruled_out_(1, none) { result_.of.assign(vertices, none); }

  void rule_out(std::uint32_t color, std::size_t for_vertex) { ruled_out_[color] = std::uint32_t(for_vertex); }
  std::uint32_t color(std::size_t vertex) const { return result_.of[vertex]; }
  void choose(std::size_t vertex) {
    std::uint32_t c = 0;
    while (c < result_.colors && ruled_out_[c] == vertex) ++c;
    if (c == result_.colors) {
      ++result_.colors;
      ruled_out_.resize(result_.colors + 1, none);
    }
    result_.of[vertex] = c;
  }
  coloring result() const { return result_; }

 private:
  coloring result_;
  std::vector<std::uint32_t> ruled_out_;  // [colour] the vertex it was last ruled out for
};

/// Calls color(order) for the order of the vertices and for that of falling degree; the better result.
coloring better_of(const sparsity& s, const auto& color) {
  std::vector<std::uint32_t> order(s.rows);
  std::iota(order.begin(), order.end(), 0u);
  const coloring natural = color(order);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return s.row_start[a + 1] - s.row_start[a] > s.row_start[b + 1] - s.row_start[b];
  });
  const coloring largest_first = color(order);
  return largest_first.colors < natural.colors ? largest_first : natural;
}

}  // namespace

sparsity sparsity::transposed() const {
  sparsity t;
  t.rows = columns;
  t.columns = rows;
  t.row_start.assign(columns + 1, 0);
  for (const std::uint32_t c : column) ++t.row_start[c + 1];
  std::partial_sum(t.row_start.begin(), t.row_start.end(), t.row_start.begin());
  t.column.resize(column.size());
  std::vector<std::size_t> at(t.row_start.begin(), t.row_start.end() - 1);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t k = row_start[i]; k < row_start[i + 1]; ++k) t.column[at[column[k]]++] = std::uint32_t(i);
  return t;
}

sparsity sparsity::symmetric() const {
  const sparsity t = transposed();
  sparsity both;
  both.rows = both.columns = rows;
  for (std::size_t i = 0; i < rows; ++i) {
    std::vector<std::uint32_t> row{std::uint32_t(i)};
    for (const sparsity* s : {this, &t})
      row.insert(row.end(), s->column.begin() + std::ptrdiff_t(s->row_start[i]),
                 s->column.begin() + std::ptrdiff_t(s->row_start[i + 1]));
    std::sort(row.begin(), row.end());
    both.column.insert(both.column.end(), row.begin(), std::unique(row.begin(), row.end()));
    both.row_start.push_back(both.column.size());
  }
  return both;
}

coloring color_columns(const sparsity& s) {
  const sparsity t = s.transposed();
  return better_of(t, [&](const std::vector<std::uint32_t>& order) {
    greedy colors(s.columns);
    for (const std::uint32_t v : order) {
      for (std::size_t k = t.row_start[v]; k < t.row_start[v + 1]; ++k) {
        const std::uint32_t row = t.column[k];
        for (std::size_t m = s.row_start[row]; m < s.row_start[row + 1]; ++m)
          if (const std::uint32_t c = colors.color(s.column[m]); c != none) colors.rule_out(c, v);
      }
      colors.choose(v);
    }
    return colors.result();
  });
}

coloring color_symmetric(const sparsity& s) {
  const auto each_neighbour = [&](std::uint32_t v, const auto& f) {
    for (std::size_t k = s.row_start[v]; k < s.row_start[v + 1]; ++k)
      if (s.column[k] != v) f(s.column[k]);
  };
  return better_of(s, [&](const std::vector<std::uint32_t>& order) {
    greedy colors(s.rows);
    for (const std::uint32_t v : order) {
      each_neighbour(v, [&](std::uint32_t w) {
        const std::uint32_t of_w = colors.color(w);
        if (of_w != none) colors.rule_out(of_w, v);
        each_neighbour(w, [&](std::uint32_t x) {
          const std::uint32_t of_x = colors.color(x);
          if (x == v || of_x == none) return;
          bool forbidden = of_w == none;  // else x and v, both neighbours of w, would have one colour whatever w gets
          if (!forbidden) each_neighbour(x, [&](std::uint32_t y) { forbidden |= y != w && colors.color(y) == of_w; });
          if (forbidden) colors.rule_out(of_x, v);
        });
      });
      colors.choose(v);
    }
    return colors.result();
  });
}

}  // namespace xg::detail
