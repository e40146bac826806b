#include <array>
#include <ostream>

#include "report/show.hpp"

namespace write_up {
namespace {

const char* const head = R"(\documentclass[11pt]{article}
\usepackage[margin=20mm]{geometry}
\usepackage{amsmath,amssymb}
\setlength{\parindent}{0pt}
% Write each answer between the second braces of its \answer, where the dots are.
% Inside, $...$ and displays as usual; the last formula, or the one that says what it is, counts.
\newcommand{\answer}[2]{\par\smallskip\fbox{\textbf{#1}}\quad #2\par\medskip}
\begin{document}
\section*{Backpropagation by hand}
A network takes four numbers to one: widths 4, 3, 2, 1, no biases. Samples are rows: $h^0 = x$,
$z^i = h^{i-1} (W^i)^T$, $h^1 = \sigma(z^1)$, $h^2 = \sigma(z^2)$, and the last layer is linear, $h^3 = z^3$.
The relu is $\sigma(z) = \max(0, z)$, with $\sigma'(0) = 0$. A gradient has the shape of what it is taken by.

\subsection*{Notation}
\begin{tabular}{ll}
$W^2$, $W^{(2)}$, $W^{[2]}$ & weights of layer 2; a superscript is a layer, never a power \\
$h^2_{1j}$, $h^2_{1,j}$ & entry in row 1 and column $j$; $W^2_{i\cdot}$ or $W^2_{i,:}$ is row $i$, $h^2_{\cdot,1}$ column 1 \\
$\delta$ & $\partial l/\partial h^3$ \\
$A B$, $A \odot B$, $A^T$ & matrix product, product entry by entry, transpose \\
$(z > 0)$, $[z > 0]$, $\mathbf{1}[z > 0]$, $\sigma'(z)$ & 1 where $z$ is positive, 0 elsewhere, entry by entry \\
$\sum_k$, $\sum_{k=1}^m$ & sum over an index \\
$\frac{\partial l}{\partial h^2}$ & the result of an earlier question, as a symbol \\
Let $a = \ldots$ & a name of your own
\end{tabular}

)";

// The questions in words, in the order of the sheet.
const std::array<const char*, 25> in_words{
    "How does the loss change with the first weight of the last layer?",
    "How does it change with the second one?",
    "Put both together: the gradient by all weights of the last layer.",
    "How does the loss change with the first output of layer 2?",
    "The gradient by all outputs of layer 2.",
    "What is the slope of the relu, as a function of $x$?",
    "The first output of layer 2 by each weight of its own unit.",
    "The same output by each weight of the other unit.",
    "Both rows together: that output by all weights of layer 2.",
    "The loss by each single weight of layer 2.",
    "The same for all of them at once, with matrices.",
    "The first output of layer 2 by each output of layer 1.",
    "Each output of layer 2 by the whole row of outputs of layer 1.",
    "The loss by each output of layer 1.",
    "The same for the whole row, with matrices.",
    "The loss by each single weight of layer 1. Earlier results may stand as symbols.",
    "The same for all of them at once, with matrices.",
    "The loss by the outputs of the network, one row per sample. This is $\\delta$ from here on.",
    "The loss by the first weight of the last layer.",
    "The loss by all weights of the last layer.",
    "The loss by the first output of layer 2, for all samples: a column.",
    "The loss by all outputs of layer 2, one row per sample.",
    "The loss by each single weight of layer 2. Earlier results may stand as symbols.",
    "The same for all of them at once, with matrices.",
    "The loss by all outputs of layer 1, one row per sample.",
};

}  // namespace

void print_template(std::ostream& out) {
  out << head;
  std::size_t asked = 0;
  for (const question& q : all_questions()) {
    if (q.id == "1.1")
      out << "\\section*{Part 1: one sample}\nThe loss is $l = \\frac12 (h^3 - y)^2$; write $\\delta$ for $\\partial "
             "l/\\partial h^3$.\n\n";
    if (q.id == "2.1")
      out << "\\section*{Part 2: a batch}\nNow $x$ has $m = 2$ rows, one per sample, and "
             "$l = \\frac{1}{2m} \\sum_k (h^3_{k1} - y_{k1})^2$.\nWrite $m$, not 2, so that the formulas hold for "
             "every batch.\n\n";
    std::string indices;
    for (const index_role& r : q.indices) indices += (indices.empty() ? ", for each $" : ", $") + r.letter + "$";
    out << in_words[asked++] << "\n\n\\quad $\\displaystyle " << q.latex << "$" << indices << "\n\\answer{" << q.id
        << "}{$ \\dots $}\n\n";
  }
  out << "\\end{document}\n";
}

}  // namespace write_up
