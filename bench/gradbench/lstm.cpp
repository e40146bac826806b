// A small recurrent network with diagonal weights that predicts the next character (ADBench).
#include "problem.hpp"

namespace {

using namespace gradbench;

/// x holds the main parameters (2 L, 4 b) and then the extra ones (3, b), row by row.
variable objective(const variable& x, const json& input) {
  const numbers state = array(input["state"]), sequence = array(input["sequence"]);
  const std::size_t b = state.shape(1), layers = state.shape(0) / 2, length = sequence.shape(0);
  const auto rows = [&](std::size_t first, std::size_t n) {  // of b numbers each
    return xg::split(xg::view(x, {xt::range(first * b, (first + n) * b)}), n);
  };
  const auto extra = rows(8 * layers, 3);
  struct layer {
    std::vector<variable> w, bias;  // forget, ingate, outgate, change
    variable h, c;
  };
  std::vector<layer> net(layers);
  tape& t = x.owner();
  for (std::size_t l = 0; l < layers; ++l)
    net[l] = {rows(8 * l, 4), rows(8 * l + 4, 4), t.constant(xt::row(state, std::ptrdiff_t(2 * l))),
              t.constant(xt::row(state, std::ptrdiff_t(2 * l + 1)))};

  const numbers seen = xt::view(sequence, xt::range(0, length - 1)), next = xt::view(sequence, xt::range(1, length));
  const auto inputs = xg::split(variable(seen * extra[0]), length - 1);
  std::vector<variable> outputs;
  for (const variable& in : inputs) {
    variable now = xg::reshape(in, {-1});
    for (layer& l : net) {
      l.c = l.c * xg::sigmoid(now * l.w[0] + l.bias[0]) +
            xg::sigmoid(l.h * l.w[1] + l.bias[1]) * xt::tanh(l.h * l.w[3] + l.bias[3]);
      l.h = xg::sigmoid(now * l.w[2] + l.bias[2]) * xt::tanh(l.c);
      now = l.h;
    }
    outputs.push_back(now);
  }
  const variable y = xg::stack(outputs) * extra[1] + extra[2];
  const variable e = xt::log(2 + xg::sum(xt::exp(y), 1, xg::keep_dims));
  return -xg::mean(next * (y - e));
}

numbers parameters(const json& j) {
  numbers all =
      xt::concatenate(xt::xtuple(xt::flatten(array(j["main_params"])), xt::flatten(array(j["extra_params"]))));
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  return gradbench::main(argc, argv, value_and_gradient("objective", "jacobian", parameters, objective));
}
