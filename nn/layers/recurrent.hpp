// Recurrent layers: a cell that takes one step in time, and what runs it over a sequence.
#pragma once

#include <optional>
#include <vector>

#include <xgrad/nn/weight.hpp>
#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/join.hpp>
#include <xgrad/ops/matmul.hpp>

namespace xg::nn {

namespace detail {

/// The weights of a cell whose gates lie one after the other, and the products every cell begins with.
template <class T, std::size_t Gates>
struct gated_cell {
  using scalar_type = T;
  nn::weight<T> weight_ih, weight_hh, bias_ih, bias_hh;

  gated_cell() = default;
  gated_cell(std::size_t in, std::size_t hidden)
      : weight_ih({Gates * hidden, in}),
        weight_hh({Gates * hidden, hidden}),
        bias_ih({Gates * hidden}),
        bias_hh({Gates * hidden}) {}

  std::size_t hidden() const { return weight_hh.empty() ? 0 : weight_hh.shape()[1]; }
  /// What the inputs contribute to the gates: (..., in) → (..., gates·hidden). For all steps of a sequence at once.
  var<T> from_input(const var<T>& x, const std::source_location& where) const {
    return xg::matmul(x, xg::transpose(weight_ih.on(x, where), where), where) + bias_ih.on(x, where);
  }
  var<T> from_state(const var<T>& h, const std::source_location& where) const {
    return xg::matmul(h, xg::transpose(weight_hh.on(h, where), where), where) + bias_hh.on(h, where);
  }
  static void visit(auto& m, auto f) {
    f("weight_ih", m.weight_ih);
    f("weight_hh", m.weight_hh);
    f("bias_ih", m.bias_ih);
    f("bias_hh", m.bias_hh);
  }
};

}  // namespace detail

/// What a cell hands on: its output h, (n, hidden), and what else it remembers (an lstm's c).
template <class T>
struct recurrent_state {
  var<T> h, c = {};
};

/// h' = tanh(W_ih x + b_ih + W_hh h + b_hh). Elman (1990). Names and layout of the weights are those of torch.nn.
template <class T>
struct rnn_cell : detail::gated_cell<T, 1> {
  using detail::gated_cell<T, 1>::gated_cell;
  recurrent_state<T> step(const var<T>& input, const recurrent_state<T>& s, const std::source_location& where) const {
    return {xt::tanh(input + this->from_state(s.h, where))};
  }
};

/// i, f, g, o = W_ih x + b_ih + W_hh h + b_hh; c' = σ(f) c + σ(i) tanh(g); h' = σ(o) tanh(c'). Hochreiter and
/// Schmidhuber (1997), with the forget gate of Gers et al. (2000).
template <class T>
struct lstm_cell : detail::gated_cell<T, 4> {
  using detail::gated_cell<T, 4>::gated_cell;
  recurrent_state<T> step(const var<T>& input, const recurrent_state<T>& s, const std::source_location& where) const {
    const var<T> gates(input + this->from_state(s.h, where), where);
    const auto part = xg::split(gates, 4, 1, where);
    const var<T> c(xg::sigmoid(part[1]) * s.c + xg::sigmoid(part[0]) * xt::tanh(part[2]), where);
    return {var<T>(xg::sigmoid(part[3]) * xt::tanh(c), where), c};
  }
};

/// r, z = σ(W_ih x + b_ih + W_hh h + b_hh); n = tanh(W_in x + b_in + r (W_hn h + b_hn)); h' = (1 - z) n + z h.
/// Cho et al. (2014), in the form of cuDNN and torch.nn.
template <class T>
struct gru_cell : detail::gated_cell<T, 3> {
  using detail::gated_cell<T, 3>::gated_cell;
  recurrent_state<T> step(const var<T>& input, const recurrent_state<T>& s, const std::source_location& where) const {
    const auto x = xg::split(input, 3, 1, where), h = xg::split(this->from_state(s.h, where), 3, 1, where);
    const auto z = xg::sigmoid(x[1] + h[1]);
    return {var<T>((1 - z) * xt::tanh(x[2] + xg::sigmoid(x[0] + h[0]) * h[2]) + z * s.h, where)};
  }
};

struct recurrent_options {
  bool reverse = false;  // from the last step to the first
};

/// A cell run over sequences: x (n, time, in) → (n, time, hidden), from a state of zeros. With a mask (n, time) of ones
/// and zeros, steps where it is zero leave the state as it was, so that sequences may have different lengths. Its
/// weights are zeros until they are initialised. Throws shape_error.
template <class Cell>
struct recurrent {
  using scalar_type = typename Cell::scalar_type;
  using T = scalar_type;
  Cell cell;
  recurrent_options options = {};

  recurrent() = default;
  recurrent(std::size_t in, std::size_t hidden, recurrent_options o = {}) : cell(in, hidden), options(o) {}

  var<T> operator()(const var<T>& x, const std::source_location& where = std::source_location::current()) const {
    return run(x, nullptr, where);
  }
  var<T> operator()(const var<T>& x, const var<T>& mask,
                    const std::source_location& where = std::source_location::current()) const {
    return run(x, &mask, where);
  }
  static void visit(auto& m, auto f) { Cell::visit(m.cell, f); }

 private:
  var<T> run(const var<T>& x, const var<T>* mask, const std::source_location& where) const {
    if (x.dimension(where) != 3 || x.shape()[1] == 0)
      throw shape_error("recurrent: x has shape " + to_string(x.shape()) + "; expected (samples, time, features)" +
                        at_line(where));
    const std::size_t n = x.shape()[0], steps = x.shape()[1];
    if (mask && !(mask->shape(where) == shape_t{n, steps}))
      throw shape_error("recurrent: the mask has shape " + to_string(mask->shape()) + "; expected " +
                        to_string(shape_t{n, steps}) + at_line(where));
    const var<T> input = cell.from_input(x, where);
    const var<T> zeros = x.owner().constant(xt::zeros<T>({n, cell.hidden()}), where);
    recurrent_state<T> s{zeros, zeros};
    std::vector<var<T>> out(steps);
    for (std::size_t i = 0; i < steps; ++i) {
      const std::size_t t = options.reverse ? steps - 1 - i : i;
      const recurrent_state<T> next = cell.step(xg::view(input, {xt::all(), t}, where), s, where);
      s = mask ? blended(next, s, xg::view(*mask, {xt::all(), t, xt::newaxis()}, where)) : next;
      out[t] = s.h;
    }
    return xg::stack(out, 1, where);
  }
  static recurrent_state<T> blended(const recurrent_state<T>& next, const recurrent_state<T>& before, const var<T>& m) {
    recurrent_state<T> s{m * next.h + (1 - m) * before.h};
    if (next.c.valid()) s.c = m * next.c + (1 - m) * before.c;
    return s;
  }
};
template <class T>
using rnn = recurrent<rnn_cell<T>>;
template <class T>
using lstm = recurrent<lstm_cell<T>>;
template <class T>
using gru = recurrent<gru_cell<T>>;

/// Two of them, forwards and backwards, side by side: (n, time, in) → (n, time, 2·hidden). Their weights are called
/// forward.weight_ih, ..., backward.bias_hh.
template <class R>
struct bidirectional {
  using scalar_type = typename R::scalar_type;
  R forward, backward;

  bidirectional() = default;
  bidirectional(std::size_t in, std::size_t hidden) : forward(in, hidden), backward(in, hidden, {.reverse = true}) {}

  template <class... Mask>
  auto operator()(const var<scalar_type>& x, const Mask&... mask) const {
    return xg::concatenate({forward(x, mask...), backward(x, mask...)}, 2);
  }
  static void visit(auto& m, auto f) {
    f("forward", m.forward);
    f("backward", m.backward);
  }
};

}  // namespace xg::nn
