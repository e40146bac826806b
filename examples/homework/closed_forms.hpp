// The answers of the sheet as closed forms, in plain xtensor and BLAS: the second road, which never meets the tape.
#pragma once

#include <vector>

#include "matrix.hpp"

namespace homework {

/// The network at one place: weights, samples, targets and everything computed from them, as plain numbers.
/// The indices are those of the sheet: h[0] = x, and W[i], z[i], h[i] belong to layer i; W[0] and z[0] are empty.
template <class T>
struct point {
  std::vector<matrix<T>> W, z, h;
  matrix<T> y;

  /// h0 = x, zⁱ = hⁱ⁻¹ (Wⁱ)ᵀ, hⁱ = relu(zⁱ), the last layer linear. weights[i - 1] is Wⁱ; x is (m, inputs), y (m,
  /// outputs).
  point(const std::vector<matrix<T>>& weights, const matrix<T>& x, const matrix<T>& y);

  std::size_t last() const { return W.size() - 1; }
  std::size_t samples() const { return y.shape(0); }
};

/// relu'(z): 1 where z > 0, else 0; relu'(0) = 0.
template <class T>
matrix<T> alive(const matrix<T>& z);

/// The loss 1/(2m) Σ (h - y)².
template <class T>
T loss(const point<T>& p);

/// ∂l/∂h of the last layer: (h - y)/m. With one sample this is the δ of part 1.
template <class T>
matrix<T> delta(const point<T>& p);

/// ∂l/∂hⁱ and ∂l/∂Wⁱ of any layer of any network: the rule of the sheet, applied layer by layer from the last one down.
template <class T>
matrix<T> dl_dh(const point<T>& p, std::size_t i);
template <class T>
matrix<T> dl_dW(const point<T>& p, std::size_t i);

/// Where question 1.6, dσ(x)/dx as a function of x, is evaluated: (1, 13), from -3 to 3 with 0 among them.
template <class T>
matrix<T> slope_points();

// One function per question of the sheet, for the 4-3-2-1 network; part 1 (q1_*) takes one sample. A scalar is a (1, 1)
// matrix. "For each j" is a row over j, "for each i, j" a matrix over i and j.
template <class T>
matrix<T> q1_1(const point<T>& p);  // ∂l/∂W³₁₁, (1, 1)
template <class T>
matrix<T> q1_2(const point<T>& p);  // ∂l/∂W³₁₂, (1, 1)
template <class T>
matrix<T> q1_3(const point<T>& p);  // ∂l/∂W³, (1, 2)
template <class T>
matrix<T> q1_4(const point<T>& p);  // ∂l/∂h²₁₁, (1, 1)
template <class T>
matrix<T> q1_5(const point<T>& p);  // ∂l/∂h², (1, 2)
template <class T>
matrix<T> q1_6(const matrix<T>& x);  // dσ(x)/dx, the shape of x
template <class T>
matrix<T> q1_7(const point<T>& p);  // ∂h²₁₁/∂W²₁ⱼ for each j, (1, 3)
template <class T>
matrix<T> q1_8(const point<T>& p);  // ∂h²₁₁/∂W²₂ⱼ for each j, (1, 3)
template <class T>
matrix<T> q1_9(const point<T>& p);  // ∂h²₁₁/∂W², (2, 3)
template <class T>
matrix<T> q1_10(const point<T>& p);  // ∂l/∂W²ᵢⱼ for each i, j, (2, 3)
template <class T>
matrix<T> q1_11(const point<T>& p);  // ∂l/∂W², (2, 3)
template <class T>
matrix<T> q1_12(const point<T>& p);  // ∂h²₁₁/∂h¹₁ⱼ for each j, (1, 3)
template <class T>
matrix<T> q1_13(const point<T>& p);  // ∂h²₁ᵢ/∂h¹, row i for each i, (2, 3)
template <class T>
matrix<T> q1_14(const point<T>& p);  // ∂l/∂h¹₁ⱼ for each j, (1, 3)
template <class T>
matrix<T> q1_15(const point<T>& p);  // ∂l/∂h¹, (1, 3)
template <class T>
matrix<T> q1_16(const point<T>& p);  // ∂l/∂W¹ᵢⱼ for each i, j, (3, 4)
template <class T>
matrix<T> q1_17(const point<T>& p);  // ∂l/∂W¹, (3, 4)

template <class T>
matrix<T> q2_1(const point<T>& p);  // δ = ∂l/∂h³, (m, 1)
template <class T>
matrix<T> q2_2(const point<T>& p);  // ∂l/∂W³₁₁, (1, 1)
template <class T>
matrix<T> q2_3(const point<T>& p);  // ∂l/∂W³, (1, 2)
template <class T>
matrix<T> q2_4(const point<T>& p);  // ∂l/∂h²_{·,1}, (m, 1)
template <class T>
matrix<T> q2_5(const point<T>& p);  // ∂l/∂h², (m, 2)
template <class T>
matrix<T> q2_6(const point<T>& p);  // ∂l/∂W²ᵢⱼ for each i, j, (2, 3)
template <class T>
matrix<T> q2_7(const point<T>& p);  // ∂l/∂W², (2, 3)
template <class T>
matrix<T> q2_8(const point<T>& p);  // ∂l/∂h¹, (m, 3)

}  // namespace homework
