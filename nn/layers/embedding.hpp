// Rows of a table, by number: vectors for words.
#pragma once

#include <xgrad/nn/weight.hpp>
#include <xgrad/ops/index.hpp>

namespace xg::nn {

/// For whole numbers i (from t.indices), in any shape, the rows of the weight (rows, width) that they name: a variable
/// of the shape of i, with the width as last axis. The weight is zeros until it is initialised; nn::gaussian(net, rng,
/// 1, {.on = "words"}) is usual. Throws value_error for a number out of range.
template <class T>
struct embedding {
  using scalar_type = T;
  nn::weight<T> weight;

  embedding() = default;
  embedding(std::size_t rows, std::size_t width) : weight({rows, width}) {}

  var<T> operator()(const indices<T>& i, const std::source_location& where = std::source_location::current()) const {
    return xg::embedding(weight.on(i.leaf(), where), i, where);
  }
  static void visit(auto& m, auto f) { f("weight", m.weight); }
};

}  // namespace xg::nn
