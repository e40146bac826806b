// How the 25 questions read.
#include "questions.hpp"

namespace homework {

const std::vector<question_text>& sheet_texts() {
  static const std::vector<question_text> texts{
      // Part 1: one sample
      {"1.1", "∂l/∂W³₁₁", "δ h²₁₁", "scalar",  //
       R"(\frac{\partial l}{\partial W^3_{11}})", R"(\delta\, h^2_{11})"},
      {"1.2", "∂l/∂W³₁₂", "δ h²₁₂", "scalar",  //
       R"(\frac{\partial l}{\partial W^3_{12}})", R"(\delta\, h^2_{12})"},
      {"1.3", "∂l/∂W³", "δ h²", "1×2",  //
       R"(\frac{\partial l}{\partial W^3})", R"(\delta\, h^2)"},
      {"1.4", "∂l/∂h²₁₁", "δ W³₁₁", "scalar",  //
       R"(\frac{\partial l}{\partial h^2_{11}})", R"(\delta\, W^3_{11})"},
      {"1.5", "∂l/∂h²", "δ W³", "1×2",  //
       R"(\frac{\partial l}{\partial h^2})", R"(\delta\, W^3)"},
      {"1.6", "dσ(x)/dx", "(x > 0)", "a function of x",  //
       R"(\frac{d\sigma(x)}{dx})", R"((x > 0))"},
      {"1.7", "∂h²₁₁/∂W²₁ⱼ", "(z²₁₁ > 0) h¹₁ⱼ", "for each j",  //
       R"(\frac{\partial h^2_{11}}{\partial W^2_{1j}})", R"((z^2_{11} > 0)\, h^1_{1j})"},
      {"1.8", "∂h²₁₁/∂W²₂ⱼ", "0", "for each j",  //
       R"(\frac{\partial h^2_{11}}{\partial W^2_{2j}})", "0"},
      {"1.9", "∂h²₁₁/∂W²", "row 1: (z²₁₁ > 0) h¹; row 2: 0", "2×3",  //
       R"(\frac{\partial h^2_{11}}{\partial W^2})", R"(\begin{bmatrix} (z^2_{11} > 0)\, h^1 \\ 0 \end{bmatrix})"},
      {"1.10", "∂l/∂W²ᵢⱼ", "δ W³₁ᵢ (z²₁ᵢ > 0) h¹₁ⱼ", "for each i, j",  //
       R"(\frac{\partial l}{\partial W^2_{ij}})", R"(\delta\, W^3_{1i}\, (z^2_{1i} > 0)\, h^1_{1j})"},
      {"1.11", "∂l/∂W²", "(δ W³ ⊙ (z² > 0))ᵀ h¹", "2×3",  //
       R"(\frac{\partial l}{\partial W^2})", R"(\bigl(\delta\, W^3 \odot (z^2 > 0)\bigr)^T h^1)"},
      {"1.12", "∂h²₁₁/∂h¹₁ⱼ", "(z²₁₁ > 0) W²₁ⱼ", "for each j",  //
       R"(\frac{\partial h^2_{11}}{\partial h^1_{1j}})", R"((z^2_{11} > 0)\, W^2_{1j})"},
      {"1.13", "∂h²₁ᵢ/∂h¹", "(z²₁ᵢ > 0) W²ᵢ·", "1×3, for each i",  //
       R"(\frac{\partial h^2_{1i}}{\partial h^1})", R"((z^2_{1i} > 0)\, W^2_{i\cdot})"},
      {"1.14", "∂l/∂h¹₁ⱼ", "Σᵢ δ W³₁ᵢ (z²₁ᵢ > 0) W²ᵢⱼ", "for each j",  //
       R"(\frac{\partial l}{\partial h^1_{1j}})", R"(\sum_i \delta\, W^3_{1i}\, (z^2_{1i} > 0)\, W^2_{ij})"},
      {"1.15", "∂l/∂h¹", "(δ W³ ⊙ (z² > 0)) W²", "1×3",  //
       R"(\frac{\partial l}{\partial h^1})", R"(\bigl(\delta\, W^3 \odot (z^2 > 0)\bigr) W^2)"},
      {"1.16", "∂l/∂W¹ᵢⱼ", "∂l/∂h¹₁ᵢ (z¹₁ᵢ > 0) x₁ⱼ", "for each i, j",  //
       R"(\frac{\partial l}{\partial W^1_{ij}})", R"(\frac{\partial l}{\partial h^1_{1i}}\, (z^1_{1i} > 0)\, x_{1j})"},
      {"1.17", "∂l/∂W¹", "(∂l/∂h¹ ⊙ (z¹ > 0))ᵀ x", "3×4",  //
       R"(\frac{\partial l}{\partial W^1})", R"(\Bigl(\frac{\partial l}{\partial h^1} \odot (z^1 > 0)\Bigr)^T x)"},
      // Part 2: a batch of m samples
      {"2.1", "δ = ∂l/∂h³", "(h³ − y)/m", "m×1",  //
       R"(\delta = \frac{\partial l}{\partial h^3})", R"(\frac{1}{m} (h^3 - y))"},
      {"2.2", "∂l/∂W³₁₁", "Σₖ δₖ₁ h²ₖ₁", "scalar",  //
       R"(\frac{\partial l}{\partial W^3_{11}})", R"(\sum_k \delta_{k1}\, h^2_{k1})"},
      {"2.3", "∂l/∂W³", "δᵀ h²", "1×2",  //
       R"(\frac{\partial l}{\partial W^3})", R"(\delta^T h^2)"},
      {"2.4", "∂l/∂h²·₁", "δ W³₁₁", "m×1",  //
       R"(\frac{\partial l}{\partial h^2_{\cdot 1}})", R"(\delta\, W^3_{11})"},
      {"2.5", "∂l/∂h²", "δ W³", "m×2",  //
       R"(\frac{\partial l}{\partial h^2})", R"(\delta\, W^3)"},
      {"2.6", "∂l/∂W²ᵢⱼ", "Σₖ ∂l/∂h²ₖᵢ (z²ₖᵢ > 0) h¹ₖⱼ", "for each i, j",  //
       R"(\frac{\partial l}{\partial W^2_{ij}})",
       R"(\sum_k \frac{\partial l}{\partial h^2_{ki}}\, (z^2_{ki} > 0)\, h^1_{kj})"},
      {"2.7", "∂l/∂W²", "(∂l/∂h² ⊙ (z² > 0))ᵀ h¹", "2×3",  //
       R"(\frac{\partial l}{\partial W^2})", R"(\Bigl(\frac{\partial l}{\partial h^2} \odot (z^2 > 0)\Bigr)^T h^1)"},
      {"2.8", "∂l/∂h¹", "(∂l/∂h² ⊙ (z² > 0)) W²", "m×3",  //
       R"(\frac{\partial l}{\partial h^1})", R"(\Bigl(\frac{\partial l}{\partial h^2} \odot (z^2 > 0)\Bigr) W^2)"},
  };
  return texts;
}

std::string superscript(std::size_t number) {
  static const char* const digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text;
  for (char digit : std::to_string(number)) text += digits[digit - '0'];
  return text;
}

}  // namespace homework
