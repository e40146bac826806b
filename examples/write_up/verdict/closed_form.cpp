// What the closed forms are made of, and the gradients made of it.
#include <cmath>

#include "verdict/mistake.hpp"

namespace write_up {
namespace {

// Each entry the product of two sums over the rows: what comes of Σa Σb for Σab.
matrix sums_multiplied(const matrix& a, const matrix& b) {
  matrix out(a.cols, b.cols);
  for (std::size_t i = 0; i < a.cols; ++i)
    for (std::size_t j = 0; j < b.cols; ++j) {
      double left = 0;
      double right = 0;
      for (std::size_t k = 0; k < a.rows; ++k) {
        left += a(k, i);
        right += b(k, j);
      }
      out(i, j) = left * right;
    }
  return out;
}

// Row i times the entry i of the first row of `by`.
matrix rows_scaled(matrix a, const matrix& by) {
  for (std::size_t i = 0; i < a.rows; ++i)
    for (std::size_t j = 0; j < a.cols; ++j) a(i, j) *= by(0, i);
  return a;
}

// Column j of `a` times W_{jj}; nothing where W has no such row.
matrix diagonal(const matrix& a, const matrix& W) {
  matrix out(a.rows, W.cols, std::nan(""));
  for (std::size_t k = 0; k < a.rows; ++k)
    for (std::size_t j = 0; j < std::min(a.cols, W.cols); ++j) out(k, j) = a(k, j) * W(j, j);
  return out;
}

}  // namespace

matrix mask_of(const matrix& z) {
  return mapped(z, [](double v) { return v > 0 ? 1.0 : 0.0; });
}

ingredients::ingredients(const world& w)
    : w(w),
      delta(w.dl_dh[3]),
      W3(w.W[3]),
      W2(w.W[2]),
      mask2(mask_of(w.z[2])),
      mask1(mask_of(w.z[1])),
      h2(w.h[2]),
      h1(w.h[1]),
      x(w.h[0]) {}

matrix closed_form(gradient what, const ingredients& g) {
  const auto product = [&](const matrix& a, const matrix& b) {
    return g.product_of_sums ? sums_multiplied(a, b) : multiplied(transposed(a), b);
  };
  const auto dh2 = [&] { return g.dl_dh2 ? *g.dl_dh2 : multiplied(g.delta, g.W3); };
  const auto dz2 = [&] { return times(dh2(), g.mask2); };
  const auto dh1 = [&] {
    if (g.dl_dh1) return *g.dl_dh1;
    if (g.equal_letters) return diagonal(dz2(), g.W2);
    if (!g.product_of_sums) return multiplied(dz2(), g.W2);
    if (g.masked_weights) return sums_multiplied(transposed(dh2()), rows_scaled(g.W2, g.mask2));
    return sums_multiplied(transposed(dz2()), g.W2);
  };
  matrix out;
  switch (what) {
    case gradient::dl_dh3:
      out = g.delta;
      break;
    case gradient::dl_dW3:
      out = product(g.delta, g.h2);
      break;
    case gradient::dl_dh2:
      out = g.masked_result ? dz2() : dh2();
      break;
    case gradient::dl_dW2:
      out = product(dz2(), g.h1);
      break;
    case gradient::dl_dh1:
      out = g.masked_result ? times(dh1(), g.mask1) : dh1();
      break;
    case gradient::dl_dW1:
      out = product(times(dh1(), g.mask1), g.x);
      break;
    case gradient::slope: {
      // one number: the mask of x itself
      out = matrix(g.mask2(0, 0));
      break;
    }
    case gradient::dh211_dW2:
      out = scaled(g.h1, g.mask2(0, 0));
      {
        matrix two(2, out.cols);
        for (std::size_t j = 0; j < out.cols; ++j) {
          two(0, j) = out(0, j);
          two(1, j) = g.second_row * g.h1(0, j);
        }
        out = two;
      }
      break;
    case gradient::dh2_dh1: {
      out = g.W2;
      for (std::size_t i = 0; i < out.rows; ++i)
        for (std::size_t j = 0; j < out.cols; ++j) out(i, j) *= g.mask2(0, i) * (g.masked_result ? g.mask1(0, j) : 1);
      break;
    }
  }
  return scaled(out, g.factor);
}

}  // namespace write_up
