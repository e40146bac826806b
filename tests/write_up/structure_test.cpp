// Where answers begin and end in documents without marks, and what their surroundings mean for them.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "check.hpp"

namespace {

namespace check = write_up;

std::string verdict_on(const std::string& id, const std::string& text) {
  for (const check::finding& f : check::check_write_up(text).findings)
    if (f.id == id) return check::to_string(f.result);
  return "";
}

bool both_right(const std::string& text) {
  return verdict_on("1.1", text) == "right" && verdict_on("1.2", text) == "right";
}

const std::string first = "$\\delta h^2_{11}$\n\n";
const std::string second = "$\\delta h^2_{12}$\n\n";

}  // namespace

TEST_CASE("words and styles in front of a number") {
  for (const char* before : {"Ex. ", "Exercise ", "Part ", "Solution to ", "Answer to ", "Lösung zu ", "Zu ", "ad ",
                             "Teilaufgabe ", "Übung ", "Aufg. ", "No. ", "§", "\\medskip\\noindent ", "\\bigskip ",
                             "\\vspace{1cm} ", "\\par ", "- ", "\\quad "}) {
    CAPTURE(before);
    const std::string b = before;
    CHECK(both_right(b + "1.1 " + first + b + "1.2 " + second));
  }
  for (const char* style :
       {"\\emph{", "\\textit{", "{\\bfseries ", "{\\large\\textbf{", "\\textcolor{blue}{", "\\fbox{", "\\par\\textbf{",
        "\\subparagraph{", "\\chapter{", "\\task{", "\\underline{\\textbf{"}) {
    CAPTURE(style);
    const std::string s = style;
    const std::string close(static_cast<std::size_t>(std::count(s.begin(), s.end(), '{')) - (s.find("blue") != s.npos),
                            '}');
    CHECK(both_right(s + "1.1" + close + " " + first + s + "1.2" + close + " " + second));
  }
  CHECK(both_right("$1.1$ " + first + "$1.2$ " + second));
  CHECK(both_right("1.1 - " + first + "1.2 - " + second));
  CHECK(both_right("**1.1** " + first + "**1.2** " + second));
}

TEST_CASE("lists, tables and headings") {
  const std::string items = "\\item " + first + "\\item " + second + "\\end{enumerate}";
  CHECK(both_right("\\begin{enumerate}[label=1.\\arabic*]" + items));
  CHECK(both_right("\\section{Notation}\nText.\n\\section{One sample}\\begin{enumerate}" + items));
  CHECK(both_right("\\section*{Homework 3}\\subsection*{Part 1}\\begin{enumerate}" + items));
  CHECK(both_right("\\section*{Part 1}\\begin{enumerate}\\item " + first +
                   "\\begin{itemize}\\item a \\item b\\end{itemize}\\item " + second + "\\end{enumerate}"));
  CHECK(both_right("\\section*{Part 1}\\begin{enumerate}\\item " + first +
                   "\\end{enumerate}\\begin{enumerate}[start=2]\\item " + second + "\\end{enumerate}"));
  CHECK(both_right("\\section*{Part 1}\\begin{enumerate}\\item " + first +
                   "\\end{enumerate}\\begin{enumerate}[resume]\\item " + second + "\\end{enumerate}"));
  CHECK(both_right("\\section*{Part 1}\n\\textbf{1.} " + first + "\\textbf{2.} " + second));
  CHECK(both_right("\\newcommand{\\q}[1]{\\textbf{Question #1}}\n\\q{1.1} " + first + "\\q{1.2} " + second));
  CHECK(
      both_right("\\begin{problem}{1.1}" + first + "\\end{problem}\\begin{problem}{1.2}" + second + "\\end{problem}"));
  CHECK(
      both_right("\\begin{tabular}{lll}\n\\hline 1.1 & $\\frac{\\partial l}{\\partial W^3_{11}}$ & $\\delta h^2_{11}$ "
                 "\\\\\n\\hline 1.2 & $\\frac{\\partial l}{\\partial W^3_{12}}$ & $\\delta h^2_{12}$ \\\\\n"
                 "\\end{tabular}"));
}

TEST_CASE("a line that goes on with a number begins no answer") {
  CHECK(verdict_on("1.5",
                   "\\subsection*{1.5} $\\delta W^3$\n\\subsection*{1.10} With the result of\n1.5 we get "
                   "$\\delta W^3_{1i}\\sigma'(z^2_{1i})h^1_{1j}$.") == "right");
}

TEST_CASE("definitions hold for the answers behind them, part by part") {
  const std::string text =
      "\\section*{Part 1}\nLet $\\delta = h^3-y$ be the error.\n\\subsection*{1.1} $\\delta h^2_{11}$\n"
      "\\section*{Part 2}\nNow let $\\delta = \\frac1m(h^3-y)$.\n\\subsection*{2.1} $\\delta = \\frac1m(h^3-y)$\n"
      "\\subsection*{2.3} $\\delta^T h^2$\n";
  CHECK(verdict_on("1.1", text) == "right");
  CHECK(verdict_on("2.1", text) == "right");
  CHECK(verdict_on("2.3", text) == "right");
  CHECK(verdict_on("1.11", "\\answer{1.11}{$g^T h^1$} Let $g = \\delta W^3\\odot\\sigma'(z^2)$.") == "unsure");
}

TEST_CASE("what is not printed does not count") {
  const std::string hidden = "\\answer{1.1}{$\\delta h^2_{11}$}";
  for (const char* around : {"\\phantom{", "\\sout{", "\\newcommand{\\x}{", "\\renewcommand*{\\x}{"}) {
    CAPTURE(around);
    CHECK(verdict_on("1.1", "\\answer{1.1}{$-\\delta h^2_{11}$} " + (around + hidden) + "}") == "wrong");
  }
  CHECK(verdict_on("1.1", "\\ifnum1=2 " + hidden + "\\fi") == "unsure");
  CHECK(!check::check_write_up("\\renewcommand{\\answer}[2]{}" + hidden).unreadable.empty());
}
