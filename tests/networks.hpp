// Random networks that PyTorch computed (oracle/networks.txt, written by oracle/random_networks.py): read, built anew,
// compared.
#pragma once

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "network_ops.hpp"
#include "op_checks.hpp"

namespace test::networks {

struct node {
  std::string name;
  std::vector<std::size_t> operands;  // of a leaf its shape
  std::vector<std::string> parameters;
  bool leaf() const { return name == "leaf"; }
  bool data() const { return leaf() || name == "data"; }
};

/// What PyTorch says of a leaf: two projections of its gradient, one of its part of the Hessian-vector product.
struct derivatives {
  double first = NAN, other = NAN, second = 0;
};

struct network {
  std::uint64_t number = 0;
  std::vector<node> nodes;
  double loss = NAN;
  std::map<std::size_t, derivatives> leaves;  // by the leaf's node
};

inline std::vector<network> read() {
  std::ifstream file(std::filesystem::path(__FILE__).parent_path() / "oracle" / "networks.txt");
  std::vector<network> all;
  for (std::string line, word; std::getline(file, line);) {
    std::istringstream words(line);
    words >> word;
    if (word == "network") {
      words >> all.emplace_back().number;
      continue;
    }
    REQUIRE_FALSE(all.empty());
    network& net = all.back();
    std::size_t k = 0;
    if (word == "y") {
      words >> net.loss;
    } else if (word == "g") {
      words >> k >> net.leaves[k].first >> net.leaves[k].other;
    } else if (word == "h") {
      words >> k >> net.leaves[k].second;
    } else {
      node& n = net.nodes.emplace_back();
      n.name = word;
      while (words >> word && word != ":") n.operands.push_back(std::stoul(word));
      while (words >> word) n.parameters.push_back(word);
      continue;
    }
    REQUIRE(words);
  }
  return all;
}

/// The numbers of leaves, weights and directions: `numbers` of the script. Exact in float.
inline array numbers(std::uint64_t number, std::uint64_t stream, const xg::shape_t& shape) {
  array a = array::from_shape(shape);
  for (std::uint64_t i = 0; i < a.size(); ++i) {
    std::uint64_t z = ((number * 1000 + stream) * 1000003 + i + 1) * 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    a.flat(i) = double((z ^ (z >> 31)) >> 44) / (1 << 19) - 1;
  }
  return a;
}
constexpr std::uint64_t weight = 200, first_direction = 400, other_direction = 600;

/// A difference, seen from the sizes of what was added up.
inline double off(double got, double wanted, double size) {
  const double d = std::abs(got - wanted) / std::max(size, 1e-3);
  return std::isnan(d) ? INFINITY : d;
}
inline double off(const auto& got, const array& direction, double wanted) {
  double sum = 0, size = 0;
  for (std::size_t i = 0; i < direction.size(); ++i) {
    sum += double(got.flat(i)) * direction.flat(i);
    size += std::abs(double(got.flat(i)) * direction.flat(i));
  }
  return off(sum, wanted, size);
}

/// The largest difference of a network's loss, gradients (by `backward`, by `gradient`, by `jvp`) and Hessian-vector
/// product from PyTorch's.
template <class T>
struct comparison {
  const table<T>& structured;
  const std::vector<op_case<T>>& elementwise;
  double loss = 0, kernel = 0, program = 0, tangent = 0, second = 0;

  void of(const network& net) {
    xg::tape<T> t;
    std::vector<xg::var<T>> v, x;
    std::vector<std::size_t> leaves;
    double size = 0;
    for (const node& n : net.nodes) {
      if (n.data()) {
        const xt::xarray<T> values = xt::cast<T>(numbers(net.number, v.size(), {n.operands.begin(), n.operands.end()}));
        if (n.leaf()) leaves.push_back(v.size());
        v.push_back(n.leaf() ? t.variable(values) : t.constant(values));
        if (n.leaf()) x.push_back(v.back());
      } else if (n.name == "total") {
        xg::var<T> sum = t.constant(T(0));
        for (std::size_t k = 0; k < n.operands.size(); ++k) {
          const xg::var<T>& part = v[n.operands[k]];
          const xt::xarray<T> w = xt::cast<T>(numbers(net.number, weight + k, xg::shape_t(part.shape())));
          const xg::var<T> mean = xg::mean(part * w);
          size += std::abs(double(mean.item()));
          sum = sum + mean;
        }
        v.push_back(sum);
      } else {
        v.push_back(computed(n, v));
      }
    }
    const xg::var<T> y = v.back();
    worst(loss, off(double(y.item()), net.loss, size));

    REQUIRE(leaves.size() == net.leaves.size());
    std::vector<array> direction;
    std::vector<xg::var<T>> along;
    for (std::size_t k : leaves) {
      direction.push_back(numbers(net.number, first_direction + k, xg::shape_t(v[k].shape())));
      along.push_back(t.constant(xt::xarray<T>(xt::cast<T>(direction.back()))));
    }
    const auto g = xg::gradient(y, x);
    xg::var<T> projection = t.constant(T(0));
    for (std::size_t i = 0; i < x.size(); ++i) projection = projection + xg::sum(g[i] * along[i]);
    const auto h = xg::gradient(projection, x);
    t.backward(y);
    double all = 0, sizes = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const derivatives& wanted = net.leaves.at(leaves[i]);
      const array other = numbers(net.number, other_direction + leaves[i], xg::shape_t(x[i].shape()));
      worst(kernel, std::max(off(x[i].grad(), direction[i], wanted.first), off(x[i].grad(), other, wanted.other)));
      worst(program, std::max(off(g[i].value(), direction[i], wanted.first), off(g[i].value(), other, wanted.other)));
      worst(second, off(h[i].value(), other, wanted.second));
      all += wanted.first;
      for (std::size_t e = 0; e < other.size(); ++e)
        sizes += std::abs(double(g[i].value().flat(e)) * direction[i].flat(e));
    }
    worst(tangent, off(double(xg::jvp(y, x, along).item()), all, sizes));
  }

 private:
  static void worst(double& so_far, double d) { so_far = std::max(so_far, d); }

  xg::var<T> computed(const node& n, const std::vector<xg::var<T>>& v) const {
    arguments<T> a{{}, n.parameters};
    for (std::size_t k : n.operands) a.x.push_back(v.at(k));
    if (const auto f = structured.find(n.name); f != structured.end()) return f->second(a);
    for (const op_case<T>& row : elementwise)
      if (row.name == n.name && row.operands.size() == a.x.size()) return row.record(a.x);
    FAIL("no op of this name and number of operands: " << n.name);
    return {};
  }
};

/// All networks, and there are as many as there should be.
template <class T>
void hold_to_torch(double tolerance) {
  const std::vector<network> all = read();
  CHECK(all.size() >= 500);
  const table<T> structured = ops<T>();
  const std::vector<op_case<T>> elementwise = elementwise_ops<T>();
  comparison<T> largest{structured, elementwise};
  for (const network& net : all) {
    CAPTURE(net.number);
    comparison<T> c{structured, elementwise};
    REQUIRE_NOTHROW(c.of(net));
    CHECK(c.loss <= tolerance);
    CHECK(c.kernel <= tolerance);
    CHECK(c.program <= tolerance);
    CHECK(c.tangent <= tolerance);
    CHECK(c.second <= tolerance);
    largest.loss = std::max(largest.loss, c.loss);
    largest.kernel = std::max({largest.kernel, c.kernel, c.program, c.tangent});
    largest.second = std::max(largest.second, c.second);
  }
  const std::string in = std::is_same_v<T, double> ? " in double" : " in float";
  report("networks" + in, double(all.size()));
  report("worst loss of a network" + in, largest.loss);
  report("worst gradient of a network" + in, largest.kernel);
  report("worst second order of a network" + in, largest.second);
}

}  // namespace test::networks
