// Where the answers of a write-up are found: marks, headings, lists, numbers at the beginning of a line.
#include <doctest/doctest.h>

#include <string>

#include "check.hpp"

namespace {

namespace check = write_up;

// The questions answered right, joined by blanks.
std::string right(const std::string& text) {
  std::string out;
  for (const check::finding& f : check::check_write_up(text).findings)
    if (f.result == check::verdict::right) out += (out.empty() ? "" : " ") + f.id;
  return out;
}

const char* const found_by_lists = R"(\documentclass{article}
\begin{document}
\title{Homework 3}\maketitle
\section{One sample}
\begin{enumerate}
\item The output is linear. \[ \frac{\partial l}{\partial W^3_{11}} = \delta h^2_{11} \]
\item $\delta h^2_{12}$
\item[3.] $$\frac{\partial l}{\partial W^3} = \frac{\partial l}{\partial h^3}\frac{\partial h^3}{\partial W^3} = \delta h^2$$
\end{enumerate}
Some text in between.
\begin{enumerate}
\setcounter{enumi}{3}
\item \begin{align*} \frac{\partial l}{\partial h^2_{11}} &= \delta \frac{\partial h^3}{\partial h^2_{11}} \\ &= \delta W^3_{11} \end{align*}
\end{enumerate}
\section{A batch}
\begin{enumerate}
\item $\frac1m(h^3-y)$
\end{enumerate}
\end{document}
\answer{1.5}{$\delta W^3$}
)";

const char* const found_by_numbers = R"(\section*{Part 1}
\subsection*{1.1} $\delta h^2_{11}$
\subsection*{Question 1.2} We get $\delta h^2_{12}$.
\paragraph{1.3} $\delta h^2$
\textbf{1.4} $\delta W^3_{11}$

(1.5) $\delta W^3$

1.6: $(x>0)$, which we need 2.8 times

**1.7** $(z^2_{11}>0)h^1_{1j}$

Aufgabe 1.8. $0$
\begin{itemize}
\item[(1.12)] $(z^2_{11}>0)W^2_{1j}$
\end{itemize}
\section*{Part 2}
\subsection*{2.1} $\frac1m(h^3-y)$
\subsection*{Question 2} $\sum_k\delta_k h^2_{k1}$
)";

const char* const found_by_nested_lists = R"(\begin{enumerate}
\item Part one
  \begin{enumerate}
  \item $\delta h^2_{11}$
  \item $\delta h^2_{12}$
  \end{enumerate}
\item Part two
  \begin{enumerate}
  \item $\frac1m(h^3-y)$
  \end{enumerate}
\end{enumerate}
)";

}  // namespace

TEST_CASE("answers are found by sections and lists, and end with the document") {
  CHECK(right(std::string(found_by_lists).substr(0, std::string(found_by_lists).find("\\answer"))) ==
        "1.1 1.2 1.3 1.4 2.1");
  CHECK(right(found_by_lists) == "1.1 1.2 1.3 1.4 2.1");
}

TEST_CASE("answers are found by numbers in headings and at the beginning of a line") {
  CHECK(right(found_by_numbers) == "1.1 1.2 1.3 1.4 1.5 1.6 1.7 1.8 1.12 2.1 2.2");
}

TEST_CASE("answers are found by lists in a list") { CHECK(right(found_by_nested_lists) == "1.1 1.2 2.1"); }

TEST_CASE("of several displays in a free-form answer the last one counts, of two formulas in a line none") {
  CHECK(right("1.3 \\[ h^2 W^3 \\] and so \\[ \\delta h^2 \\]") == "1.3");
  CHECK(right("1.3 Either $2\\delta h^2$ or $\\delta h^2$.").empty());
}

TEST_CASE("marks may stand anywhere; what is odd about them is remarked") {
  const check::report r = check::check_write_up(
      "\\begin{document} Let $a = \\delta$. \\answer { 1.1 } { $a h^2_{11}$ } \\answer{1.2}{$-a h^2_{12}$}\n"
      "\\answer{1.2}{$a h^2_{12}$}\\answer{3.1}{$x$}\\answer{1.4}\n\n \\answer{1.5}{$\\delta W^3$");
  CHECK(r.findings[0].result == check::verdict::right);
  CHECK(r.findings[1].result == check::verdict::right);
  CHECK(r.findings[4].result == check::verdict::right);
  REQUIRE(r.remarks.size() == 4);
  CHECK(r.remarks[0] == "question 1.2 is answered twice; the answer in line 2 counts");
  CHECK(r.remarks[1] == "there is no question 3.1 (line 2)");
  CHECK(r.remarks[2] == "\\answer{1.4} in line 2 has no second pair of braces");
  CHECK(r.remarks[3] == "the braces of \\answer{1.5} in line 4 never close");
}

TEST_CASE("every complaint has its line and column") {
  const check::report r = check::check_write_up("\n\\answer{1.1}{\n  $\\delta +$}\n\\answer{1.2}{$\\delta \\foo$}");
  CHECK(r.findings[0].where.begin.line == 3);
  CHECK(r.findings[0].where.begin.column == 12);
  CHECK(r.findings[0].message == "the formula ends here; expected a formula");
  CHECK(r.findings[1].where.begin.line == 4);
  CHECK(r.findings[1].where.begin.column == 22);
}

TEST_CASE("an outer product is accepted with a remark on how it is read") {
  const check::report r = check::check_write_up("\\answer{1.11}{$(\\delta W^3 \\odot (z^2 > 0)) \\otimes h^1$}");
  CHECK(right("\\answer{1.11}{$(\\delta W^3 \\odot (z^2 > 0)) \\otimes h^1$}") == "1.11");
  REQUIRE(r.remarks.size() == 1);
  CHECK(r.remarks[0] == "question 1.11: ⊗ is read as the outer product, a column times a row");
  CHECK(check::check_write_up("\\answer{1.3}{$\\delta h^2$}").remarks.empty());
}
