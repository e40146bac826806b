#include "csv.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <xgrad/core/memory/error.hpp>

namespace homework {

namespace {

constexpr std::size_t largest_file = std::size_t(16) << 20;

std::string place(const std::string& file, std::size_t line) { return file + ": line " + std::to_string(line); }

std::string place(const std::string& file, std::size_t line, std::size_t column) {
  return place(file, line) + ", column " + std::to_string(column);
}

std::string counted(std::size_t n, const std::string& noun) {
  return std::to_string(n) + " " + noun + (n == 1 ? "" : "s");
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// A stranger's text, made fit for one line of an error message.
std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 30;
  std::string result = "'";
  for (char c : text.substr(0, longest)) result += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  return result + (text.size() > longest ? "...'" : "'");
}

// What the file may be instead.
std::string hint_for(std::string_view text) {
  if (text.find_first_of(";\t") != std::string_view::npos) return "; numbers are separated by commas";
  const bool word = std::all_of(text.begin(), text.end(),
                                [](char c) { return c == '_' || std::isalpha(static_cast<unsigned char>(c)); });
  return word ? "; a headline must begin with #" : "";
}

double parse_number(std::string_view field, const std::string& where) {
  constexpr const char* right = "; expected a finite number such as 0.5 or -1e-3";
  const std::string_view text = trimmed(field);
  if (text.empty()) throw xg::io_error(where + ": nothing there" + right);
  std::string_view digits = text;
  if (digits.size() > 1 && digits[0] == '+' && digits[1] != '-') digits.remove_prefix(1);
  double number = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (problem == std::errc::result_out_of_range)
    throw xg::io_error(where + ": " + quoted(text) + " is outside the range of double" + right);
  if (problem != std::errc() || end != digits.data() + digits.size())
    throw xg::io_error(where + ": " + quoted(text) + " is not a number" + right + hint_for(text));
  if (!std::isfinite(number)) throw xg::io_error(where + ": " + quoted(text) + " is not finite" + right);
  return number;
}

// One matrix while its rows arrive.
struct block {
  std::size_t line = 0, columns = 0;
  std::vector<double> numbers;

  void add_row(std::string_view row, const std::string& file, std::size_t at) {
    std::size_t column = 0;
    for (std::size_t begin = 0; begin <= row.size();) {
      const std::size_t end = std::min(row.find(',', begin), row.size());
      numbers.push_back(parse_number(row.substr(begin, end - begin), place(file, at, ++column)));
      begin = end + 1;
    }
    if (columns == 0) {
      columns = column;
      line = at;
    } else if (column != columns) {
      throw xg::io_error(place(file, at, std::min(column, columns) + 1) + ": " + counted(column, "number") +
                         " in this row; expected " + std::to_string(columns) + ", as in line " + std::to_string(line));
    }
  }

  csv_matrix finish() const {
    csv_matrix result{matrix<double>({numbers.size() / columns, columns}), line};
    std::copy(numbers.begin(), numbers.end(), result.values.begin());
    return result;
  }
};

}  // namespace

std::string read_text(const std::string& file) {
  if (std::error_code ignored; std::filesystem::is_directory(file, ignored))
    throw xg::io_error(file + ": is a directory; expected a CSV file");
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  if (!in) throw xg::io_error(file + ": cannot be opened (" + std::strerror(errno) + "); expected a readable CSV file");
  std::string text;
  std::vector<char> chunk(std::size_t(64) << 10);
  while (in.read(chunk.data(), std::streamsize(chunk.size())), in.gcount() > 0) {
    text.append(chunk.data(), std::size_t(in.gcount()));
    if (text.size() > largest_file) throw xg::io_error(file + ": is larger than 16 MiB; expected a small CSV file");
  }
  if (in.bad()) throw xg::io_error(file + ": reading failed; expected a readable CSV file");
  return text;
}

std::vector<csv_matrix> parse_matrices(std::string_view text, const std::string& file) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);  // the byte order mark some spreadsheets write
  std::vector<csv_matrix> matrices;
  block current;
  auto close = [&] {
    if (current.columns > 0) matrices.push_back(current.finish());
    current = {};
  };
  std::size_t line = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view row = trimmed(text.substr(begin, end - begin));
    begin = end + 1;
    ++line;
    if (row.empty())
      close();
    else if (row[0] != '#')
      current.add_row(row, file, line);
  }
  close();
  if (matrices.empty())
    throw xg::io_error(place(file, 1, 1) + ": no numbers in the file; expected rows of numbers separated by commas");
  return matrices;
}

matrix<double> read_matrix(const std::string& file, std::size_t columns, const std::string& meaning) {
  const std::vector<csv_matrix> all = parse_matrices(read_text(file), file);
  const matrix<double>& first = all.front().values;
  if (first.shape(1) != columns)
    throw xg::io_error(place(file, all.front().line, std::min(columns, first.shape(1)) + 1) + ": " +
                       counted(first.shape(1), "column") + "; expected " + std::to_string(columns) + ", " + meaning);
  if (all.size() > 1)
    throw xg::io_error(place(file, all[1].line, 1) +
                       ": a second matrix after a blank line; expected only one, without blank lines");
  return first;
}

std::vector<matrix<double>> read_weights(const std::string& file, std::size_t inputs) {
  std::vector<matrix<double>> weights;
  for (const csv_matrix& next : parse_matrices(read_text(file), file)) {
    const std::size_t columns = next.values.shape(1);
    if (weights.empty() && inputs != 0 && columns != inputs)
      throw xg::io_error(place(file, next.line, std::min(columns, inputs) + 1) + ": W1 has " +
                         counted(columns, "column") + "; expected " + std::to_string(inputs) +
                         ", one for each measurement of iris (or --input FILE and --target FILE)");
    if (!weights.empty() && columns != weights.back().shape(0)) {
      const std::size_t units = weights.back().shape(0), i = weights.size() + 1;
      throw xg::io_error(place(file, next.line, std::min(columns, units) + 1) + ": W" + std::to_string(i) + " has " +
                         counted(columns, "column") + "; expected " + std::to_string(units) +
                         ", one for each row of W" + std::to_string(i - 1) + " (a blank line starts the next matrix)");
    }
    weights.push_back(next.values);
  }
  return weights;
}

}  // namespace homework
