// Reading matrices of numbers from CSV text. Every error names file, line and column, what is wrong and what would be
// right.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "matrix.hpp"

namespace homework {

/// A matrix and where it stood in its file.
struct csv_matrix {
  matrix<double> values;
  std::size_t line;  // of the first row, from 1
};

/// The text of a file of at most 16 MiB. Throws xg::io_error if it cannot be read.
std::string read_text(const std::string& file);

/// The matrices in a CSV text: one row per line, numbers separated by commas, matrices separated by blank lines. A line
/// that starts with # is a comment. Numbers must be finite; rows of a matrix must be equally long. `file` names the
/// text in errors. At least one matrix, or xg::io_error.
std::vector<csv_matrix> parse_matrices(std::string_view text, const std::string& file);

/// The one matrix of a file of `columns` columns; as parse_matrices. `meaning` says in errors what the columns are.
matrix<double> read_matrix(const std::string& file, std::size_t columns, const std::string& meaning);

/// W¹, W², ... from a file of matrices separated by blank lines: as many columns in each as the one before has rows,
/// and `inputs` in the first (0: any number).
std::vector<matrix<double>> read_weights(const std::string& file, std::size_t inputs = 0);

}  // namespace homework
