#include "sheet/question.hpp"

#include "homework/questions.hpp"

namespace write_up {
namespace {

question make(const std::string& id, gradient what, part_of pick = part_of::whole, std::size_t row = 0,
              std::size_t column = 0, std::vector<index_role> indices = {}) {
  question q;
  q.id = id;
  q.part = id[0] - '0';
  q.number = std::stoi(id.substr(2));
  q.what = what;
  q.pick = pick;
  q.row = row;
  q.column = column;
  q.indices = std::move(indices);
  for (const homework::question_text& t : homework::sheet_texts())
    if (t.id == id) q.latex = t.latex_quantity;
  return q;
}

}  // namespace

const std::vector<question>& all_questions() {
  static const std::vector<question> list = [] {
    using g = gradient;
    using p = part_of;
    const std::vector<index_role> j3{{"j", 3}}, i2{{"i", 2}}, i2j3{{"i", 2}, {"j", 3}}, i3j4{{"i", 3}, {"j", 4}};
    return std::vector<question>{
        make("1.1", g::dl_dW3, p::entry, 0, 0),
        make("1.2", g::dl_dW3, p::entry, 0, 1),
        make("1.3", g::dl_dW3),
        make("1.4", g::dl_dh2, p::entry, 0, 0),
        make("1.5", g::dl_dh2),
        make("1.6", g::slope),
        make("1.7", g::dh211_dW2, p::row_by_j, 0, 0, j3),
        make("1.8", g::dh211_dW2, p::row_by_j, 1, 0, j3),
        make("1.9", g::dh211_dW2),
        make("1.10", g::dl_dW2, p::entry_by_ij, 0, 0, i2j3),
        make("1.11", g::dl_dW2),
        make("1.12", g::dh2_dh1, p::row_by_j, 0, 0, j3),
        make("1.13", g::dh2_dh1, p::row_by_i, 0, 0, i2),
        make("1.14", g::dl_dh1, p::row_by_j, 0, 0, j3),
        make("1.15", g::dl_dh1),
        make("1.16", g::dl_dW1, p::entry_by_ij, 0, 0, i3j4),
        make("1.17", g::dl_dW1),
        make("2.1", g::dl_dh3),
        make("2.2", g::dl_dW3, p::entry, 0, 0),
        make("2.3", g::dl_dW3),
        make("2.4", g::dl_dh2, p::column, 0, 0),
        make("2.5", g::dl_dh2),
        make("2.6", g::dl_dW2, p::entry_by_ij, 0, 0, i2j3),
        make("2.7", g::dl_dW2),
        make("2.8", g::dl_dh1),
    };
  }();
  return list;
}

const question* find_question(const std::string& id) {
  for (const question& q : all_questions())
    if (q.id == id) return &q;
  return nullptr;
}

const std::vector<world>& worlds_of(const question& q) {
  const worlds& all = all_worlds();
  return q.what == gradient::slope ? all.slopes : q.part == 1 ? all.part1 : all.part2;
}

namespace {

matrix gradient_of(const question& q, const world& w) {
  switch (q.what) {
    case gradient::dl_dW3:
      return w.dl_dW[3];
    case gradient::dl_dh3:
      return w.dl_dh[3];
    case gradient::dl_dh2:
      return w.dl_dh[2];
    case gradient::slope:
      return w.dl_dh[0];
    case gradient::dh211_dW2:
      return w.dh2_dW2[0];
    case gradient::dl_dW2:
      return w.dl_dW[2];
    case gradient::dh2_dh1:
      return w.dh2_dh1;
    case gradient::dl_dh1:
      return w.dl_dh[1];
    case gradient::dl_dW1:
      return w.dl_dW[1];
  }
  return matrix(0.0);
}

}  // namespace

matrix truth(const question& q, const world& w) {
  matrix g = gradient_of(q, w);
  g.exact = w.exact();
  return g;
}

std::vector<index_values> question::places() const {
  std::vector<index_values> out{{}};
  for (const index_role& role : indices) {
    std::vector<index_values> next;
    for (const index_values& v : out)
      for (int i = 1; i <= role.count; ++i) {
        next.push_back(v);
        next.back().push_back(i);
      }
    out = std::move(next);
  }
  return out;
}

std::optional<matrix> question::select(const matrix& g, const index_values& at) const {
  const auto entry_at = [&](std::size_t r, std::size_t c) -> std::optional<matrix> {
    if (r >= g.rows || c >= g.cols) return std::nullopt;
    matrix entry(g(r, c));
    entry.exact = g.exact;
    return entry;
  };
  const auto index = [&](std::size_t k) { return static_cast<std::size_t>(at[k] - 1); };
  switch (pick) {
    case part_of::whole:
      return g;
    case part_of::entry:
      return entry_at(row, column);
    case part_of::row_by_j:
      return entry_at(row, index(0));
    case part_of::entry_by_ij:
      return entry_at(index(0), index(1));
    case part_of::row_by_i:
      if (index(0) >= g.rows) return std::nullopt;
      return row_of(g, index(0));
    case part_of::column:
      if (column >= g.cols) return std::nullopt;
      return column_of(g, column);
  }
  return std::nullopt;
}

}  // namespace write_up
