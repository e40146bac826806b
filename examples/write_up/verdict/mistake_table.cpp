// The mistakes in words.
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

}  // namespace write_up
