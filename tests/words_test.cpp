// What a newcomer writes first, and what simply works: names of both libraries side by side, prints, elements, updates
// of a handle, numbers as variables. (What is refused, and in which words: tests/compile_fail/newcomer*.cpp.)
#include <doctest/doctest.h>

#include <sstream>

#include <xtensor/xview.hpp>

#include "support.hpp"

using test::contains;
using test::line_below;
using test::message_of;
using array = xt::xarray<double>;

static_assert(std::is_trivially_copyable_v<xg::var<double>> && sizeof(xg::var<double>) == 16);
static_assert(!std::ranges::range<xg::var<double>>);

namespace side_by_side {

using namespace xt;
using namespace xg;

var<double> loss(const var<double>& a, var<double> b) {
  auto product = a * b;
  return sum(product) + sum(a, {0}, keep_dims) * 0 + mean(b) + sum(view(transpose(a), {0, range(0, 2)})) +
         sum(square(a) + cube(b) + maximum(a, b) + where(a > 0, a, b) + pow(a, 2) + exp(-abs(a))) +
         sum(matmul(a, transpose(b, {1, 0})), 1)(0) + sum(reshape(a, {4}));
}
double of_arrays(const xarray<double>& a) {
  return sum(a)() + mean(a)() + sum(transpose(a), {0})(1) + sum(square(a))() + xt::view(a, 0, all())(1);
}

}  // namespace side_by_side

TEST_CASE("using namespace xt and using namespace xg live together") {
  xg::tape<double> t;
  const array a{{1., 2.}, {3., 4.}}, b{{.5, -1.}, {2., 3.}};
  const auto x = t.variable(a), y = t.variable(b);
  const xg::var l = xg::sum(side_by_side::loss(x, y)), fixed = xg::sum(x * 1.0);
  const auto plain = [&](const array& u, const array& v) {
    double s = 0;
    for (std::size_t i = 0; i < 2; ++i)
      for (std::size_t j = 0; j < 2; ++j) {
        const double p = u(i, j), q = v(i, j);
        s += p * q + q / 4 + p * p + q * q * q + std::max(p, q) + (p > 0 ? p : q) + p * p + std::exp(-std::abs(p)) + p;
      }
    s += u(0, 0) + u(1, 0);
    for (std::size_t k = 0; k < 2; ++k) s += u(0, k) * (v(0, k) + v(1, k));
    return 2 * s;  // summed over the (1, 2) that keep_dims made
  };
  CHECK(l.item() == doctest::Approx(plain(a, b)));
  t.backward(l);
  CHECK(test::distance(x.grad(), test::differences([&](const array& u) { return plain(u, b); }, a)) < 1e-7);
  CHECK(test::distance(y.grad(), test::differences([&](const array& v) { return plain(a, v); }, b)) < 1e-7);
  CHECK(side_by_side::of_arrays(a) == doctest::Approx(10 + 2.5 + 7 + 30 + 2));
  CHECK(sum(x).item() == fixed.item());  // found by the operand's namespace, without any using
}

TEST_CASE("an extent by its axis") {
  xg::tape<double> t;
  const auto a = t.variable(xt::ones<double>({2, 3, 5}));
  CHECK(a.shape(0) == 2);
  CHECK(a.shape(-1) == 5);
  CHECK((a * 2).shape(1) == 3);
  const std::string where = line_below();
  const std::string m = message_of<xg::shape_error>([&] { a.shape(3); });
  CHECK(contains(m, "shape: axis 3 is out of range for shape (2, 3, 5), which has 3 axes"));
  CHECK(contains(m, where));
  CHECK(contains(message_of<xg::shape_error>([&] { a.shape(-4); }), "axis -4"));
}

TEST_CASE("expressions show their values") {
  xg::tape<double> t;
  const auto a = t.variable({1.0, 2.0}), b = t.constant({3.0, 4.5});
  std::ostringstream out;
  out << a * b << ' ' << xg::sum(a * b) << ' ' << xg::transpose(a);
  CHECK(out.str() == "{ 3.,  9.}  12. { 1.,  2.}");
  CHECK(test::identical((a * b).value(), array{3., 9.}));
  CHECK((a(0) * b(1)).item() == 4.5);
  CHECK((a * b).dimension() == 1);
  const std::string where = line_below();
  CHECK(contains(message_of<xg::shape_error>([&] { (a * b).item(); }), where));
}

TEST_CASE("printing a forgotten variable names it, and no line of the library") {
  xg::tape<double> t;
  const auto x = t.variable(1.0);
  t.clear();
  std::ostringstream out;
  CHECK(message_of<xg::tape_error>([&] { out << x; }) ==
        "<<: v0 was forgotten by clear() or rewind(); record it again");
}

TEST_CASE("leaves from numbers in braces") {
  xg::tape<double> t;
  const auto v = t.variable({1, 2.5}), m = t.constant({{1.0, 2.0, 3.0}, {4.0, 5.0, 6.0}});
  CHECK(test::identical(v.value(), array{1., 2.5}));
  CHECK(test::identical(m.value(), array{{1., 2., 3.}, {4., 5., 6.}}));
  CHECK(v.requires_grad());
  CHECK_FALSE(m.requires_grad());
  t.set(v, {3.0, 4.0});
  t.set(m, {{6.0, 5.0, 4.0}, {3.0, 2.0, 1.0}});
  CHECK(test::identical(v.value(), array{3., 4.}));
  CHECK(m.value()(1, 0) == 3);
  std::string where = line_below();
  std::string message = message_of<xg::shape_error>([&] { t.variable({{1.0, 2.0}, {3.0, 4.0, 5.0}}); });
  CHECK(contains(message, "variable: the rows in braces have 2 and 3 elements"));
  CHECK(contains(message, where));
  where = line_below();
  message = message_of<xg::shape_error>([&] { t.set(v, {1.0, 2.0, 3.0}); });
  CHECK(contains(message, where));
}

TEST_CASE("y += x names a new variable and changes none") {
  xg::tape<double> t;
  const auto x = t.variable(array{2., 3.});
  xg::var y = x * x;
  const xg::var<double> before = y;
  y += x;
  y -= 1;
  y *= 2 * x;
  y /= array{1., 2.};
  y += xt::xarray<int>{1, 1};
  CHECK(test::identical(before.value(), array{4., 9.}));
  CHECK(test::identical(y.value(), array{21., 34.}));  // (x² + x - 1) 2x / c + 1
  t.backward(xg::sum(y));
  CHECK(test::identical(x.grad(), array{30., 32.}));  // (6x² + 4x - 2) / c
  CHECK(test::identical(x.value(), array{2., 3.}));

  const std::string where = line_below();
  const std::string m = message_of<xg::shape_error>([&] { y += array{1., 2., 3.}; });
  CHECK(contains(m, "+: (2) and (3) do not broadcast"));
  CHECK(contains(m, where));
  CHECK(test::identical(y.value(), array{21., 34.}));
}

namespace {

template <class S>
S polynomial(const std::vector<double>& c, S x) {
  S y = 0;
  for (double k : c) y = y * x + k;
  return y;
}
template <class S>
S dot(const std::vector<S>& a, const std::vector<S>& b) {
  S sum(0);
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}
template <class S>
S constants_only() {
  S a = 2.0, b = S(1) / S(4);
  a *= 3;
  return a * b + exp(S(0));
}

}  // namespace

TEST_CASE("scalar code that is generic over its number type takes variables") {
  using S = xg::var<double>;
  xg::tape<double> t;
  const S x = t.variable(1.5);
  const std::vector<double> c{2, -1, 3, .25};
  const S y = polynomial(c, x);
  CHECK(y.item() == polynomial(c, 1.5));
  t.backward(y);
  CHECK(x.grad()() == doctest::Approx(6 * 1.5 * 1.5 - 2 * 1.5 + 3));
  CHECK(xg::gradient(xg::gradient(y, x), x).item() == doctest::Approx(12 * 1.5 - 2));

  std::vector<S> a(3), b(3, S(2));
  for (std::size_t i = 0; i < 3; ++i) a[i] = x * double(i);
  const S s = dot(a, b);
  CHECK(s.item() == 9);
  t.backward(s);
  CHECK(x.grad()() == 6);

  const S number = constants_only<S>();
  CHECK(number.is_number());
  CHECK(number.item() == 2.5);
  std::ostringstream out;
  out << number;
  CHECK(out.str() == "2.5");
  CHECK(xg::var<float>(0.1).item() == 0.1f);
  CHECK(S(-0.0).item() == 0);
  CHECK(S(0).valid());
  CHECK_FALSE(S().valid());
}

TEST_CASE("a plain number says what it cannot do, and where") {
  xg::tape<double> t;
  const xg::var<double> number = 2;
  const auto x = t.variable(1.0);
  std::string where = line_below();
  std::string m = message_of<xg::tape_error>([&] { number.grad(); });
  CHECK(contains(m, "the plain number 2"));
  CHECK(contains(m, where));
  for (const std::string& message :
       {message_of<xg::tape_error>([&] { number.value(); }), message_of<xg::tape_error>([&] { t.backward(number); }),
        message_of<xg::tape_error>([&] { xg::sum(number); }),
        message_of<xg::tape_error>([&] { xg::gradient(number, x); }),
        message_of<xg::tape_error>([&] { t.set(number, 1.0); })})
    CHECK(contains(message, "the plain number 2"));
  where = line_below();
  m = message_of<xg::tape_error>([&] { xg::var<double>(number * xg::var<double>()); });
  CHECK(contains(m, "empty xg::var"));
  CHECK(contains(m, where));
  CHECK(xg::var<double>(number * xg::var<double>(3)).item() == 6);
}

namespace {

/// Twice the operand, or the sum of two.
struct twice_op {
  static constexpr const char* name = "twice";
  xg::shape_t shape(xg::shape_view a) const { return a; }
  void forward(xg::array<double> y, xg::array<const double> a) const {
    for (std::size_t i = 0; i < y.size; ++i) y.data[i] = 2 * a.data[i];
  }
  xg::var<double> vjp(const xg::var<double>& g, const xg::var<double>&, const xg::var<double>&) const { return 2 * g; }
};
struct plus_op {
  static constexpr const char* name = "plus";
  xg::shape_t shape(xg::shape_view a, xg::shape_view) const { return a; }
  void forward(xg::array<double> y, xg::array<const double> a, xg::array<const double> b) const {
    for (std::size_t i = 0; i < y.size; ++i) y.data[i] = a.data[i] + b.data[i];
  }
  xg::var<double> vjp(std::size_t, const xg::var<double>& g, const xg::var<double>&, const xg::var<double>&,
                      const xg::var<double>&) const {
    return g;
  }
};

}  // namespace

TEST_CASE("structured ops take expressions and arrays") {
  xg::tape<double> t;
  const auto x = t.variable({1.0, 2.0});
  const xg::var y = xg::record(twice_op{}, 2 * x), z = xg::record(plus_op{}, array{10., 20.}, x * x);
  CHECK(test::identical(y.value(), array{4., 8.}));
  CHECK(test::identical(z.value(), array{11., 24.}));
  t.backward(xg::sum(y + z));
  CHECK(test::identical(x.grad(), array{6., 8.}));
  const std::string where = line_below();
  CHECK(contains(message_of<xg::tape_error>([&] { xg::record(twice_op{}, xg::var<double>()); }), where));
}

TEST_CASE("a seed may be a variable, an expression, a number or an array") {
  xg::tape<double> t;
  const auto x = t.variable({1.0, 2.0}), k = t.variable(3.0);
  const xg::var y = x * x;
  CHECK(test::identical(xg::gradient(y, x, xg::seed(array{1., 10.})).value(), array{2., 40.}));
  CHECK(test::identical(xg::gradient(y, x, xg::seed(x * 2)).value(), array{4., 16.}));
  CHECK(xg::gradient(k * k, k, xg::seed(5)).item() == 30);
  CHECK(xg::gradient(k * k, {k}, xg::seed(k))[0].item() == 18);
}
