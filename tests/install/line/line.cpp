// Fits the line y = a x + b to five points by gradient descent.
#include <cstdio>

#include <xgrad/xgrad.hpp>

int main() {
  const xt::xarray<double> x = {0, 1, 2, 3, 4}, y = {1, 2.9, 5.2, 7.1, 8.8};
  xg::tape<double> t;
  xg::var<double> a = t.variable(0), b = t.variable(0);
  xg::var<double> loss = xg::mean(xt::square(a * x + b - y)) / 2;
  for (int step = 0; step < 1000; ++step) {
    t.backward(loss);
    t.set(a, a.value() - 0.25 * a.grad());
    t.set(b, b.value() - 0.25 * b.grad());
    t.replay();
  }
  std::printf("a = %.6f, b = %.6f\n", a.item(), b.item());
}
