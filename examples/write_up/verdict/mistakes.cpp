// The mistakes: in words, and as changes to the right answers.
#include "verdict/mistake.hpp"

namespace write_up {

const std::vector<mistake>& all_mistakes() {
  static const std::vector<mistake> table{
      {"missing_1/m", "the 1/m is missing", "The loss is a mean over the batch. Where does that show in your answer?"},
      {"doubled_1/m", "1/m stands twice", "What does δ already contain?"},
      {"half_kept", "the ½ of the loss is kept", "Differentiate the square: what happens to the ½?"},
      {"factor_2", "a factor 2 too many",
       "Compare the factor in front of the square with what the square brings down."},
      {"sign", "the sign is turned", "Is it prediction minus target, or the other way round?"},
      {"missing_delta", "δ is missing", "This is a derivative of the loss: how does the loss depend on the output?"},
      {"missing_target", "the target y is missing", "What is the difference that the loss squares?"},
      {"missing_mask", "the condition of the relu is missing", "What does a unit pass on when it is switched off?"},
      {"wrong_layer_mask", "the condition is that of another unit or layer",
       "Which relu lies on the way of this derivative?"},
      {"sigma_for_slope", "σ stands where σ' belongs", "The chain rule wants the slope of the relu, not its value."},
      {"z_for_slope", "z stands where its condition belongs", "What does the relu pass on of a change of z?"},
      {"ge_on_h", "h ≥ 0 always holds", "Can an output of a relu be negative?"},
      {"at_zero", "the value at exactly 0 differs", "Look up the convention for relu'(0)."},
      {"sign_for_step", "the slope left of 0 is not right", "What is the slope of the relu for negative numbers?"},
      {"condition_reversed", "the condition is reversed", "On which side of 0 does the relu rise?"},
      {"missing_sum", "a sum is missing", "Along how many ways does this quantity reach the loss?"},
      {"outside_sum", "a factor of the terms stands outside the sum", "Which factors change from term to term?"},
      {"product_of_sums", "a product of sums in place of a sum of products",
       "Write it out for two terms: which factors belong together?"},
      {"wrong_layer_h", "h of another layer", "What is the input of the layer this weight belongs to?"},
      {"wrong_layer_W", "W of another layer", "Between which two layers does this derivative go?"},
      {"z_for_h", "z stands where h belongs", "What does the next layer get to see?"},
      {"swapped_indices", "the indices are swapped", "Which index counts the units of the layer, which its inputs?"},
      {"wrong_index", "an index points to another unit", "Follow the indices of the question through your answer."},
      {"other_unit", "a row that should vanish does not", "Which weights does this unit depend on?"},
      {"transposed_operand", "a factor is transposed (or a transpose is forgotten)",
       "Write the shapes under the factors."},
      {"shapes", "the shapes do not fit", "Write the shapes under the factors."},
      {"dz_for_dh", "∂l/∂z is given for ∂l/∂h", "Before or behind the relu?"},
      {"output_relu", "a relu on the linear output", "Look at the last layer again: is there a relu?"},
      {"missing_weight", "a weight is missing", "By what is this unit's output multiplied on its way to the loss?"},
      {"missing_input", "the input of the layer is missing", "What is the weight multiplied by?"},
      {"other_question", "this answers another question", "Read again what is asked for."},
      {"unevaluated_chain", "the chain rule is left unevaluated", "Work out the remaining derivatives."},
      {"follow_through", "right but for an earlier wrong answer", "Repair the earlier answer; this one follows."},
  };
  return table;
}

const mistake& find_mistake(const std::string& id) {
  static const mistake unknown{"", "", ""};
  for (const mistake& m : all_mistakes())
    if (m.id == id) return m;
  return unknown;
}

namespace {

// A change of the conditions: # is z of the layer. The mistake may be made in layer 2, in layer 1, or in both.
void add_masks(std::vector<rewrite>& all, const char* id, mention when, const std::string& mask) {
  const auto in_layer = [&](const char* name, const char* z) {
    std::string out = mask;
    for (std::size_t at = 0; (at = out.find('#')) != std::string::npos;) out.replace(at, 1, z);
    return std::string(name) + " = " + out;
  };
  const std::string second = in_layer("P", "z^2");
  const std::string first = in_layer("Q", "z^1");
  for (const std::string& changes : {second, first, second + ';' + first}) all.push_back({id, when, changes});
}

// Without the condition of layer 2 but with that of layer 1.
const char* const result_masked = R"(; dl_dh2 = S \odot P; dl_dh1 = K \odot Q; dh2_dh1 = \operatorname{diag}(P) U
    \operatorname{diag}(Q))";

std::vector<rewrite> rewrites() {
  std::vector<rewrite> all;
  const auto add = [&](const char* id, const std::string& changes, mention when = mention::any) {
    all.push_back({id, when, changes});
  };
  add("sigma_for_slope", R"(slope = \sigma(x))");
  add("z_for_slope", "slope = x");
  add("at_zero", R"(slope = (x \ge 0))");
  add("at_zero", R"(slope = \frac12 ((x > 0) + (x \ge 0)))");
  add("missing_mask", "slope = 1");
  add("sign_for_step", R"(slope = \operatorname{sign}(x))");
  add("sign_for_step", R"(slope = (x > 0) - (x \le 0))");
  add("condition_reversed", "slope = (x < 0)");
  add("condition_reversed", R"(slope = (x \le 0))");
  add_masks(all, "ge_on_h", mention::mask_on_h, "(# = #)");
  add_masks(all, "missing_mask", mention::no_mask, "(# = #)");
  add_masks(all, "at_zero", mention::any, R"((# \ge 0))");
  add_masks(all, "sigma_for_slope", mention::any, R"(\sigma(#))");
  add_masks(all, "z_for_slope", mention::any, "#");
  add_masks(all, "sign_for_step", mention::mask, R"(\operatorname{sign}(#))");
  add_masks(all, "sign_for_step", mention::mask, R"((# > 0) - (# \le 0))");
  add_masks(all, "condition_reversed", mention::mask, "(# < 0)");
  add_masks(all, "condition_reversed", mention::mask, R"((# \le 0))");
  add("wrong_layer_mask", R"(P = \begin{bmatrix} (z^1_{\cdot 1} > 0) & (z^1_{\cdot 2} > 0) \end{bmatrix})",
      mention::mask);
  add("wrong_layer_mask",
      R"(Q = \begin{bmatrix} (z^2_{\cdot 1} > 0) & (z^2_{\cdot 2} > 0) & \Omega (z^2_{\cdot 2} > 0) \end{bmatrix})",
      mention::mask);
  add("wrong_layer_mask", std::string("P = (z^2 = z^2)") + result_masked, mention::mask_of_other_layer);
  add("wrong_layer_mask", "P = (z^3 > 0) (V = V)", mention::mask);
  add("wrong_layer_mask",
      R"(Q = \begin{bmatrix} (x_{\cdot 1} > 0) & (x_{\cdot 2} > 0) & (x_{\cdot 3} > 0) \end{bmatrix})", mention::mask);
  add("wrong_layer_mask", R"(P = \begin{bmatrix} (x_{\cdot 1} > 0) & (x_{\cdot 2} > 0) \end{bmatrix})", mention::mask);
  // (z¹₁ⱼ > 0) beside h¹₁ⱼ changes nothing: the condition of layer 2 is missing all the same.
  add_masks(all, "wrong_layer_mask", mention::other_layer, "(# = #)");
  add_masks(all, "missing_mask", mention::mask, "(# = #)");
  add("dz_for_dh", std::string("M = M") + result_masked);
  add("output_relu", R"(\Delta = \delta \odot (z^3 > 0))");
  add("output_relu", R"(\Delta = (\sigma(z^3) - y) / M)");
  add("missing_delta", R"(\Delta = (y = y))");
  add("missing_delta", R"(\Delta = (y = y) / M)");
  add("missing_target", R"(\Delta = h^3 / M)");
  add("missing_target", R"(\Delta = h^3)");
  // Σa Σb for Σab: over the samples, and over the units of layer 2.
  const std::string samples = R"(dl_dW3 = ((y = y)^T \Delta)^T ((y = y)^T A);
      dl_dW2 = ((y = y)^T (S \odot P))^T ((y = y)^T B); dl_dW1 = ((y = y)^T (K \odot Q))^T ((y = y)^T G); )";
  add("product_of_sums", samples + R"(K = ((S \odot P) (V = V)^T) ((V = V) U))");
  add("product_of_sums", samples + R"(K = (S (V = V)^T) (P_{1 \cdot} U))");
  add("missing_sum", R"(K = (S \odot P) \begin{bmatrix} U_{11} & 0 & \Omega \\ 0 & U_{22} & \Omega \end{bmatrix})");
  // Part 1 copied: the first sample's inputs for all.
  add("missing_sum", R"(A = (y = y) h^2_{1 \cdot}; B = (y = y) h^1_{1 \cdot}; G = (y = y) x_{1 \cdot};
      P = (y = y) (z^2_{1 \cdot} > 0); Q = (y = y) (z^1_{1 \cdot} > 0))");
  add("missing_sum", R"(U = \begin{bmatrix} W^2_{1 \cdot} \\ 0 \end{bmatrix})");
  add("missing_sum", R"(dl_dW3 = \Delta_{1 \cdot} A_{1 \cdot}; dl_dW2 = ((S \odot P)_{1 \cdot})^T B_{1 \cdot};
      dl_dW1 = ((K \odot Q)_{1 \cdot})^T G_{1 \cdot})");
  for (const char* other : {"A = h^1", "A = x", "A = h^3 (V = V)", "B = h^2", "B = x", "G = h^1", "G = h^2"})
    add("wrong_layer_h", other);
  add("z_for_h", "A = z^2; B = z^1");
  add("wrong_index", R"(P = \begin{bmatrix} (z^2_{\cdot 2} > 0) & (z^2_{\cdot 1} > 0) \end{bmatrix})");
  add("wrong_index", R"(V = \begin{bmatrix} W^3_{12} & W^3_{11} \end{bmatrix})");
  add("wrong_index", R"(A = \begin{bmatrix} h^2_{\cdot 2} & h^2_{\cdot 1} \end{bmatrix})");
  for (const char* row : {"R = P_{11}", "R = P_{12}", "R = 1"}) add("other_unit", row);
  add("missing_weight", "V = (W^3 = W^3)");
  add("missing_weight", "U = (W^2 = W^2)");
  add("missing_input", "A = (h^2 = h^2); B = (h^1 = h^1); G = (x = x)");
  return all;
}

}  // namespace

const std::vector<rewrite>& all_rewrites() {
  static const std::vector<rewrite> all = rewrites();
  return all;
}

const std::vector<rewrite>& lost_factors() {
  static const std::vector<rewrite> all{
      {"missing_input", mention::any, R"(dl_dW3 = \Delta; dl_dW2 = S \odot P; dl_dW1 = ((S \odot P) U) \odot Q)"},
      {"missing_weight", mention::any, R"(dl_dh2 = \Delta; dl_dh1 = S \odot P; dh2_dh1 = P^T)"},
      {"missing_delta", mention::any, "dl_dW3 = A; dl_dh2 = V"}};
  return all;
}

}  // namespace write_up
