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

/// What the closed forms are made of; mistakes change it. Matrices have one row per sample.
struct ingredients {
  explicit ingredients(const world& w);

  const world& w;
  matrix delta, W3, W2, mask2, mask1, h2, h1, x;
  std::optional<matrix> dl_dh2;  ///< if given, used in place of δ W³
  std::optional<matrix> dl_dh1;
  bool product_of_sums = false;
  bool masked_weights = false;  ///< … of sums in which the condition stands beside W²
  bool equal_letters = false;   ///< Σᵢ with j for i
  bool masked_result = false;   ///< ∂l/∂z in place of ∂l/∂h
  double second_row = 0;        ///< ∂h²₁₁/∂W²: this times h¹ in the row that should vanish
  double factor = 1;
};

/// Where z > 0.
matrix mask_of(const matrix& z);

/// The gradient a question is about, by its closed form.
matrix closed_form(gradient what, const ingredients& given);

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
