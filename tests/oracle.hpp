// Fixtures that PyTorch wrote (oracle/), and how functions are held against them.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>

#include "support.hpp"

namespace test::oracle {

using array = xt::xarray<double>;
/// The arrays of a case, by their keys.
using arrays = std::map<std::string, array>;

/// The cases of a file in oracle/, by their names.
inline std::map<std::string, arrays> read_cases(const char* name) {
  std::ifstream file(std::filesystem::path(__FILE__).parent_path() / "oracle" / name);
  REQUIRE(file);
  std::map<std::string, arrays> cases;
  arrays* at = nullptr;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string key;
    words >> key;
    if (key == "case") {
      REQUIRE(line.size() > 5);
      at = &cases[line.substr(5)];
      continue;
    }
    REQUIRE(at);
    std::size_t rank = 0;
    words >> rank;
    std::vector<std::size_t> shape(rank);
    for (std::size_t& extent : shape) words >> extent;
    REQUIRE(words);
    array a = array::from_shape(shape);
    for (double& x : a) file >> x;
    REQUIRE(file);
    std::getline(file, line);
    at->emplace(key, std::move(a));
  }
  return cases;
}

/// What a case is computed from.
template <class T>
struct operands {
  std::vector<xg::var<T>> x;
  xg::indices<T> labels;

  const xg::var<T>& operator[](std::size_t k) const { return x[k]; }
};
/// What a case is here.
template <class T>
using function = std::function<xg::var<T>(const operands<T>&)>;

/// The largest difference, seen from the largest number.
inline double difference(const auto& got, const array& wanted) {
  if (!std::ranges::equal(got.shape(), wanted.shape())) return INFINITY;
  double worst = 0, size = 1e-300;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const double d = std::abs(double(got.flat(i)) - wanted.flat(i));
    worst = std::isnan(d) ? INFINITY : std::max(worst, d);
    size = std::max(size, std::abs(wanted.flat(i)));
  }
  return worst / std::max(size, 1e-3);
}

/// Each case of the file has a function, and the same value, gradients and gradients of gradients.
template <class T>
void hold_to_torch(const char* file, const std::map<std::string, function<T>>& f, double tolerance) {
  const auto cases = read_cases(file);
  CHECK(cases.size() == f.size());
  for (const auto& [name, a] : cases) {
    CAPTURE(name);
    REQUIRE(f.contains(name));
    xg::tape<T> t;
    operands<T> v;
    for (std::size_t k = 0; a.contains("x" + std::to_string(k)); ++k)
      v.x.push_back(t.variable(xt::cast<T>(a.at("x" + std::to_string(k)))));
    if (a.contains("i")) v.labels = t.indices(xt::cast<int>(a.at("i")));
    const xg::var<T> y = f.at(name)(v);
    CHECK(difference(y.value(), a.at("y")) < tolerance);

    const xt::xarray<T> seed = xt::cast<T>(a.at("s"));
    t.backward(y, seed);
    for (std::size_t k = 0; k < v.x.size(); ++k) {
      CAPTURE(k);
      CHECK(difference(v[k].grad(), a.at("g" + std::to_string(k))) < tolerance);
    }
    if (!a.contains("h0")) continue;
    xg::var<T> total = t.constant(T(0));
    for (const auto& g : xg::gradient(y, v.x, xg::seed(seed))) total = total + xg::sum(xt::square(g));
    const auto second = xg::gradient(total, v.x);
    for (std::size_t k = 0; k < v.x.size(); ++k) {
      CAPTURE(k);
      CHECK(difference(second[k].value(), a.at("h" + std::to_string(k))) < 10 * tolerance);
    }
  }
}

}  // namespace test::oracle
