#include "closed_forms.hpp"

#include <xtensor-blas/xlinalg.hpp>

namespace homework {

using xt::transpose;
using xt::linalg::dot;

namespace {

template <class T>
matrix<T> scalar(T value) {
  return matrix<T>({1, 1}, value);
}

template <class T>
matrix<T> zeros(std::size_t rows, std::size_t columns) {
  return matrix<T>({rows, columns}, T(0));
}

}  // namespace

// Part 1: one sample, l = ½ (h³ - y)². The sheet counts elements from 1, the code from 0: h²₁₁ is h[2](0, 0).

// The δ of part 1, a number.
template <class T>
static T delta1(const point<T>& p) {
  return p.h[3](0, 0) - p.y(0, 0);
}

// δ h²₁₁
template <class T>
matrix<T> q1_1(const point<T>& p) {
  return scalar<T>(delta1(p) * p.h[2](0, 0));
}

// δ h²₁₂
template <class T>
matrix<T> q1_2(const point<T>& p) {
  return scalar<T>(delta1(p) * p.h[2](0, 1));
}

// δ h²
template <class T>
matrix<T> q1_3(const point<T>& p) {
  return delta1(p) * p.h[2];
}

// δ W³₁₁
template <class T>
matrix<T> q1_4(const point<T>& p) {
  return scalar<T>(delta1(p) * p.W[3](0, 0));
}

// δ W³
template <class T>
matrix<T> q1_5(const point<T>& p) {
  return delta1(p) * p.W[3];
}

// (x > 0)
template <class T>
matrix<T> q1_6(const matrix<T>& x) {
  return alive(x);
}

// (z²₁₁ > 0) h¹₁ⱼ
template <class T>
matrix<T> q1_7(const point<T>& p) {
  matrix<T> answer = zeros<T>(1, 3);
  for (std::size_t j = 0; j < 3; ++j) answer(0, j) = p.z[2](0, 0) > 0 ? p.h[1](0, j) : T(0);
  return answer;
}

// 0
template <class T>
matrix<T> q1_8(const point<T>&) {
  return zeros<T>(1, 3);
}

// row 1: (z²₁₁ > 0) h¹; row 2: zeros
template <class T>
matrix<T> q1_9(const point<T>& p) {
  matrix<T> answer = zeros<T>(2, 3);
  xt::row(answer, 0) = alive(p.z[2])(0, 0) * xt::row(p.h[1], 0);
  return answer;
}

// δ W³₁ᵢ (z²₁ᵢ > 0) h¹₁ⱼ
template <class T>
matrix<T> q1_10(const point<T>& p) {
  matrix<T> answer = zeros<T>(2, 3);
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t j = 0; j < 3; ++j)
      answer(i, j) = p.z[2](0, i) > 0 ? delta1(p) * p.W[3](0, i) * p.h[1](0, j) : T(0);
  return answer;
}

// (δ W³ ⊙ (z² > 0))ᵀ h¹
template <class T>
matrix<T> q1_11(const point<T>& p) {
  const matrix<T> dl_dz2 = delta1(p) * p.W[3] * alive(p.z[2]);
  return dot(transpose(dl_dz2), p.h[1]);
}

// (z²₁₁ > 0) W²₁ⱼ
template <class T>
matrix<T> q1_12(const point<T>& p) {
  matrix<T> answer = zeros<T>(1, 3);
  for (std::size_t j = 0; j < 3; ++j) answer(0, j) = p.z[2](0, 0) > 0 ? p.W[2](0, j) : T(0);
  return answer;
}

// row i: (z²₁ᵢ > 0) W²ᵢ·
template <class T>
matrix<T> q1_13(const point<T>& p) {
  return transpose(alive(p.z[2])) * p.W[2];
}

// Σᵢ δ W³₁ᵢ (z²₁ᵢ > 0) W²ᵢⱼ
template <class T>
matrix<T> q1_14(const point<T>& p) {
  matrix<T> answer = zeros<T>(1, 3);
  for (std::size_t j = 0; j < 3; ++j)
    for (std::size_t i = 0; i < 2; ++i)
      if (p.z[2](0, i) > 0) answer(0, j) += delta1(p) * p.W[3](0, i) * p.W[2](i, j);
  return answer;
}

// (δ W³ ⊙ (z² > 0)) W²
template <class T>
matrix<T> q1_15(const point<T>& p) {
  const matrix<T> dl_dz2 = delta1(p) * p.W[3] * alive(p.z[2]);
  return dot(dl_dz2, p.W[2]);
}

// ∂l/∂h¹₁ᵢ (z¹₁ᵢ > 0) x₁ⱼ
template <class T>
matrix<T> q1_16(const point<T>& p) {
  const matrix<T> dl_dh1 = q1_14(p);
  matrix<T> answer = zeros<T>(3, 4);
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 4; ++j) answer(i, j) = p.z[1](0, i) > 0 ? dl_dh1(0, i) * p.h[0](0, j) : T(0);
  return answer;
}

// (∂l/∂h¹ ⊙ (z¹ > 0))ᵀ x
template <class T>
matrix<T> q1_17(const point<T>& p) {
  const matrix<T> dl_dz1 = q1_15(p) * alive(p.z[1]);
  return dot(transpose(dl_dz1), p.h[0]);
}

// Part 2: m samples, l = 1/(2m) Σₖ (h³ₖ₁ - yₖ₁)².

// δ = (h³ - y)/m
template <class T>
matrix<T> q2_1(const point<T>& p) {
  return (p.h[3] - p.y) / T(p.samples());
}

// Σₖ δₖ₁ h²ₖ₁
template <class T>
matrix<T> q2_2(const point<T>& p) {
  const matrix<T> d = q2_1(p);
  T sum = 0;
  for (std::size_t k = 0; k < p.samples(); ++k) sum += d(k, 0) * p.h[2](k, 0);
  return scalar<T>(sum);
}

// δᵀ h²
template <class T>
matrix<T> q2_3(const point<T>& p) {
  return dot(transpose(q2_1(p)), p.h[2]);
}

// δ W³₁₁
template <class T>
matrix<T> q2_4(const point<T>& p) {
  return q2_1(p) * p.W[3](0, 0);
}

// δ W³
template <class T>
matrix<T> q2_5(const point<T>& p) {
  return dot(q2_1(p), p.W[3]);
}

// Σₖ ∂l/∂h²ₖᵢ (z²ₖᵢ > 0) h¹ₖⱼ
template <class T>
matrix<T> q2_6(const point<T>& p) {
  const matrix<T> dl_dh2 = q2_5(p);
  matrix<T> answer = zeros<T>(2, 3);
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t j = 0; j < 3; ++j)
      for (std::size_t k = 0; k < p.samples(); ++k)
        if (p.z[2](k, i) > 0) answer(i, j) += dl_dh2(k, i) * p.h[1](k, j);
  return answer;
}

// (∂l/∂h² ⊙ (z² > 0))ᵀ h¹
template <class T>
matrix<T> q2_7(const point<T>& p) {
  const matrix<T> dl_dz2 = q2_5(p) * alive(p.z[2]);
  return dot(transpose(dl_dz2), p.h[1]);
}

// (∂l/∂h² ⊙ (z² > 0)) W²
template <class T>
matrix<T> q2_8(const point<T>& p) {
  const matrix<T> dl_dz2 = q2_5(p) * alive(p.z[2]);
  return dot(dl_dz2, p.W[2]);
}

// Any network, and what all of the above stand on.

template <class T>
point<T>::point(const std::vector<matrix<T>>& weights, const matrix<T>& x, const matrix<T>& targets)
    : W(1), z(1), h(1, x), y(targets) {
  for (const matrix<T>& w : weights) {
    W.push_back(w);
    z.push_back(dot(h.back(), transpose(w)));
    if (W.size() <= weights.size())
      h.push_back(xt::maximum(z.back(), T(0)));
    else
      h.push_back(z.back());
  }
}

template <class T>
matrix<T> alive(const matrix<T>& z) {
  return xt::cast<T>(z > T(0));
}

template <class T>
T loss(const point<T>& p) {
  return xt::sum(xt::square(p.h[p.last()] - p.y))() / T(2 * p.samples());
}

template <class T>
matrix<T> delta(const point<T>& p) {
  return (p.h[p.last()] - p.y) / T(p.samples());
}

// ∂l/∂zⁱ = ∂l/∂hⁱ ⊙ relu'(zⁱ); the last layer is linear.
template <class T>
static matrix<T> dl_dz(const point<T>& p, std::size_t i) {
  if (i == p.last()) return delta(p);
  return dl_dh(p, i) * alive(p.z[i]);
}

template <class T>
matrix<T> dl_dh(const point<T>& p, std::size_t i) {
  matrix<T> gradient = delta(p);
  for (std::size_t k = p.last(); k > i; --k) {
    if (k < p.last()) gradient = matrix<T>(gradient * alive(p.z[k]));
    gradient = matrix<T>(dot(gradient, p.W[k]));
  }
  return gradient;
}

template <class T>
matrix<T> dl_dW(const point<T>& p, std::size_t i) {
  return dot(transpose(dl_dz(p, i)), p.h[i - 1]);
}

template <class T>
matrix<T> slope_points() {
  return {{-3, -2, -1, T(-0.5), T(-0.1), T(-0.001), 0, T(0.001), T(0.1), T(0.5), 1, 2, 3}};
}

#define HOMEWORK_INSTANTIATE(T)                           \
  template struct point<T>;                               \
  template matrix<T> alive(const matrix<T>&);             \
  template T loss(const point<T>&);                       \
  template matrix<T> delta(const point<T>&);              \
  template matrix<T> dl_dh(const point<T>&, std::size_t); \
  template matrix<T> dl_dW(const point<T>&, std::size_t); \
  template matrix<T> slope_points();                      \
  template matrix<T> q1_6(const matrix<T>&);              \
  template matrix<T> q1_1(const point<T>&);               \
  template matrix<T> q1_2(const point<T>&);               \
  template matrix<T> q1_3(const point<T>&);               \
  template matrix<T> q1_4(const point<T>&);               \
  template matrix<T> q1_5(const point<T>&);               \
  template matrix<T> q1_7(const point<T>&);               \
  template matrix<T> q1_8(const point<T>&);               \
  template matrix<T> q1_9(const point<T>&);               \
  template matrix<T> q1_10(const point<T>&);              \
  template matrix<T> q1_11(const point<T>&);              \
  template matrix<T> q1_12(const point<T>&);              \
  template matrix<T> q1_13(const point<T>&);              \
  template matrix<T> q1_14(const point<T>&);              \
  template matrix<T> q1_15(const point<T>&);              \
  template matrix<T> q1_16(const point<T>&);              \
  template matrix<T> q1_17(const point<T>&);              \
  template matrix<T> q2_1(const point<T>&);               \
  template matrix<T> q2_2(const point<T>&);               \
  template matrix<T> q2_3(const point<T>&);               \
  template matrix<T> q2_4(const point<T>&);               \
  template matrix<T> q2_5(const point<T>&);               \
  template matrix<T> q2_6(const point<T>&);               \
  template matrix<T> q2_7(const point<T>&);               \
  template matrix<T> q2_8(const point<T>&);

HOMEWORK_INSTANTIATE(float)
HOMEWORK_INSTANTIATE(double)

}  // namespace homework
