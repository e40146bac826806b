// Linear algebra: degenerate matrices, what errors say, what is computed once. Values and derivatives of regular
// matrices are in the op table.
#include <doctest/doctest.h>

#include "support.hpp"

using test::contains;
using test::distance;
using test::line_below;
using test::message_of;
using array = xt::xarray<double>;
using var = xg::var<double>;

namespace {

const array rank_one{{1., 2.}, {2., 4.}};

std::size_t nodes_named(const xg::tape<double>& t, const std::string& name) {
  std::size_t n = 0;
  const auto& l = t.ledger();
  for (std::size_t i = 0; i < l.nodes.size(); ++i) n += l.nodes[i]->text(l.names).rfind(name + "(", 0) == 0;
  return n;
}

}  // namespace

TEST_CASE("a singular matrix is told with its pivot, at recording and at a replay") {
  xg::tape<double> t;
  const auto a = t.variable(rank_one), b = t.variable(array{1., 1.});
  std::string where = line_below();
  std::string m = message_of<xg::value_error>([&] { xg::solve(a, b); });
  CHECK(contains(m, "solve: the matrix is singular: pivot 1 (of 0 to 1) is zero"));
  CHECK(m.ends_with(where));
  where = line_below();
  m = message_of<xg::value_error>([&] { xg::inverse(xt::xarray<double>(xt::ones<double>({1, 2, 2})) * a); });
  CHECK(contains(m, "inverse: the matrix is singular: pivot 1 (of 0 to 1) is zero (matrix 0 of the stack)"));
  CHECK(m.ends_with(where));

  t.set(a, array{{1., 2.}, {3., 4.}});
  t.replay();
  where = line_below();
  const var x = xg::solve(a, b);
  CHECK(distance(x.value(), array{-1., 1.}) < 1e-14);
  t.set(a, rank_one);
  m = message_of<xg::value_error>([&] { t.replay(); });
  CHECK(contains(m, "solve: the matrix is singular"));
  CHECK(m.ends_with(where));
  CHECK(contains(message_of<xg::value_error>([&] {
                   xg::solve_triangular(a * array{{1., 1.}, {1., 0.}}, b);
                 }),
                 "solve_triangular: the matrix is singular: element (1, 1) of its diagonal is zero"));
}

TEST_CASE("numbers that are not finite are told with their place") {
  xg::tape<double> t;
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  const auto a = t.variable(array{{1., nan}, {0., 1.}});
  for (const std::string& m :
       {message_of<xg::value_error>([&] { xg::solve(a, a); }), message_of<xg::value_error>([&] { xg::det(a); }),
        message_of<xg::value_error>([&] { xg::cholesky(a); }), message_of<xg::value_error>([&] { xg::eigh(a); }),
        message_of<xg::value_error>([&] { xg::svd(a); }), message_of<xg::value_error>([&] { xg::qr(a); }),
        message_of<xg::value_error>([&] { xg::expm(a); })})
    CHECK(contains(m, "element (0, 1) of the matrix is not a number (linalg_test.cpp:"));
  const auto s = t.variable(array{{{1., 0.}, {0., 1.}}, {{1., 0.}, {-infinity, 1.}}});
  CHECK(contains(message_of<xg::value_error>([&] { xg::eigvalsh(s); }),
                 "eigvalsh: element (1, 0) of the matrix is infinite (matrix 1 of the stack)"));
  CHECK(contains(message_of<xg::value_error>([&] {
                   xg::expm(t.constant(1000 * xt::ones<double>({1, 1})));
                 }),
                 "expm: the exponential is too large"));
}

TEST_CASE("the factors of a matrix are computed once, for all gradients") {
  xg::tape<double> t;
  const auto a = t.variable(array{{3., 1.}, {1., 2.}}), b = t.variable(array{1., 2.});
  const var y = xg::sum(xt::square(xg::solve(a, b)));
  const auto first = xg::gradient(y, {a, b});
  xg::gradient(xg::sum(first[0] * first[0]), {a, b});
  CHECK(nodes_named(t, "solve") > 4);  // the factors, the solution, and what gradients record
  std::size_t factors = 0;
  for (std::size_t i = 0; i < t.ledger().nodes.size(); ++i)
    factors += t.ledger().nodes[i]->out->shape() == std::array<std::size_t, 2>{3, 2};
  CHECK(factors == 1);
}

TEST_CASE("a singular matrix has a determinant, and a gradient of it") {
  xg::tape<double> t;
  const auto a = t.variable(rank_one);
  const var d = xg::det(a);
  CHECK(d.item() == 0);
  t.backward(d);
  CHECK(distance(a.grad(), array{{4., -2.}, {-2., 1.}}) < 1e-14);
  // Cofactors of rank 2 of 3: the same as by the definition; of rank 1 they are all zero.
  const auto b = t.variable(array{{1., 2., 0.}, {0., 0., 0.}, {3., 1., 2.}});
  t.backward(xg::det(b));
  CHECK(distance(b.grad(), array{{0., 0., 0.}, {-4., 2., 5.}, {0., 0., 0.}}) < 1e-14);
  const auto c = t.variable(array{{1., 1., 1.}, {1., 1., 1.}, {1., 1., 1.}});
  t.backward(xg::det(c));
  CHECK(xt::amax(xt::abs(array(c.grad())))() < 1e-14);
  CHECK(contains(message_of<xg::value_error>([&] { xg::gradient(xg::sum(xg::gradient(d, a)), a); }),
                 "det: the matrix is singular: pivot 1 (of 0 to 1) is zero; second derivatives of a determinant need"));

  const auto [sign, logabsdet] = xg::slogdet(a);
  CHECK(sign.item() == 0);
  CHECK(logabsdet.item() == -std::numeric_limits<double>::infinity());
  CHECK_FALSE(sign.requires_grad());
  const var log_of_zero = logabsdet;
  CHECK(contains(message_of<xg::value_error>([&] { t.backward(log_of_zero); }), "its logarithm has no gradient"));
  const auto large = xg::slogdet(1e200 * t.variable(array{{0., 1.}, {1., 0.}}));
  CHECK(large.sign.item() == -1);
  CHECK(large.logabsdet.item() == doctest::Approx(400 * std::log(10)));
}

TEST_CASE("what is not positive definite is told; of what is not symmetric the symmetric part is read") {
  xg::tape<double> t;
  CHECK(contains(message_of<xg::value_error>([&] {
                   xg::cholesky(t.variable(array{{1., 2.}, {2., 1.}}));
                 }),
                 "cholesky: the matrix is not positive definite: its leading minor of order 2 of 2 is not positive"));
  const auto a = t.variable(array{{4., 1.}, {3., 5.}});
  const var l = xg::cholesky(a), w = xg::eigvalsh(a);
  CHECK(distance(l.value(), array{{2., 0.}, {1., 2.}}) < 1e-15);
  CHECK(w.value()(0) + w.value()(1) == doctest::Approx(9));
  t.backward(xg::sum(l));
  CHECK(a.grad()(0, 1) == a.grad()(1, 0));
}

TEST_CASE("vectors of equal values have no gradient; the values have") {
  xg::tape<double> t;
  const auto a = t.variable(array{{2., 0., 0.}, {0., 2., 0.}, {0., 0., 5.}});
  const auto [w, v] = xg::eigh(a);
  t.backward(xg::sum(w));
  CHECK(distance(a.grad(), array(xt::eye<double>(3))) < 1e-15);
  t.backward(xg::sum(xt::square(xg::eigvalsh(a))));
  CHECK(distance(a.grad(), array(2 * a.value())) < 1e-15);
  const var of_simple = xg::view(v, {xt::all(), 2}), of_equal = xg::view(v, {xt::all(), 0});
  t.backward(xg::sum(of_simple));
  CHECK(std::isfinite(a.grad()(0, 2)));
  CHECK(contains(message_of<xg::value_error>([&] {
                   t.backward(xg::sum(xt::square(of_equal) * array{1., 2., 3.}));
                 }),
                 "eigh: eigenvalues 0 and 1 are equal, to rounding (2.000000): their vectors are not determined"));
  CHECK(contains(message_of<xg::value_error>([&] {
                   xg::gradient(xg::sum(xg::gradient(xg::sum(xt::square(xg::eigvalsh(a))), a) * a.value()), a);
                 }),
                 "are equal, to rounding"));

  const auto b = t.variable(array{{1., 0.}, {0., 1.}, {0., 0.}});
  const auto [U, S, Vh] = xg::svd(b);
  t.backward(xg::sum(S));
  CHECK(distance(b.grad(), b.value()) < 1e-15);
  const var first = xg::view(U, {xt::all(), 0});
  CHECK(contains(message_of<xg::value_error>([&] {
                   t.backward(xg::sum(first * array{1., 2., 3.}));
                 }),
                 "svd: singular values 0 and 1 are equal, to rounding"));
  const auto [U0, S0, Vh0] = xg::svd(t.variable(array{{1., 2.}, {2., 4.}, {0., 0.}}));
  const var null = U0;
  CHECK(contains(message_of<xg::value_error>([&] {
                   t.backward(xg::sum(null * array{{1., 1.}, {2., 3.}, {3., 5.}}));
                 }),
                 "svd: singular value 1 is zero, to rounding"));
}

TEST_CASE("least squares need full rank; the pseudoinverse does not") {
  xg::tape<double> t;
  const auto a = t.variable(array{{1., 2.}, {2., 4.}, {3., 6.}}), b = t.variable(array{1., 2., 4.});
  CHECK(
      contains(message_of<xg::value_error>([&] { xg::lstsq(a, b); }), "lstsq: the matrix has not full rank: column 1"));
  const var x = xg::matmul(xg::pinv(a), b);
  CHECK(distance(x.value(), array{17. / 70, 34. / 70}) < 1e-14);
  CHECK(contains(message_of<xg::shape_error>([&] { xg::lstsq(a, xg::view(b, {xt::range(0, 2)})); }),
                 "they have not the same number of rows"));
}

TEST_CASE("shapes that do not fit are told") {
  xg::tape<double> t;
  const auto a = t.variable(xt::ones<double>({2, 3})), v = t.variable(xt::ones<double>({3}));
  CHECK(contains(message_of<xg::shape_error>([&] { xg::solve(a, v); }), "solve: (2, 3): a square matrix is needed"));
  CHECK(contains(message_of<xg::shape_error>([&] { xg::det(v); }), "det: (3): a square matrix is needed"));
  CHECK(contains(message_of<xg::shape_error>([&] { xg::svd(v); }), "svd: (3): a matrix is needed"));
  CHECK(contains(message_of<xg::shape_error>([&] { xg::matrix_power(a, 2); }), "matrix_power: (2, 3): a square"));
  const auto square = t.variable(xt::eye<double>(2));
  CHECK(contains(message_of<xg::shape_error>([&] { xg::solve(square, v); }),
                 "the matrix has 2 rows, the right side has 3"));
  const auto singular = t.variable(xt::ones<double>({2, 2}));
  CHECK(contains(message_of<xg::shape_error>([&] { xg::solve(singular, v); }), "the right side has 3"));
  CHECK(contains(message_of<xg::shape_error>([&] { xg::dot(a, a); }),
                 "dot: (2, 3) and (2, 3): axis 1 of the first and axis 0 of the second"));
  CHECK(contains(message_of<xg::shape_error>([&] {
                   xg::tensordot(a, v, {{0, 0}, {0, 0}});
                 }),
                 "axis 0 of the first operand"));
  CHECK(contains(message_of<xg::shape_error>([&] { xg::tensordot(a, v, 2); }), "they have 0 to 1 in common"));
}

TEST_CASE("einsum says what it does not understand") {
  xg::tape<double> t;
  const auto a = t.variable(xt::ones<double>({2, 3})), b = t.variable(xt::ones<double>({4, 5}));
  const std::string where = line_below();
  const std::string m = message_of<xg::shape_error>([&] { xg::einsum("ij,jk->ik", a, b); });
  CHECK(contains(m, "einsum: \"ij,jk->ik\" of (2, 3) and (4, 5): 'j' has the extent 4 in operand 1, and 3 before it"));
  CHECK(m.ends_with(where));
  const auto value = [&](const char* s) { return message_of<xg::value_error>([&] { xg::einsum(s, a, b); }); };
  const auto shape = [&](const char* s) { return message_of<xg::shape_error>([&] { xg::einsum(s, a, b); }); };
  CHECK(contains(value("ij"), "there are subscripts of 1 operands"));
  CHECK(contains(shape("ijk,lm"), "operand 0 has 2 axes, its subscripts \"ijk\" name 3"));
  CHECK(contains(shape("ii,kl"), "'i' is twice in operand 0, with extents 2 and 3"));
  CHECK(contains(value("ij,kl->im"), "the result has 'm', which no operand has"));
  CHECK(contains(value("ij,kl->ii"), "the result has 'i' twice"));
  CHECK(contains(value("i1,kl"), "'1' is neither a letter"));
  CHECK(contains(value("i...,kl->i"), "the result needs a \"...\""));
  CHECK(xg::einsum("ij,kl", a, 2 * b).shape() == std::array<std::size_t, 4>{2, 3, 4, 5});
  CHECK(xg::einsum("ij,i->j", a, array{1., 10.}).value()(2) == 11);  // a plain array beside a variable
}

TEST_CASE("matrices without elements, and stacks without matrices") {
  xg::tape<double> t;
  const auto none = t.variable(xt::zeros<double>({0, 0})), stack = t.variable(xt::zeros<double>({0, 2, 2}));
  CHECK(xg::det(none).item() == 1);
  CHECK(xg::solve(none, t.variable(xt::zeros<double>({0, 3}))).shape() == std::array<std::size_t, 2>{0, 3});
  CHECK(xg::inverse(stack).shape() == std::array<std::size_t, 3>{0, 2, 2});
  CHECK(xg::cholesky(none).size() == 0);
  CHECK(xg::eigvalsh(none).size() == 0);
  CHECK(xg::expm(none).size() == 0);
  const var unit = xg::matrix_power(t.variable(xt::zeros<double>({2, 3, 3})), 0);
  CHECK(distance(unit.value(), array(xt::broadcast(xt::eye<double>(3), {2, 3, 3}))) == 0);
  CHECK_FALSE(unit.requires_grad());
  CHECK(xg::svd(t.variable(xt::zeros<double>({0, 3}))).Vh.shape() == std::array<std::size_t, 2>{0, 3});
  CHECK(xg::qr(t.variable(xt::zeros<double>({3, 0}))).Q.shape() == std::array<std::size_t, 2>{3, 0});
  const var d = xg::sum(xg::det(stack));
  t.backward(d);
  CHECK(d.item() == 0);
}

TEST_CASE("replays of factorisations allocate nothing") {
  xg::tape<double> t;
  const auto a = t.variable(array{{3., 1.}, {1., 2.}}), b = t.variable(array{1., 2.});
  const var y = xg::sum(xg::solve(a, b)) + xg::det(a) + xg::sum(xg::cholesky(a)) + xg::sum(xg::eigvalsh(a)) +
                xg::sum(xg::svdvals(a)) + xg::sum(xg::expm(a));
  t.replay();
  const std::size_t before = test::allocations();
  t.replay();
  CHECK(test::allocations() == before);
  CHECK(std::isfinite(y.item()));
}
