// The 25 questions as the checker sees them: which gradient, and which part of it, index by index.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sheet/world.hpp"

namespace write_up {

enum class gradient { dl_dW3, dl_dh3, dl_dh2, slope, dh211_dW2, dl_dW2, dh2_dh1, dl_dh1, dl_dW1 };

/// Which part of the gradient a question asks for.
enum class part_of { whole, entry, row_by_j, entry_by_ij, row_by_i, column };

struct index_role {
  std::string letter;
  int count = 0;
};

/// The values of the index letters at one place of a question, in the order of question::indices, from 1.
using index_values = std::vector<int>;

struct question {
  std::string id;
  int part = 1;
  int number = 1;  ///< within the part
  gradient what = gradient::dl_dW3;
  part_of pick = part_of::whole;
  std::size_t row = 0;
  std::size_t column = 0;
  std::vector<index_role> indices;
  std::string latex;  ///< the quantity asked for

  /// All index values the question ranges over; one empty list where it has no index.
  std::vector<index_values> places() const;

  /// The part of the whole gradient `g` at one place; nothing where g is too small.
  std::optional<matrix> select(const matrix& g, const index_values& at) const;

  /// Puts such a part back into `g`; false if it has another shape.
  bool put(matrix& g, const index_values& at, const matrix& part) const;

 private:
  struct block {
    std::size_t row, column, rows, cols;
  };
  block block_at(const matrix& g, const index_values& at) const;
};

const std::vector<question>& all_questions();

/// The question with this id, nullptr if there is none.
const question* find_question(const std::string& id);

/// The points this question is compared at.
const std::vector<world>& worlds_of(const question& q);

/// The whole gradient the question is about, from the tape; exact where the point is.
matrix truth(const question& q, const world& w);

}  // namespace write_up
