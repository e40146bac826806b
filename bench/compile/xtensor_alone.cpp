// What a file costs that only uses xtensor.
#include <xtensor/xarray.hpp>
#include <xtensor/xmath.hpp>

int main() {
  const xt::xarray<double> x = {{0.1, 0.2}, {0.3, 0.4}}, y = {1, 2};
  const xt::xarray<double> z = xt::tanh(x * y + 1) - xt::exp(-x);
  return xt::sum(z)() > 0 ? 0 : 1;
}
