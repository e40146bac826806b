#include "sheet/world.hpp"

#include "homework/network.hpp"

namespace write_up {
namespace {

using numbers = xt::xtensor<double, 2>;

numbers to_xtensor(const matrix& a) {
  numbers out = xt::zeros<double>({a.rows, a.cols});
  std::copy(a.data.begin(), a.data.end(), out.begin());
  return out;
}

matrix to_matrix(const numbers& a) {
  matrix out(a.shape(0), a.shape(1));
  std::copy(a.begin(), a.end(), out.data.begin());
  return out;
}

}  // namespace

void take_gradients(world& w) {
  xg::tape<double> tape;
  homework::network<double> net;
  for (std::size_t i = 1; i <= 3; ++i) net.weights.push_back(to_xtensor(w.W[i]));
  const homework::forward_pass<double> pass = homework::forward(tape, net, to_xtensor(w.h[0]), to_xtensor(w.y));
  for (std::size_t i = 1; i <= 3; ++i) {
    w.z[i] = to_matrix(pass.z[i].value());
    w.h[i] = to_matrix(pass.h[i].value());
  }
  tape.backward(pass.loss);
  for (std::size_t i = 1; i <= 3; ++i) {
    w.dl_dW[i] = to_matrix(pass.W[i].grad());
    w.dl_dz[i] = to_matrix(pass.z[i].grad());
    w.dl_dh[i] = to_matrix(pass.h[i].grad());
  }
  if (w.part != 1) return;
  w.dh2_dh1 = matrix(2, 3);
  for (std::size_t unit = 0; unit < 2; ++unit) {
    tape.backward(pass.h[2](0, unit));
    w.dh2_dW2[unit] = to_matrix(pass.W[2].grad());
    const matrix row = to_matrix(pass.h[1].grad());
    for (std::size_t j = 0; j < 3; ++j) w.dh2_dh1(unit, j) = row(0, j);
  }
}

void take_slope(world& w) {
  xg::tape<double> tape;
  const xg::var<double> x = tape.variable(numbers{{w.argument}});
  const xg::var<double> h = xg::relu(x);
  tape.backward(h);
  w.dl_dh[0] = to_matrix(x.grad());
}

}  // namespace write_up
