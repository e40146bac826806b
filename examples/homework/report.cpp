#include "report.hpp"

#include <array>
#include <cmath>
#include <cstdio>

#include "text.hpp"

namespace homework {

namespace {

// A number in at most seven digits; 1.5e-17 becomes 1.5 \cdot 10^{-17}.
std::string tex_number(double x) {
  if (std::isnan(x)) return R"(\mathrm{NaN})";
  if (std::isinf(x)) return x < 0 ? R"(-\infty)" : R"(\infty)";
  std::string text = number_text(x);
  const std::size_t e = text.find('e');
  if (e == std::string::npos) return text;
  return text.substr(0, e) + R"( \cdot 10^{)" + std::to_string(std::stoi(text.substr(e + 1))) + "}";
}

// Text from outside, such as a file name, as LaTeX text. What the base fonts may lack is written as a question mark.
std::string tex_text(const std::string& text) {
  std::string result;
  for (char c : text) {
    switch (c) {
      case '\\':
        result += R"(\textbackslash{})";
        break;
      case '~':
        result += R"(\textasciitilde{})";
        break;
      case '^':
        result += R"(\textasciicircum{})";
        break;
      case '<':
        result += R"(\textless{})";
        break;
      case '>':
        result += R"(\textgreater{})";
        break;
      case '|':
        result += R"(\textbar{})";
        break;
      case '"':
        result += "''";
        break;
      case '{':
      case '}':
      case '$':
      case '&':
      case '#':
      case '_':
      case '%':
        (result += '\\') += c;
        break;
      default:
        result += c >= 0x20 && c < 0x7f ? c : '?';
    }
  }
  return result;
}

// How many columns fit on a line, by the characters of their numbers: at most all, at least 2.
std::size_t columns_that_fit(const matrix<double>& a) {
  constexpr std::size_t line = 80;
  std::size_t used = 0, fit = 0;
  for (; fit < a.shape(1); ++fit) {
    std::size_t width = 0;
    for (std::size_t i = 0; i < a.shape(0); ++i) width = std::max(width, number_text(a(i, fit)).size());
    used += width + 2;
    if (used > line) break;
  }
  return std::max<std::size_t>(fit, 2);
}

// A matrix in brackets; a number if it is one. Large matrices are cut in the middle.
std::string tex_matrix(const matrix<double>& a) {
  constexpr std::size_t most = 13;
  if (a.size() == 1) return tex_number(a(0, 0));
  const std::size_t rows = a.shape(0), columns = a.shape(1), most_columns = std::min(most, columns_that_fit(a));
  std::string text = R"(\begin{bmatrix} )";
  for (std::size_t i = 0; i < rows; ++i) {
    if (rows > most && i == most - 1) {
      text += R"(\vdots \\ )";
      i = rows - 1;
    }
    for (std::size_t j = 0; j < columns; ++j) {
      if (columns > most_columns && j == most_columns - 1) {
        text += R"(& \cdots )";
        j = columns - 1;
      }
      text += (j > 0 ? "& " : "") + tex_number(a(i, j)) + " ";
    }
    text += i + 1 < rows ? R"(\\ )" : "";
  }
  return text + R"(\end{bmatrix})";
}

std::string display(const std::string& formula) { return "\\[ " + formula + " \\]\n"; }

std::string layer(const std::string& name, std::size_t i) { return name + "^{" + std::to_string(i) + "}"; }

std::string part_text(const walkthrough& w, int part) {
  const std::size_t last = w.h.size() - 1, m = w.y.shape(0), outputs = w.y.shape(1);
  const std::string h = layer("h", last),
                    bars[] = {outputs == 1 ? "(" : R"(\lVert )", outputs == 1 ? ")" : R"( \rVert)"};
  std::string text = part == 1 ? "\\section*{Part 1: one sample}\n"
                               : "\\section*{Part 2: a batch of $m = " + std::to_string(m) + "$}\n";
  text += display(part == 1 ? R"(l = \tfrac{1}{2} )" + bars[0] + h + " - y" + bars[1] + "^2"
                            : R"(l = \frac{1}{2m} \sum_k )" + bars[0] + h + "_k - y_k" + bars[1] + "^2");
  text += display("x = " + tex_matrix(w.h[0]) + R"(, \quad y = )" + tex_matrix(w.y));
  for (std::size_t i = 1; i <= last; ++i) {
    const std::string z = layer("z", i) + " = " + tex_matrix(w.z[i]), h_i = layer("h", i) + " = " + tex_matrix(w.h[i]);
    text += w.z[i].shape(1) <= 4 ? display(z + R"(, \quad )" + h_i) : display(z) + display(h_i);
  }
  return text + display("l = " + tex_number(w.loss) + R"(, \quad \delta = )" + tex_matrix(w.delta));
}

std::string answer_text(const answer& a) {
  std::string text = R"(\paragraph{)" + a.text.id + "}\n";
  text += display(a.text.latex_quantity + " = " + a.text.latex_formula + " = " + tex_matrix(a.by_formula));
  if (a.text.id == "1.6") text += "at $x = " + tex_matrix(slope_points<double>()) + "$.\n";
  if (a.by_tape == a.by_formula) return text + "The tape computes exactly the same.\n\n";
  return text + "The tape computes $" + tex_matrix(a.by_tape) + "$; the largest difference is $" +
         tex_number(a.difference) + "$" +
         (a.ok ? ", within rounding.\n\n"
               : R"(. \textbf{The two disagree.})"
                 "\n\n");
}

}  // namespace

std::string to_latex(const solution& s) {
  std::string text = R"(\documentclass[a4paper]{article}
\usepackage{amsmath}
\setcounter{MaxMatrixCols}{20}
\setlength{\parindent}{0pt}
\setlength{\oddsidemargin}{-0.4in}
\setlength{\textwidth}{7in}
\setlength{\topmargin}{-0.6in}
\setlength{\textheight}{9.7in}
\title{Backpropagation by hand and by tape}
\author{}
\date{}
\begin{document}
\maketitle
A network without biases: $h^0 = x$, $z^i = h^{i-1} (W^i)^T$, $h^i = \mathrm{relu}(z^i)$ on the hidden layers; the last layer is
linear. $\mathrm{relu}'(z) = (z > 0)$, so $\mathrm{relu}'(0) = 0$; $\odot$ is elementwise. Every quantity is computed twice, by its
closed form and by the tape.

)";
  text += "Numbers in " + s.precision + "; " + tex_text(s.origin) + ".\n";
  for (std::size_t i = 1; i < s.part1.W.size(); ++i) text += display(layer("W", i) + " = " + tex_matrix(s.part1.W[i]));
  for (int part : {1, 2}) {
    text += part_text(part == 1 ? s.part1 : s.part2, part);
    for (const answer& a : s.answers)
      if (a.part == part) text += answer_text(a);
  }
  text += R"(\section*{Result})"
          "\n" +
          std::to_string(s.agreeing()) + " of " + std::to_string(s.answers.size()) + " agree.\n";
  return text + "\\end{document}\n";
}

}  // namespace homework
