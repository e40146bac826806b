// gradcheck: which statement is wrong? Each is tried by itself: its operands are moved in their place on the tape, and
// what comes after them is computed again.
#include <algorithm>
#include <cmath>
#include <limits>

#include <xgrad/core/derivative/gradchecker.hpp>

namespace xg {

namespace {

constexpr std::size_t most_nodes = 500;  // each is tried with all between its operand and itself

}  // namespace

// Is the derivative of what `target` returns by a slot before it wrong, by differences? It is the result of node n, or
// recorded from it; what it records is forgotten.
template <class T>
bool gradchecker<T>::is_wrong(const std::function<var<T>()>& target, slot<T>& by, const node<T>& n, std::string& how) {
  const detail::attempt scratch(tape_.ledger());
  const var<T> y = target();
  if (by.size == 0 || y.size() == 0) return false;
  const std::vector<double> weights = random(y.size()), unit = random(by.size);
  const std::vector<T> values(by.value, by.value + by.size);
  double scale = 0, size = 0, magnitude = 0, kernel = 0, recorded = 0;
  for (T x : values) scale = std::max(scale, std::abs(double(x)));
  if (scale == 0) scale = 1;
  for (std::size_t i = 0; i < weights.size(); ++i) magnitude += std::abs(weights[i] * double(y.value().flat(i)));

  if (y.requires_grad()) {
    const var<T> x = tape_.ledger().handle(by);
    const auto seed_values = as_array(weights, y.shape());
    tape_.backward(y, seed_values, std::span<const var<T>>(&x, 1));
    const std::vector<T> adjoint(x.grad().begin(), x.grad().end());
    const var<T> g = gradient(y, x, seed(seed_values));
    for (std::size_t i = 0; i < by.size; ++i) {
      const double step = unit[i] * scale, by_sweep = double(adjoint[i]), by_gradient = double(g.value().flat(i));
      kernel += by_sweep * step;
      recorded += by_gradient * step;
      size += std::max(std::abs(by_sweep), std::abs(by_gradient)) * std::abs(step);
    }
  }

  const auto move = [&](double h) {
    for (std::size_t i = 0; i < by.size; ++i) by.value[i] = T(double(values[i]) + h * scale * unit[i]);
    for (std::size_t i = by.producer; i < n.out->producer; ++i) tape_.ledger().nodes[i]->forward(tape_.ledger());
  };
  const auto value = [&](double h) {
    move(h);
    const detail::attempt once(tape_.ledger());
    const var<T> there = target();
    double sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * double(there.value().flat(i));
    return sum;
  };
  const double noise = 4 * double(std::numeric_limits<T>::epsilon()) * magnitude;
  const detail::difference d =
      detail::differentiate(value, options_.step, options_.steps, options_.tolerance * size / 8, noise);
  std::ranges::copy(values, by.value);
  for (std::size_t i = by.producer; i < n.out->producer; ++i) tape_.ledger().nodes[i]->forward(tape_.ledger());

  const double allowed =
      options_.tolerance * std::max(size, std::abs(d.value)) + 4 * noise / options_.step + 4 * d.error;
  const bool wrong_kernel = !(std::abs(kernel - d.value) <= allowed),
             wrong_vjp = !(std::abs(recorded - d.value) <= allowed);
  how = wrong_kernel && wrong_vjp ? "" : wrong_kernel ? ", as `backward` computes it," : ", as `gradient` records it,";
  return !d.bends && (wrong_kernel || wrong_vjp);
}

template <class T>
auto gradchecker<T>::blame(int order) -> blamed {
  std::vector<char> moves(here_.y.empty() ? 0 : tape_.variables(), 0);
  for (const var<T>& x : here_.x) moves[x.id()] = 1;
  std::size_t tried = 0;
  for (std::size_t at = 0; at < nodes_ && tried < most_nodes; ++at) {
    const node<T>& n = *tape_.ledger().nodes[at];
    const auto inputs = n.inputs();
    for (const slot<T>* in : inputs) moves[n.out->id] = char(moves[n.out->id] | moves[in->id]);
    if (!moves[n.out->id] || !n.out->adjoint) continue;
    ++tried;
    for (std::size_t k = 0; k < inputs.size(); ++k) {
      slot<T>& in = *inputs[k];
      if (!moves[in.id] || !in.adjoint) continue;
      const var<T> y = tape_.ledger().handle(*n.out), x = tape_.ledger().handle(in);
      std::string how;
      const auto told = [&](const std::string& what) {
        return blamed{"the " + what + " of " + n.text(tape_.ledger().names) + " by its operand " + std::to_string(k) +
                          how + " is wrong" + at_line(n.where),
                      n.where};
      };
      if (order == 1) {
        if (is_wrong([&] { return y; }, in, n, how)) return told("derivative");
        continue;
      }
      const auto seed_values = as_array(random(n.out->size), y.shape());
      for (slot<T>* by : inputs)
        if (moves[by->id] && by->adjoint && is_wrong([&] { return gradient(y, x, seed(seed_values)); }, *by, n, how))
          return told("second derivative");
    }
  }
  return {};
}

template auto gradchecker<float>::blame(int) -> blamed;
template auto gradchecker<double>::blame(int) -> blamed;

}  // namespace xg
