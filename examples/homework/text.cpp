#include "text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <ostream>

namespace homework {

namespace {

// Characters on the screen: bytes that do not continue a UTF-8 character. All of ours are one column wide.
std::size_t width_of(const std::string& text) {
  return std::size_t(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t used = width_of(text);
  return used < width ? text + std::string(width - used, ' ') : text;
}

// Which of n rows or columns are shown; `gap` is where the cut is (n if there is none).
struct shown {
  std::vector<std::size_t> which;
  std::size_t gap;
  shown(std::size_t n, std::size_t most) : gap(n) {
    for (std::size_t k = 0; k < n; ++k)
      if (n <= most || k < most - 1 || k == n - 1) which.push_back(k);
    if (n > most) gap = n - 1;
  }
};

void print_matrix(std::ostream& out, const std::string& name, const matrix<double>& a) {
  std::string start = "  " + padded(name, 3) + " = ";
  for (const std::string& line : matrix_lines(a)) {
    out << start << line << '\n';
    start.assign(width_of(start), ' ');
  }
}

void print_part(std::ostream& out, const walkthrough& w) {
  const std::size_t last = w.h.size() - 1;
  print_matrix(out, "x", w.h[0]);
  print_matrix(out, "y", w.y);
  for (std::size_t i = 1; i <= last; ++i) {
    print_matrix(out, "z" + superscript(i), w.z[i]);
    print_matrix(out, "h" + superscript(i), w.h[i]);
  }
  out << "  " << padded("l", 3) << " = " << number_text(w.loss) << '\n';
  print_matrix(out, "δ", w.delta);
}

void print_weights(std::ostream& out, const solution& s) {
  for (std::size_t i = 1; i < s.part1.W.size(); ++i) print_matrix(out, "W" + superscript(i), s.part1.W[i]);
}

std::string verdict(const answer& a, const style& style) { return a.ok ? style.good("ok") : style.bad("DISAGREE"); }

std::string loss_text(int part, std::size_t outputs, std::size_t last) {
  const std::string up = superscript(last), h = outputs == 1 ? "h" + up + "ₖ₁ − yₖ₁" : "h" + up + "ₖ − yₖ";
  if (part == 1) return outputs == 1 ? "l = ½ (h" + up + " − y)²" : "l = ½ |h" + up + " − y|²";
  return outputs == 1 ? "l = 1/(2m) Σₖ (" + h + ")²" : "l = 1/(2m) Σₖ |" + h + "|²";
}

std::string part_title(const solution& s, int part) {
  const walkthrough& w = part == 1 ? s.part1 : s.part2;
  const std::string text = loss_text(part, w.y.shape(1), w.h.size() - 1);
  if (part == 1) return "Part 1: one sample, " + text;
  return "Part 2: a batch of m = " + std::to_string(w.y.shape(0)) + ", " + text;
}

void print_note(std::ostream& out, const solution& s) {
  if (!std::isfinite(s.part1.loss) || !std::isfinite(s.part2.loss))
    out << "note: the loss is not finite: these numbers are too large for " << s.precision << '\n';
  if (s.nearest_kink < kink_margin)
    out << "note: a hidden unit has |z| = " << number_text(s.nearest_kink)
        << ", close to the kink of relu at 0: a small change of the numbers changes which gradient is right\n";
}

// The answers as a table; false, and nothing is printed, if it is too wide.
bool print_table(std::ostream& out, const solution& s, const style& style) {
  using row = std::array<std::vector<std::string>, 6>;
  std::vector<row> table{
      {{{"id"}, {"quantity"}, {"closed form"}, {"by the tape"}, {"by the closed form"}, {"difference"}}}};
  for (const answer& a : s.answers)
    table.push_back({{{a.text.id},
                      {a.text.quantity},
                      {a.text.formula},
                      matrix_lines(a.by_tape),
                      matrix_lines(a.by_formula),
                      {number_text(a.difference)}}});
  std::array<std::size_t, 6> widths{};
  for (const row& r : table)
    for (std::size_t c = 0; c < r.size(); ++c)
      for (const std::string& line : r[c]) widths[c] = std::max(widths[c], width_of(line));
  const std::size_t whole = std::accumulate(widths.begin(), widths.end(), std::size_t(2)) + 2 * widths.size();
  if (style.columns != 0 && whole > style.columns) return false;

  for (std::size_t k = 0; k < table.size(); ++k) {
    std::size_t height = 0;
    for (const auto& cell : table[k]) height = std::max(height, cell.size());
    for (std::size_t line = 0; line < height; ++line) {
      std::string text;
      for (std::size_t c = 0; c < table[k].size(); ++c)
        text += padded(line < table[k][c].size() ? table[k][c][line] : "", widths[c]) + "  ";
      if (line == 0) text += k == 0 ? "ok" : verdict(s.answers[k - 1], style);
      text.erase(text.find_last_not_of(' ') + 1);
      out << (k == 0 ? style.strong(text) : text) << '\n';
    }
  }
  return true;
}

// Both values of an answer and their difference.
void print_values(std::ostream& out, const answer& a, const style& style) {
  if (a.text.id == "1.6") print_matrix(out, "x", xt::cast<double>(slope_points<double>()));
  print_matrix(out, "by the tape       ", a.by_tape);
  print_matrix(out, "by the closed form", a.by_formula);
  out << "  largest difference " << number_text(a.difference) << ": " << verdict(a, style) << '\n';
}

void print_list(std::ostream& out, const solution& s, const style& style) {
  for (const answer& a : s.answers) {
    out << style.strong(a.text.id + ": " + a.text.quantity + " = " + a.text.formula) << '\n';
    print_values(out, a, style);
  }
}

}  // namespace

std::string number_text(double x) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.7g", x == 0 ? 0.0 : x);  // -0 reads as 0
  return text.data();
}

std::vector<std::string> matrix_lines(const matrix<double>& a) {
  constexpr std::size_t most_rows = 8, most_columns = 13;
  const shown rows(a.shape(0), most_rows), columns(a.shape(1), most_columns);
  if (a.size() == 1) return {number_text(a(0, 0))};
  std::vector<std::size_t> widths;
  for (std::size_t j : columns.which) {
    std::size_t width = 0;
    for (std::size_t i : rows.which) width = std::max(width, number_text(a(i, j)).size());
    widths.push_back(width);
  }
  std::vector<std::string> lines;
  for (std::size_t i : rows.which) {
    if (i == rows.gap) lines.push_back(" ...");
    std::string line = lines.empty() ? "[[" : " [";
    for (std::size_t k = 0; k < columns.which.size(); ++k) {
      const std::size_t j = columns.which[k];
      const std::string text = number_text(a(i, j));
      line += (k > 0 ? ", " : "") + std::string(j == columns.gap ? "..., " : "") +
              std::string(widths[k] - text.size(), ' ') + text;
    }
    lines.push_back(line + (i + 1 == a.shape(0) ? "]]" : "],"));
  }
  return lines;
}

void print_walkthrough(std::ostream& out, const solution& s, const style& style) {
  out << "A network of widths ";
  for (std::size_t i = 0; i < s.widths.size(); ++i) out << (i > 0 ? "-" : "") << s.widths[i];
  out << " in " << s.precision << "; " << s.origin << "\n\n";
  out << style.strong("Weights: zⁱ = hⁱ⁻¹ (Wⁱ)ᵀ, hⁱ = relu(zⁱ), the last layer linear") << '\n';
  print_weights(out, s);
  for (int part : {1, 2}) {
    out << '\n' << style.strong(part_title(s, part)) << '\n';
    print_part(out, part == 1 ? s.part1 : s.part2);
  }
  out << '\n';
}

void print_answers(std::ostream& out, const solution& s, const style& style) {
  if (!print_table(out, s, style))
    print_list(out, s, style);
  else if (s.widths == std::vector<std::size_t>{4, 3, 2, 1})
    out << "1.6 is taken at x = " << matrix_lines(xt::cast<double>(slope_points<double>())).front() << '\n';
  const std::string last = std::to_string(s.agreeing()) + " of " + std::to_string(s.answers.size()) + " agree";
  out << '\n' << (s.ok() ? style.good(last) : style.bad(last)) << '\n';
  print_note(out, s);
}

void print_one(std::ostream& out, const solution& s, const answer& a, const style& style) {
  out << style.strong(part_title(s, a.part)) << "; " << s.origin << '\n';
  print_weights(out, s);
  print_part(out, a.part == 1 ? s.part1 : s.part2);
  out << '\n'
      << style.strong(a.text.id + ": " + a.text.quantity + " = " + a.text.formula) << "  (" << a.text.shape << ")\n";
  print_values(out, a, style);
  print_note(out, s);
}

}  // namespace homework
