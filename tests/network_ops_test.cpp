// Ops of networks at their corners: far ends, infinities, digits where results are small, labels, masks, messages.
#include <doctest/doctest.h>

#include <cmath>

#include "support.hpp"

namespace {

using test::contains;
using test::line_below;
using test::message_of;

constexpr double infinity = std::numeric_limits<double>::infinity(),
                 no_number = std::numeric_limits<double>::quiet_NaN();

/// Value, slope and curvature of f at x.
std::array<double, 3> at(double x, const auto& f) {
  xg::tape<double> t;
  const auto v = t.variable(x);
  const xg::var y = f(v);
  t.backward(y);
  const double slope = v.grad()();
  const xg::var first = xg::gradient(y, v);
  CHECK((first.item() == slope || std::abs(first.item() - slope) <= 1e-13 * std::abs(slope) ||
         (std::isnan(slope) && std::isnan(first.item()))));
  return {y.item(), slope, xg::gradient(first, v).item()};
}

void check_close(double got, double wanted, double tolerance = 1e-14) {
  CAPTURE(got);
  CAPTURE(wanted);
  CHECK(std::abs(got - wanted) <= tolerance * std::abs(wanted));
}

}  // namespace

TEST_CASE("activations at infinities have their limits, and so have their slopes") {
  const auto check = [](const char* name, const auto& f, double low, double low_slope, double high_slope) {
    CAPTURE(name);
    const auto below = at(-infinity, f), above = at(infinity, f);
    CHECK(below[0] == low);
    CHECK(below[1] == low_slope);
    CHECK(below[2] == 0);
    CHECK(above[1] == high_slope);
    CHECK(above[2] == 0);
    const auto of_none = at(no_number, f);
    CHECK(std::isnan(of_none[0]));
    CHECK(std::isnan(of_none[1]));
  };
  check(
      "leaky_relu", [](auto x) { return xg::leaky_relu(x); }, -infinity, 0.01, 1);
  check(
      "elu", [](auto x) { return xg::elu(x); }, -1, 0, 1);
  check(
      "celu", [](auto x) { return xg::celu(x, 2); }, -2, 0, 1);
  check(
      "gelu", [](auto x) { return xg::gelu(x); }, 0, 0, 1);
  check(
      "gelu_tanh", [](auto x) { return xg::gelu_tanh(x); }, 0, 0, 1);
  check(
      "silu", [](auto x) { return xg::silu(x); }, 0, 0, 1);
  check(
      "mish", [](auto x) { return xg::mish(x); }, 0, 0, 1);
  check(
      "softplus", [](auto x) { return xg::softplus(x); }, 0, 0, 1);
  check(
      "logsigmoid", [](auto x) { return xg::logsigmoid(x); }, -infinity, 1, 0);
  check(
      "softsign", [](auto x) { return xg::softsign(x); }, -1, 0, 0);
  check(
      "hardswish", [](auto x) { return xg::hardswish(x); }, 0, 0, 1);
}

TEST_CASE("activations at their kinks") {
  CHECK(at(0, [](auto x) { return xg::leaky_relu(x, 0.25); })[1] == 0.25);
  CHECK(at(0, [](auto x) { return xg::elu(x, 0.25); })[1] == 0.25);
  CHECK(at(-1, [](auto x) { return xg::hardtanh(x); })[1] == 0);
  CHECK(at(1, [](auto x) { return xg::hardtanh(x); })[1] == 0);
  CHECK(at(-3, [](auto x) { return xg::hardsigmoid(x); })[1] == 0);
  CHECK(at(3, [](auto x) { return xg::hardsigmoid(x); })[1] == 0);
  CHECK(at(-3, [](auto x) { return xg::hardswish(x); })[1] == 0);
  CHECK(at(3, [](auto x) { return xg::hardswish(x); })[1] == 1);
}

TEST_CASE("small values and slopes have their digits") {
  using real = long double;
  const auto gelu = at(-30, [](auto x) { return xg::gelu(x); });
  const real x = -30, cdf = std::erfc(-x / std::sqrt(real(2))) / 2,
             density = std::exp(-x * x / 2) / std::sqrt(2 * std::acos(real(-1)));
  check_close(gelu[0], double(x * cdf));
  check_close(gelu[1], double(cdf + x * density));
  check_close(gelu[2], double((2 - x * x) * density), 1e-13);
  const auto silu = at(-40, [](auto v) { return xg::silu(v); });
  check_close(silu[0], -40 * std::exp(-40));
  check_close(silu[1], -39 * std::exp(-40));
  const auto mish = at(-40, [](auto v) { return xg::mish(v); });
  check_close(mish[0], -40 * std::exp(-40));
  check_close(mish[1], -39 * std::exp(-40));
  check_close(at(-700, [](auto v) { return xg::softplus(v); })[0], std::exp(-700));
  check_close(at(50, [](auto v) { return xg::logsigmoid(v); })[0], -std::exp(-50));
  check_close(at(50, [](auto v) { return xg::logsigmoid(v); })[1], std::exp(-50));
  check_close(at(45, [](auto v) { return xg::bce_with_logits(v, 1.0); })[1], -std::exp(-45));
  CHECK(at(infinity, [](auto v) { return xg::bce_with_logits(v, 1.0); })[0] == 0);
  CHECK(at(-infinity, [](auto v) { return xg::bce_with_logits(v, 0.0); })[0] == 0);
}

TEST_CASE("a learned slope gets the gradient of all that it was multiplied by") {
  xg::tape<double> t;
  const auto x = t.variable({{-1.0, 2.0}, {-3.0, -4.0}}), slope = t.variable({0.5, 0.25});
  t.backward(xg::sum(xg::leaky_relu(x, slope)));
  CHECK(slope.grad()(0) == -4);
  CHECK(slope.grad()(1) == -4);
}

TEST_CASE("softmax: large values, shares of nothing, rows without any, an axis that is not there") {
  xg::tape<double> t;
  const auto x = t.variable({{1e300, 1e300, -1e300}, {-infinity, 3, 3}, {-infinity, -infinity, -infinity}});
  const xg::var y = xg::softmax(x);
  CHECK(y.value()(0, 0) == 0.5);
  CHECK(y.value()(0, 2) == 0);
  CHECK(y.value()(1, 0) == 0);
  CHECK(y.value()(1, 1) == 0.5);
  for (const std::size_t i : {0, 1, 2}) CHECK(std::isnan(y.value()(2, i)));
  t.backward(xg::sum(xg::view(y, {xt::range(0, 2)}) * xt::xarray<double>{{1, 2, 3}, {1, 2, 3}}));
  CHECK(x.grad()(0, 0) == -0.25);
  CHECK(x.grad()(1, 0) == 0);
  CHECK(x.grad()(1, 2) == 0.25);

  const xg::var z = xg::log_softmax(t.variable({0.0, 50.0}));
  check_close(z.value()(1), -std::exp(-50));
  CHECK(z.value()(0) == -50);
  const std::string where = line_below();
  const std::string message = message_of<xg::shape_error>([&] { xg::softmax(x, 2); });
  CHECK(message == "softmax: axis 2 is out of range for shape (3, 3) " + where);
}

TEST_CASE("a loss of a label that is nearly certain has its digits, and so has the gradient") {
  xg::tape<double> t;
  const auto x = t.variable({{60.0, 0.0, 0.0}, {1000.0, 0.0, -1000.0}});
  const auto labels = t.indices({0, 2});
  const xg::var loss = xg::cross_entropy(x, labels, {.over = xg::reduction::none});
  check_close(loss.value()(0), 2 * std::exp(-60));
  CHECK(loss.value()(1) == 2000);
  t.backward(xg::sum(loss));
  check_close(x.grad()(0, 0), -2 * std::exp(-60));
  check_close(x.grad()(0, 1), std::exp(-60));
  CHECK(x.grad()(1, 0) == 1);
  CHECK(x.grad()(1, 2) == -1);
}

TEST_CASE("labels are set and replayed; ignored ones have no part in a loss; a mean of none is NaN") {
  xg::tape<double> t;
  const auto x = t.variable({{0.0, 1.0}, {no_number, no_number}, {3.0, 1.0}});
  const auto labels = t.indices({0, -1, 0});
  const xg::var loss = xg::cross_entropy(x, labels, {.ignore_label = -1});
  const auto other = [](double d) { return std::log1p(std::exp(d)); };
  check_close(loss.item(), (other(1) + other(-2)) / 2);
  t.set(labels, {1, -1, -1});
  t.replay();
  check_close(loss.item(), other(-1));
  t.backward(loss);
  check_close(x.grad()(0, 0), 1 / (1 + std::exp(1.0)));
  for (const std::size_t r : {1, 2})
    for (const std::size_t c : {0, 1}) CHECK(x.grad()(r, c) == 0);
  t.set(labels, {-1, -1, -1});
  t.replay();
  CHECK(std::isnan(loss.item()));
  t.backward(loss);
  for (const double g : x.grad()) CHECK(g == 0);
}

TEST_CASE("a recorded gradient of a loss follows its labels") {
  xg::tape<double> t;
  const auto x = t.variable({{0.5, 1.0, -1.0}, {2.0, 0.25, 0.0}});
  const auto labels = t.indices({0, 1});
  const xg::var loss = xg::cross_entropy(x, labels, {.weights = {1, 2, 3}, .smoothing = 0.1});
  const xg::var g = xg::gradient(loss, x);
  t.set(labels, {2, 2});
  t.replay();
  t.backward(loss);
  for (std::size_t i = 0; i < 6; ++i) check_close(g.value().flat(i), x.grad().flat(i), 1e-13);
}

TEST_CASE("errors of labels and options name the row, the label, and what would be right") {
  xg::tape<double> t;
  const auto x = t.variable(xt::xarray<double>(xt::zeros<double>({2, 3})));
  std::string where = line_below();
  std::string message = message_of<xg::value_error>([&] { xg::cross_entropy(x, t.indices({1, 3})); });
  CHECK(message == "cross_entropy: label 3 of row 1 is out of range; there are 3 classes, 0 to 2 " + where);
  where = line_below();
  message = message_of<xg::value_error>([&] { xg::nll_loss(x, t.indices({-1, 2})); });
  CHECK(message == "nll_loss: label -1 of row 0 is out of range; there are 3 classes, 0 to 2 " + where);
  where = line_below();
  message = message_of<xg::shape_error>([&] { xg::cross_entropy(x, t.indices({{1, 2}})); });
  CHECK(message ==
        "cross_entropy: labels of shape (1, 2) for logits of shape (2, 3); expected labels of shape (2), one for each "
        "sample (axis 1 is that of the classes) " +
            where);
  where = line_below();
  message = message_of<xg::shape_error>([&] { xg::cross_entropy(x, xt::xarray<double>{0.5, 0.25, 0.25}); });
  CHECK(message ==
        "cross_entropy: targets of shape (3) for logits of shape (2, 3); probabilities have the shape of the logits, "
        "labels come from t.indices(...) " +
            where);
  where = line_below();
  message = message_of<xg::value_error>([&] { xg::cross_entropy(x, t.indices({1, 2}), {.weights = {1, 2}}); });
  CHECK(message == "cross_entropy: 2 weights for 3 classes; there must be one for each " + where);
  message = message_of<xg::value_error>([&] { xg::cross_entropy(x, t.indices({1, 2}), {.smoothing = 2}); });
  CHECK(contains(message, "the smoothing 2.000000 is not in [0, 1]"));
  message = message_of<xg::value_error>([&] { xg::nll_loss(x, t.indices({1, 2}), {.smoothing = 0.1}); });
  CHECK(contains(message, "nll_loss: smoothing is an option of cross_entropy alone"));

  const auto labels = t.indices({1, 2});
  xg::cross_entropy(x, labels);
  t.set(labels, {0, 7});
  CHECK(contains(message_of<xg::value_error>([&] { t.replay(); }), "label 7 of row 1 is out of range"));
}

TEST_CASE("losses do not broadcast") {
  xg::tape<double> t;
  const auto p = t.variable(xt::xarray<double>(xt::zeros<double>({3, 1})));
  const xt::xarray<double> y{1, -1, 1};
  const auto refused = [&](const auto& loss) {
    const std::string message = message_of<xg::shape_error>([&] { loss(p, y); });
    CAPTURE(message);
    CHECK(contains(message, "(3, 1) and (3) differ; both operands must have the same shape"));
    CHECK(contains(message, "network_ops_test.cpp"));
  };
  refused([](const auto& a, const auto& b) { return xg::mse_loss(a, b); });
  refused([](const auto& a, const auto& b) { return xg::l1_loss(a, b); });
  refused([](const auto& a, const auto& b) { return xg::huber_loss(a, b); });
  refused([](const auto& a, const auto& b) { return xg::smooth_l1_loss(a, b); });
  refused([](const auto& a, const auto& b) { return xg::bce_with_logits(a, b); });
  refused([](const auto& a, const auto& b) { return xg::bce_with_logits(a, b, 2.0); });
  refused([](const auto& a, const auto& b) { return xg::kl_div(a, b); });
  refused([](const auto& a, const auto& b) { return xg::hinge_loss(a, b); });
  refused([](const auto& a, const auto& b) { return xg::hinge_embedding_loss(a, b); });
  refused([](const auto& a, const auto& b) { return xg::cosine_similarity(a, b); });
  CHECK(contains(message_of<xg::value_error>([&] { xg::huber_loss(p, p, 0); }), "huber_loss: delta is 0.000000"));
}

TEST_CASE("matrix products of more dimensions: what does not fit") {
  xg::tape<double> t;
  const auto a = t.variable(xt::xarray<double>(xt::zeros<double>({2, 3, 4})));
  std::string where = line_below();
  std::string message = message_of<xg::shape_error>([&] { xg::matmul(a, xt::zeros<double>({3, 5})); });
  CHECK(message == "matmul: (2, 3, 4) × (3, 5): inner dimensions 4 and 3 differ " + where);
  const auto b = t.variable(xt::xarray<double>(xt::zeros<double>({3, 4, 5})));
  where = line_below();
  message = message_of<xg::shape_error>([&] { xg::matmul(a, b); });
  CHECK(
      message ==
      "matmul: (2, 3, 4) × (3, 4, 5): leading axes (2) and (3) do not broadcast; aligned at the last, extents must be "
      "equal or 1 " +
          where);
}

TEST_CASE("attention: masks, and a query that sees no key") {
  xg::tape<double> t;
  const auto q = t.variable({{1.0, 2.0}, {0.5, -1.0}}), k = t.variable({{1.0, 0.0}, {0.0, 1.0}, {1.0, 1.0}});
  const auto v = t.variable({{1.0, 0.0}, {10.0, 0.0}, {100.0, 0.0}});
  const xt::xarray<bool> mask{{true, false, false}, {false, false, false}};
  const xg::var y = xg::scaled_dot_product_attention(q, k, v, mask);
  CHECK(y.value()(0, 0) == 1);
  CHECK(y.value()(1, 0) == 0);
  t.backward(xg::sum(y));
  CHECK(v.grad()(0, 0) == 1);
  CHECK(v.grad()(1, 0) == 0);
  for (const auto& operand : {q, k})
    for (const double g : operand.grad()) CHECK(g == 0);
  for (const double g : xg::gradient(xg::sum(xt::square(y)), q).value()) CHECK(g == 0);

  const std::string message = message_of<xg::shape_error>([&] { xg::scaled_dot_product_attention(q, k, q); });
  CHECK(contains(message, "queries (2, 2), keys (3, 2), values (2, 2): there must be as many values as keys"));
  const xt::xarray<bool> wide = xt::ones<bool>({4, 2, 3});
  CHECK(contains(message_of<xg::shape_error>([&] { xg::scaled_dot_product_attention(q, k, v, wide); }),
                 "the mask (4, 2, 3) does not broadcast to the scores (2, 3)"));
}

TEST_CASE("an embedding of a number that the table has not") {
  xg::tape<double> t;
  const auto table = t.variable({{1.0, 2.0}, {3.0, 4.0}});
  const std::string where = line_below();
  const std::string message = message_of<xg::value_error>([&] { xg::embedding(table, t.indices({0, -1})); });
  CHECK(message == "embedding: the index -1 at flat position 1 is out of range for axis 0 of extent 2 " + where);
}
