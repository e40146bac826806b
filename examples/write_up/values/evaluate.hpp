// The value of a formula at one point.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "formulas/ast.hpp"
#include "sheet/question.hpp"

namespace write_up {

/// "let a = …": a name, perhaps with index letters, and what it stands for.
struct definition {
  node left;
  node right;
};

/// The values of index letters; the last binding of a letter counts.
using bindings = std::vector<std::pair<std::string, int>>;

struct value {
  matrix m;
  bool mask = false;  ///< came from a comparison
  bool zero = false;  ///< a literal 0: it takes any shape
};

/// A number as large as `like`; anything else as it is.
matrix widened(const value& v, const matrix& like);

/// Counts the nodes evaluated, for one answer and for the whole write-up.
class meter {
 public:
  explicit meter(const limits& cap) : cap(cap) {}

  /// What ends an answer that takes too long. Not a complaint, which may only say that a formula has no value: wherever
  /// the work runs out, a verdict on what was compared so far would be a guess.
  struct exhausted {
    complaint why;
  };

  void next_answer() { steps_ = 0; }
  void count(const node& n) {
    if (++steps_ > cap.steps || ++all_steps_ > cap.all_steps) stop(n);
  }
  std::size_t all_steps() const { return all_steps_; }

  const limits cap;

 private:
  [[noreturn]] void stop(const node& n) const;

  std::size_t steps_ = 0;
  std::size_t all_steps_ = 0;
};

/// Evaluates formulas of one answer. A product is read the one way its shapes allow; if two readings fit and differ
/// anywhere, it is ambiguous. Keep one evaluator per answer and begin with a point whose shapes are unmistakable
/// (worlds_of does): how a product is read is decided there and kept.
class evaluator {
 public:
  evaluator(const question& q, const std::vector<definition>& definitions, meter& work)
      : q_(q), definitions_(definitions), work_(work) {}

  /// Throws a complaint where there is no value. The matrix is marked exact if nothing was rounded on the way.
  value at(const node& n, const world& w, const bindings& bound);

  /// How far the letter runs in this formula, by the indices it stands at; 0 if it stands at none.
  int range_of(const std::string& letter, const node& n, const world& w, const bindings& bound);

  /// Derivatives met that no earlier question has answered: the chain was left unevaluated.
  const std::vector<span>& unevaluated() const { return unevaluated_; }

  /// Where h²_k was read as the row of sample k: it may have been meant for a column.
  const std::optional<span>& row_of_sample() const { return row_of_sample_; }

  /// The letter that stands for x in question 1.6 beside x itself.
  std::string argument = "x";

  /// Derivatives that are no chain left unevaluated, for the answer itself works them out.
  std::vector<node> worked_out;

 private:
  struct scope {
    const world& w;
    bindings bound;
    std::size_t known;  // definitions before this one may be used
  };

  // evaluate.cpp
  value eval(const node& n, scope& s);
  value sum(const node& n, scope& s);
  value big_sum(const node& n, scope& s);
  value relation(const node& n, scope& s);
  value cases(const node& n, scope& s);
  value block_matrix(const node& n, scope& s);
  int limit(const node& n, scope& s);
  double divided(double a, double b) const;

  // evaluate_functions.cpp
  value apply(const node& n, scope& s);
  value raised(const node& n, scope& s);
  value inner(const node& n, scope& s);

  // evaluate_symbols.cpp
  value name(const node& n, scope& s);
  value kronecker(const node& n, scope& s);
  value named_matrix(const node& n, scope& s, bool& found);
  value derivative(const node& n, scope& s);
  void note_if_unanswered(const node& top, const node& bottom, const node& whole);
  value selected(const value& v, const std::vector<subscript>& sub, const node& n, scope& s);
  std::size_t position(const subscript& sub, std::size_t size, const node& n, scope& s) const;
  std::size_t single_axis(const matrix& a, const node& n, const world& w) const;
  int lookup(const std::string& letter, const scope& s) const;
  int layer_of(const node& n, const scope& s) const;
  const definition* find_definition(const node& n, const scope& s, bindings& parameters, std::size_t& position) const;
  int range(const std::string& letter, const node& n, scope& s, int depth);

  // evaluate_products.cpp
  value product(const node& n, scope& s);
  value combined(const value& a, const std::string& op, const value& b, const node& n) const;
  value read(const node& n, const std::vector<value>& factors, int reading) const;

  const question& q_;
  const std::vector<definition>& definitions_;
  meter& work_;
  mutable bool rounded_ = false;
  std::map<const node*, std::vector<int>> readings_;
  // Decided where shapes are unmistakable: products of equal shapes read entry by entry, by node and operator, and
  // single indices that count samples.
  mutable std::set<std::pair<const node*, std::string>> entry_by_entry_;
  mutable std::set<const node*> rows_by_sample_;
  std::vector<span> unevaluated_;
  mutable std::optional<span> row_of_sample_;
};

}  // namespace write_up
