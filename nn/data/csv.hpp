// Tables of text: comma-separated values (RFC 4180).
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <xgrad/nn/data/dataset.hpp>

namespace xg::nn {

struct csv_options {
  char separator = ',';
  bool header = true;  // the first line names the columns; else they are "0", "1", ...
};

/// A table that was read from a file: lines of as many cells each; cells in quotes may hold separators and line ends,
/// and "" for a quote. Empty lines are left out. Its numbers and labels are asked for by the columns' names:
///
///     const nn::csv file("iris.csv");
///     nn::dataset<float> data = file.labelled<float>("species");
///
/// Every error names the file, the line and the column: `iris.csv:17: petal width: "n/a" is not a number`.
class csv {
 public:
  /// Throws io_error for a file that cannot be read, and for a line that has more or fewer cells than the first.
  explicit csv(const std::string& path, csv_options options = {});
  /// The same of text; messages call it `name`.
  csv(std::string text, const std::string& name, csv_options options = {});

  const std::vector<std::string>& columns() const { return columns_; }
  std::size_t rows() const { return lines_.size(); }
  std::string_view cell(std::size_t row, std::size_t column) const;

  /// Columns as numbers, shape (rows, columns); all columns if none is named. Throws value_error for a column that is
  /// not there, io_error for a cell that is no number.
  template <class T>
  xt::xarray<T> numbers(const std::vector<std::string>& names = {}) const;
  /// A column as labels: whole numbers as they are; else its words, counted from 0 as they first appear, which are
  /// added to `classes`. Throws value_error, io_error for an empty cell.
  xt::xarray<std::int64_t> labels(const std::string& name, std::vector<std::string>& classes) const;
  /// One column as labels, the others as numbers.
  template <class T>
  dataset<T> labelled(const std::string& label) const;

 private:
  struct place {
    std::size_t begin, size;
  };
  void read(csv_options options);
  std::size_t column(const std::string& name) const;
  std::string where(std::size_t row, std::size_t column) const;

  std::string text_, name_;
  std::vector<std::string> columns_;
  std::vector<place> cells_;        // in the text, row by row
  std::vector<std::size_t> lines_;  // where a row starts
};

extern template xt::xarray<float> csv::numbers(const std::vector<std::string>&) const;
extern template xt::xarray<double> csv::numbers(const std::vector<std::string>&) const;
extern template dataset<float> csv::labelled(const std::string&) const;
extern template dataset<double> csv::labelled(const std::string&) const;

}  // namespace xg::nn
