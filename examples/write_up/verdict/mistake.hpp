// The named mistakes: what students get wrong, as changes to the right answer.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "formulas/ast.hpp"
#include "sheet/question.hpp"

namespace write_up {

struct mistake {
  std::string id;    ///< "missing_mask", as in JSON
  std::string name;  ///< for the reader
  std::string hint;  ///< what to look at; never the answer
};

const std::vector<mistake>& all_mistakes();
const mistake& find_mistake(const std::string& id);

/// The values of an answer: by point of worlds_of(question), then by place. Nothing where there is no value.
using value_table = std::vector<std::vector<std::optional<matrix>>>;

/// What a formula mentions; tells apart mistakes with the same value.
struct mentions {
  bool mask = false;         ///< a condition, σ', sign, …
  bool mask_on_h = false;    ///< h ≥ 0
  bool other_layer = false;  ///< a condition on z or h of a layer that does not belong there

  void add(const mentions& o) {
    mask = mask || o.mask;
    mask_on_h = mask_on_h || o.mask_on_h;
    other_layer = other_layer || o.other_layer;
  }
};
mentions mentioned_in(const node& n, const question& q);

/// What must be mentioned for a mistake to be this one.
enum class mention { any, mask, no_mask, mask_on_h, other_layer, mask_of_other_layer };
bool does_fit(mention f, const mentions& said);

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
std::string name_mistake(const question& q, const value_table& given, const mentions& said);
std::string name_mistake(const question& q, const value_table& given, const mentions& said,
                         const std::vector<world>& points);

/// The id of the mistake if `given` is the right answer without one of its factors, which changes its shape.
std::string missing_factor(const question& q, const value_table& given);

/// True if both tables agree wherever one has a value, and there is at least one value.
bool same_values(const value_table& a, const value_table& b);

}  // namespace write_up
