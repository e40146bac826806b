#include "sheet/question.hpp"

#include <array>

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

matrix truth(const question& q, const world& w) {
  const std::array<const matrix*, 9> all{&w.dl_dW[3], &w.dl_dh[3], &w.dl_dh[2], &w.dl_dh[0], &w.dh2_dW2[0],
                                         &w.dl_dW[2], &w.dh2_dh1,  &w.dl_dh[1], &w.dl_dW[1]};
  matrix g = *all[static_cast<std::size_t>(q.what)];
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

question::block question::block_at(const matrix& g, const index_values& at) const {
  const auto index = [&](std::size_t k) { return static_cast<std::size_t>(at[k] - 1); };
  switch (pick) {
    case part_of::whole:
      break;
    case part_of::entry:
      return {row, column, 1, 1};
    case part_of::row_by_j:
      return {row, index(0), 1, 1};
    case part_of::entry_by_ij:
      return {index(0), index(1), 1, 1};
    case part_of::row_by_i:
      return {index(0), 0, 1, g.cols};
    case part_of::column:
      return {0, column, g.rows, 1};
  }
  return {0, 0, g.rows, g.cols};
}

std::optional<matrix> question::select(const matrix& g, const index_values& at) const {
  const block b = block_at(g, at);
  if (b.row + b.rows > g.rows || b.column + b.cols > g.cols) return std::nullopt;
  matrix out(b.rows, b.cols);
  out.exact = g.exact;
  for (std::size_t i = 0; i < b.rows; ++i)
    for (std::size_t j = 0; j < b.cols; ++j) out(i, j) = g(b.row + i, b.column + j);
  return out;
}

bool question::put(matrix& g, const index_values& at, const matrix& part) const {
  const block b = block_at(g, at);
  if (b.rows != part.rows || b.cols != part.cols || b.row + b.rows > g.rows || b.column + b.cols > g.cols) return false;
  for (std::size_t i = 0; i < b.rows; ++i)
    for (std::size_t j = 0; j < b.cols; ++j) g(b.row + i, b.column + j) = part(i, j);
  return true;
}

}  // namespace write_up
