// A report for readers and for programs.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "check.hpp"
#include "homework/style.hpp"

namespace write_up {

using homework::style;

/// The table for a terminal: one line per question, then remarks and the sum of the points.
void print_table(std::ostream& out, const report& r, const style& colours = {});

/// One question at length: as written, as understood, both values where they part, a hint.
void print_explanation(std::ostream& out, const report& r, const std::string& id);

/// An array with one object per file; the fields are in README.md.
void print_json(std::ostream& out, const std::vector<report>& all);

/// One line per file and question: file,question,verdict,mistake,points,line,column,message.
void print_csv(std::ostream& out, const std::vector<report>& all);

/// A page for one file or a whole class: a table of files and questions, the most frequent mistakes, every finding.
void print_html(std::ostream& out, const std::vector<report>& all);

/// The same for pdflatex. It holds only what the checker understood, none of the write-up's own macros.
void print_latex(std::ostream& out, const std::vector<report>& all);

/// An empty write-up with all 25 questions, which compiles as it is.
void print_template(std::ostream& out);

/// "sign" or "missing_1/m+sign" in words; for follow_through with the earlier question.
std::string mistake_text(const finding& f);

/// Where the answer parts from the gradient, in one line: "for j = 2 the gradient is 3, the answer gives -3".
std::string example_text(const finding& f);

/// " for i = 1, j = 2", nothing for a question without indices.
std::string place_text(const question& q, const index_values& at);

/// "2 of 25 right, 3 wrong, 1 unsure, 19 missing; 6 of 50 points".
std::string summary_text(const report& r);

/// A number with five digits.
std::string number_text(double v);

/// A matrix in one line: [1 2; 3 4], a number as itself.
std::string one_line(const matrix& a);

}  // namespace write_up
