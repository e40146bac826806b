// Fits a line to five points by gradient descent.
#include <cstdio>

#include <xgrad/xgrad.hpp>

int main() {
  const xt::xarray<double> xs{0, 1, 2, 3, 4}, ys{1.1, 2.9, 5.2, 6.8, 9.1};

  xg::tape<double> t;
  const auto x = t.constant(xs), y = t.constant(ys);         // data: no gradient
  const auto a = t.variable(0.0), b = t.variable(0.0);       // what we look for
  const xg::var loss = xg::mean(xt::square(a * x + b - y));  // recorded once: one fused node

  for (int step = 0; step < 2000; ++step) {
    t.backward(loss);  // dloss/da, dloss/db
    t.set(a, a.value() - 0.05 * a.grad());
    t.set(b, b.value() - 0.05 * b.grad());
    t.replay();  // recompute with the new a and b
  }
  std::printf("y = %.3f x + %.3f, loss %.4f\n", a.item(), b.item(), loss.item());
}
