#include "in_c.hpp"

#include "network.hpp"

namespace homework {

template <class T>
xg::c_code in_c(const problem& given, const std::string& name) {
  network<T> net;
  for (const matrix<double>& w : given.weights) net.weights.push_back(xt::cast<T>(w));
  xg::tape<T> tape;
  const forward_pass<T> pass = forward<T>(tape, net, xt::cast<T>(given.x1), xt::cast<T>(given.y1));
  const std::vector<xg::var<T>> weights(pass.W.begin() + 1, pass.W.end());
  std::vector<xg::var<T>> inputs = weights, outputs{pass.h.back(), pass.loss};
  for (const xg::var<T>& derivative : xg::gradient(pass.loss, std::span<const xg::var<T>>(weights)))
    outputs.push_back(derivative);
  inputs.insert(inputs.end(), {pass.h.front(), pass.y});
  for (std::size_t i = 0; i < weights.size(); ++i) {
    inputs[i].named("W" + std::to_string(i + 1));
    outputs[i + 2].named("dW" + std::to_string(i + 1));
  }
  pass.h.front().named("x"), pass.y.named("y"), pass.h.back().named("h"), pass.loss.named("loss");
  return xg::make_c<T>(outputs, inputs, {.name = name}, std::source_location::current());
}

template xg::c_code in_c<float>(const problem&, const std::string&);
template xg::c_code in_c<double>(const problem&, const std::string&);

}  // namespace homework
