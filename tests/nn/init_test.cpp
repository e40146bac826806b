// Initialisation: the same numbers everywhere, by path, with the deviation of the scheme.
#include <doctest/doctest.h>

#include <cmath>

#include <xgrad/nn/init/random_numbers.hpp>
#include <xgrad/nn/nn.hpp>

#include "support.hpp"

namespace nn = xg::nn;
using test::contains;
using test::message_of;

namespace {

template <class T>
struct small {
  nn::linear<T> hidden{6, 5}, out{5, 2};
};
template <class T>
struct larger {
  nn::linear<T> first{3, 6}, hidden{6, 5}, more{5, 5}, out{5, 2};
};
struct wide {
  nn::linear<double> a{200, 100};
};

double deviation_of(const auto& p) {
  double sum = 0, squares = 0;
  for (const double x : p.value()) sum += x, squares += x * x;
  return std::sqrt(squares / double(p.size()) - sum / double(p.size()) * sum / double(p.size()));
}

}  // namespace

TEST_CASE("the numbers are those written here, on every platform") {
  nn::detail::sequence from(42, 0, "hidden.weight");
  double got[4];
  nn::detail::fill_normal(from, 0, 1, got);
  const double expected[4] = {0x1.9f7e9aa6070c5p-1, 0x1.0b8fe31604e0ep+1, 0x1.161ccc2ec22ccp-1, -0x1.19a120ae95e31p+0};
  for (int i = 0; i < 4; ++i) CHECK(got[i] == expected[i]);
  nn::detail::sequence again(42, 0, "order");
  CHECK(nn::detail::permutation(again, 8) == std::vector<std::size_t>{1, 2, 4, 0, 5, 3, 6, 7});
}

TEST_CASE("a layer that is added changes no other layer's numbers") {
  small<double> a;
  larger<double> b;
  nn::rng first(7), second(7);
  nn::he(a, first);
  nn::he(b, second);
  CHECK(test::identical(a.hidden.weight.value(), b.hidden.weight.value()));
  CHECK(test::identical(a.out.weight.value(), b.out.weight.value()));
  small<float> f;
  nn::rng third(7);
  nn::he(f, third);
  CHECK(f.hidden.weight.value()(1, 2) == float(a.hidden.weight.value()(1, 2)));
  small<double> again;
  nn::he(again, first);  // the next stream
  CHECK_FALSE(test::identical(a.hidden.weight.value(), again.hidden.weight.value()));
}

TEST_CASE("schemes have their deviations") {
  wide net;
  nn::rng rng(1);
  const auto is = [&](double right) { return std::abs(deviation_of(net.a.weight) / right - 1) < 0.02; };
  nn::he(net, rng);
  CHECK(is(std::sqrt(2.0 / 200)));
  CHECK(xt::sum(xt::abs(net.a.bias.value()))() == 0);
  nn::he(net, rng, {.uniform = true});
  CHECK(is(std::sqrt(2.0 / 200)));
  CHECK(xt::amax(xt::abs(net.a.weight.value()))() <= std::sqrt(6.0 / 200));
  nn::xavier(net, rng);
  CHECK(is(std::sqrt(2.0 / 300)));
  nn::xavier(net, rng, {.uniform = true, .gain = 2});
  CHECK(is(2 * std::sqrt(2.0 / 300)));
  nn::gaussian(net, rng, 0.5);
  CHECK(is(0.5));
  nn::constant(net, 3, "a.bias");
  CHECK(net.a.bias.value()(5) == 3);
}

TEST_CASE("orthogonal rows, orthogonal columns") {
  struct {
    nn::weight<double> wide{{4, 9}}, tall{{9, 4}}, deep{{3, 2, 5}};
  } net;
  nn::rng rng(3);
  nn::orthogonal(net, rng, {.gain = 2});
  const auto product = [](const xt::xarray<double>& a, bool rows) {
    const std::size_t n = rows ? a.shape(0) : a.shape(1), m = rows ? a.shape(1) : a.shape(0);
    double off = 0;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) {
        double sum = i == j ? -4 : 0;
        for (std::size_t k = 0; k < m; ++k) sum += rows ? a(i, k) * a(j, k) : a(k, i) * a(k, j);
        off = std::max(off, std::abs(sum));
      }
    return off;
  };
  CHECK(product(net.wide.value(), true) < 1e-14);
  CHECK(product(net.tall.value(), false) < 1e-14);
  xt::xarray<double> deep = net.deep.value();
  deep.reshape({3, 10});
  CHECK(product(deep, true) < 1e-14);
}

TEST_CASE("what is refused") {
  small<double> net;
  nn::rng rng(1);
  CHECK(contains(message_of<xg::value_error>([&] { nn::he(net, rng, {.on = "hiden"}); }), "did you mean \"hidden\"?"));
  CHECK(
      contains(message_of<xg::value_error>([&] { nn::he(net, rng, {.on = "*.bias"}); }), "matches biases or buffers"));
  nn::sgd opt(net, {.lr = 1});
  CHECK(contains(message_of<xg::value_error>(
                     [&] { nn::step step(net, [](const auto& m, const auto& x) { return xg::sum(m.hidden(x)); }); }),
                 "step: hidden.weight is all zeros: it was never initialised"));
}
