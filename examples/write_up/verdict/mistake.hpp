// The named mistakes: what students get wrong, as changes to the right answer.
#pragma once

#include <string>
#include <vector>

#include "formulas/ast.hpp"
#include "values/tables.hpp"

namespace write_up {

struct mistake {
  std::string id;    ///< "missing_mask", as in JSON
  std::string name;  ///< for the reader
  std::string hint;  ///< what to look at; never the answer
};

const std::vector<mistake>& all_mistakes();
const mistake& find_mistake(const std::string& id);

/// What a formula mentions; tells apart mistakes with the same value.
struct mentions {
  bool mask = false;         ///< a condition, σ', sign, …
  bool mask_on_h = false;    ///< h ≥ 0
  bool other_layer = false;  ///< a condition on z or h of a layer that does not belong there

  /// Adds what `n`, in an answer to `q`, mentions.
  void add(const node& n, const question& q);
};

/// What must be mentioned for a mistake to be this one.
enum class mention { any, mask, no_mask, mask_on_h, other_layer, mask_of_other_layer };

/// One way to make a mistake: the right answer with these changes (right_form.hpp).
struct rewrite {
  const char* id;
  mention when;
  std::string changes;
};

/// In the order of preference where two give the same values.
const std::vector<rewrite>& all_rewrites();

/// A factor forgotten where that changes the shape of the answer.
const std::vector<rewrite>& lost_factors();

/// The ids of the mistakes (one, or two joined by "+") that turn the right answer into `given`, "" if none does.
/// `given` must differ from the right answer somewhere.
std::string name_mistake(const question& q, const value_table& given, const mentions& said,
                         const std::vector<world>& points);

/// The id of the mistake if `given` is the right answer without one of its factors, which changes its shape.
std::string missing_factor(const question& q, const value_table& given);

/// A point where the answer parts from the truth, as small as there is one.
struct example {
  const world* point = nullptr;
  index_values at;
  matrix expected;
  std::optional<matrix> given;
};

/// The point easiest to follow where `t` has not the true value.
std::optional<example> smallest_example(const question& q, const value_table& t, const value_table& truth,
                                        bool without_zeros = false);

/// The question of the same part whose right answer these values are, "" if there is none.
std::string other_question(const question& q, const value_table& t);

}  // namespace write_up
