// The op table: every op of the library, with sample domains and an independent reference. It drives all generic checks
// (op_case.hpp). An op without a row fails the build.
#pragma once

#include <array>
#include <cmath>
#include <utility>

#include <xtensor/xview.hpp>

#include "op_case.hpp"

namespace test {

// ---- Spoilt rules: the negative controls
// ------------------------------------------------------------------------------------

enum class spoil { everywhere, in_programs_only };

/// Functor F whose rule is wrong by 1 % for operand K.
template <class F, std::size_t K, spoil How>
struct spoilt {
  template <class... V>
  static auto apply(V... x) {
    if constexpr (requires { xg::rule<F>::forward(x...); })
      return xg::rule<F>::forward(x...);
    else if constexpr ((xg::numeric<V> && ...) && requires { F{}.simd_apply(x...); })
      return F{}.simd_apply(x...);
    else
      return F{}(x...);
  }
  template <class... V>
  auto operator()(V... x) const {
    return apply(x...);
  }
};

/// An identity with a wrong derivative, for ops whose rule is not a functor's; also an op of a user's own.
template <class T>
struct spoiler_op {
  static constexpr const char* name = "spoiler";
  bool wrong_kernel, wrong_vjp;

  xg::shape_t shape(xg::shape_view x) const { return x; }
  void forward(xg::array<T> y, xg::array<const T> x) const { std::copy_n(x.data, x.size, y.data); }
  xg::var<T> vjp(const xg::var<T>& g, const xg::var<T>&, const xg::var<T>&) const {
    return g * (wrong_vjp ? 1.01 : 1.0);
  }
  void backward(xg::array<const T> g, xg::array<const T>, xg::array<const T>, xg::adjoint<T> dx) const {
    dx.add_each([&](std::size_t i) { return g.data[i] * T(wrong_kernel ? 1.01 : 1.0); });
  }
};

}  // namespace test

template <class F, std::size_t K, test::spoil How>
struct xg::rule<test::spoilt<F, K, How>> {
  static constexpr const char* name = "spoilt";
  static auto backward(auto g, auto y, auto... x) {
    auto d = xg::rule<F>::backward(g, y, x...);
    return [&]<std::size_t... I>(std::index_sequence<I...>) { return std::tuple(one<I>(std::get<I>(d))...); }
    (std::index_sequence_for<decltype(x)...>{});
  }

 private:
  template <std::size_t I, class D>
  static auto one(const D& d) {
    constexpr bool wrong =
        I == K && !std::same_as<D, xg::no_gradient_t> && (How == test::spoil::everywhere || xg::differentiable<D>);
    if constexpr (!wrong)
      return d;
    else if constexpr (xg::differentiable<D>)
      return d * 1.01;
    else
      return D(d * D(1.01f));
  }
};

namespace test {

template <class T, std::size_t>
struct nth_var : std::type_identity<xg::var<T>> {};

/// What a table is made for; every kernel takes time to compile.
enum class rows { sound, spoilt };

/// Elementwise ops: `f` on variables, `reference` on numbers, a domain per operand.
template <class T, rows Which, std::size_t N, class F, class R>
op_case<T> elementwise_row(const char* name, F f, R reference, const std::array<domain, N>& domains, bool constant) {
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    op_case<T> op;
    op.name = name;
    op.operands = {domains.begin(), domains.end()};
    op.constant = constant;
    using E = decltype(f(std::declval<typename nth_var<T, K>::type>()...));
    op.equal_shapes = xg::demands_equal_shapes<typename E::functor>;
    op.reference = [reference](const std::vector<array>& x) {
      xg::shape_t shape;
      for (const array& a : x) xg::broadcast_into(shape, xg::shape_t(a.shape().begin(), a.shape().end()));
      const std::array<array, N> wide{array(xt::broadcast(x[K], shape))...};
      array y = array::from_shape(shape);
      for (std::size_t i = 0; i < y.size(); ++i) y.flat(i) = double(reference(wide[K].flat(i)...));
      return y;
    };
    if constexpr (Which == rows::sound) {
      op.record = [f](const std::vector<xg::var<T>>& x) { return xg::var<T>(f(x[K]...)); };
    } else {
      if (!constant) {
        const auto spoil_with = [&]<class S>(std::type_identity<S>, const std::string& how) {
          op.broken.emplace_back(how, [](const std::vector<xg::var<T>>& x) {
            return xg::var<T>(xg::expr<S, typename nth_var<T, K>::type...>(S{}, x[K]...));
          });
        };
        using F0 = typename E::functor;
        const auto spoil_operand = [&]<std::size_t I>() {
          using D = std::tuple_element_t<I, decltype(xg::rule<F0>::backward(T{}, T{}, T((K, 0))...))>;
          if constexpr (!std::same_as<D, xg::no_gradient_t>)
            spoil_with(std::type_identity<spoilt<F0, I, spoil::everywhere>>{}, "operand " + std::to_string(I));
        };
        (spoil_operand.template operator()<K>(), ...);
        spoil_with(std::type_identity<spoilt<F0, N - 1, spoil::in_programs_only>>{}, "program of the last operand");
      }
    }
    return op;
  }
  (std::make_index_sequence<N>{});
}

/// Structured ops: `f` on a list of variables, `reference` on a list of arrays, the shapes to check with.
template <class T>
op_case<T> structured_row(const char* name, decltype(op_case<T>::record) f, decltype(op_case<T>::reference) reference,
                          std::vector<std::vector<xg::shape_t>> shapes) {
  op_case<T> op;
  op.name = name;
  op.operands.resize(shapes.front().size());
  op.record = f;
  op.reference = std::move(reference);
  op.shapes = std::move(shapes);
  for (std::size_t k = 0; k < op.operands.size(); ++k) {
    for (const bool kernel : {true, false}) {
      const auto spoilt_record = [f, k, kernel](std::vector<xg::var<T>> x) {
        x[k] = xg::record(spoiler_op<T>{kernel, !kernel}, x[k]);
        return f(x);
      };
      op.broken.emplace_back((kernel ? "kernel of operand " : "vjp of operand ") + std::to_string(k), spoilt_record);
    }
  }
  return op;
}

template <class T, rows Which = rows::sound>
std::vector<op_case<T>> elementwise_ops() {
  std::vector<op_case<T>> table;
  const auto row = [&](const char* name, auto f, auto reference, auto... domains) {
    table.push_back(
        elementwise_row<T, Which>(name, f, reference, std::array<domain, sizeof...(domains)>{domains...}, false));
  };
  const auto constant_row = [&](const char* name, auto f, auto reference, auto... domains) {
    table.push_back(
        elementwise_row<T, Which>(name, f, reference, std::array<domain, sizeof...(domains)>{domains...}, true));
  };
  const domain any{}, positive{0.3, 3}, nonzero{-2, 2, 0, 0.2}, condition{0, 1, 0, 0, true};

  row(
      "identity", [](auto x) { return +x; }, [](double x) { return x; }, any);
  row(
      "+", [](auto a, auto b) { return a + b; }, [](double a, double b) { return a + b; }, any, any);
  row(
      "-", [](auto a, auto b) { return a - b; }, [](double a, double b) { return a - b; }, any, any);
  row(
      "-", [](auto x) { return -x; }, [](double x) { return -x; }, any);
  row(
      "*", [](auto a, auto b) { return a * b; }, [](double a, double b) { return a * b; }, any, any);
  row(
      "/", [](auto a, auto b) { return a / b; }, [](double a, double b) { return a / b; }, any, nonzero);
  row(
      "square", [](auto x) { return xt::square(x); }, [](double x) { return x * x; }, any);
  row(
      "cube", [](auto x) { return xt::cube(x); }, [](double x) { return x * x * x; }, any);
  row(
      "exp", [](auto x) { return xt::exp(x); }, [](double x) { return std::exp(x); }, any);
  row(
      "expm1", [](auto x) { return xt::expm1(x); }, [](double x) { return std::expm1(x); }, any);
  row(
      "log", [](auto x) { return xt::log(x); }, [](double x) { return std::log(x); }, positive);
  row(
      "log1p", [](auto x) { return xt::log1p(x); }, [](double x) { return std::log1p(x); }, positive);
  row(
      "sqrt", [](auto x) { return xt::sqrt(x); }, [](double x) { return std::sqrt(x); }, positive);
  row(
      "tanh", [](auto x) { return xt::tanh(x); }, [](double x) { return std::tanh(x); }, any);
  row(
      "sin", [](auto x) { return xt::sin(x); }, [](double x) { return std::sin(x); }, any);
  row(
      "cos", [](auto x) { return xt::cos(x); }, [](double x) { return std::cos(x); }, any);
  row(
      "abs", [](auto x) { return xt::abs(x); }, [](double x) { return std::abs(x); }, nonzero);
  row(
      "pow", [](auto a, auto b) { return xt::pow(a, b); }, [](double a, double b) { return std::pow(a, b); }, positive,
      any);
  row(
      "sigmoid", [](auto x) { return xg::sigmoid(x); }, [](double x) { return 1 / (1 + std::exp(-x)); }, any);
  row(
      "logistic_density", [](auto x) { return xg::detail::logistic_density(x); },
      [](double x) { return 1 / ((1 + std::exp(x)) * (1 + std::exp(-x))); }, any);
  row(
      "relu", [](auto x) { return xg::relu(x); }, [](double x) { return std::max(x, 0.0); }, nonzero);
  row(
      "squared_error", [](auto p, auto t) { return xg::squared_error(p, t); },
      [](double p, double t) { return (p - t) * (p - t); }, any, any);
  row(
      "maximum", [](auto a, auto b) { return xt::maximum(a, b); }, [](double a, double b) { return std::max(a, b); },
      any, any);
  row(
      "minimum", [](auto a, auto b) { return xt::minimum(a, b); }, [](double a, double b) { return std::min(a, b); },
      any, any);
  row(
      "fmax", [](auto a, auto b) { return xt::fmax(a, b); }, [](double a, double b) { return std::max(a, b); }, any,
      any);
  row(
      "fmin", [](auto a, auto b) { return xt::fmin(a, b); }, [](double a, double b) { return std::min(a, b); }, any,
      any);
  row(
      "where", [](auto c, auto a, auto b) { return xt::where(c, a, b); },
      [](double c, double a, double b) { return c != 0 ? a : b; }, condition, any, any);
  row(
      "pow_n", [](auto x) { return xt::pow<3>(x); }, [](double x) { return x * x * x; }, any);
  row(
      "lambda",
      [](auto a, auto b) {
        return xt::make_lambda_xfunction([](auto u, auto v) { return (u * v + 2) / (1 + v * v) - u; }, a, b);
      },
      [](double u, double v) { return (u * v + 2) / (1 + v * v) - u; }, any, any);
  row(
      "guard", [](auto g, auto d) { return xt::detail::make_xfunction<xg::guard_fun>(g, d); },
      [](double, double d) { return d; }, any, any);

  constant_row(
      "<", [](auto a, auto b) { return a < b; }, [](double a, double b) { return a < b; }, any, any);
  constant_row(
      "<=", [](auto a, auto b) { return a <= b; }, [](double a, double b) { return a <= b; }, any, any);
  constant_row(
      ">", [](auto a, auto b) { return a > b; }, [](double a, double b) { return a > b; }, any, any);
  constant_row(
      ">=", [](auto a, auto b) { return a >= b; }, [](double a, double b) { return a >= b; }, any, any);
  constant_row(
      "==", [](auto a, auto b) { return xt::equal(a, b); }, [](double a, double b) { return a == b; }, any, any);
  constant_row(
      "!=", [](auto a, auto b) { return xt::not_equal(a, b); }, [](double a, double b) { return a != b; }, any, any);
  constant_row(
      "&&", [](auto a, auto b) { return a && b; }, [](double a, double b) { return a != 0 && b != 0; }, condition,
      condition);
  constant_row(
      "||", [](auto a, auto b) { return a || b; }, [](double a, double b) { return a != 0 || b != 0; }, condition,
      condition);
  constant_row(
      "!", [](auto a) { return !a; }, [](double a) { return a == 0; }, condition);
  return table;
}

template <class T>
std::vector<op_case<T>> structured_ops() {
  using vars = std::vector<xg::var<T>>;
  using arrays = std::vector<array>;
  std::vector<op_case<T>> table;
  const auto row = [&](const char* name, auto f, auto reference, std::vector<std::vector<xg::shape_t>> shapes) {
    table.push_back(structured_row<T>(name, f, reference, std::move(shapes)));
  };
  const std::vector<std::vector<xg::shape_t>> cubes{{{2, 3, 4}}, {{1, 3, 1}}, {{5, 1, 17}}, {{3, 7, 40}}};

  // (xtensor's own sum forms pointers before the beginning of an empty array.)
  row(
      "sum", [](const vars& x) { return xg::sum(x[0]); },
      [](const arrays& x) {
        array total = xt::zeros<double>(xg::shape_t{});
        for (double value : x[0]) total() += value;
        return total;
      },
      {{{}}, {{0}}, {{7}}, {{3, 45}}});
  row(
      "sum", [](const vars& x) { return xg::sum(x[0] * x[1], {1}); },
      [](const arrays& x) {
        const array products = x[0] * x[1];
        if (products.size() == 0) return array(xt::zeros<double>({products.shape(0)}));
        return array(xt::sum(products, {1}));
      },
      {{{2, 3, 4}, {2, 3, 4}}, {{2, 3, 4}, {3, 1}}, {{4, 9}, {9}}, {{0, 2}, {2}}});
  row(
      "mean",
      [](const vars& x) {
        return xg::mean(xt::square(x[0]), {0, -1});
      },
      [](const arrays& x) {
        return array(xt::mean(x[0] * x[0], {0, 2}));
      },
      cubes);
  row(
      "mean", [](const vars& x) { return xg::mean(x[0], {-2}, xt::keep_dims); },
      [](const arrays& x) { return array(xt::mean(x[0], {1}, xt::keep_dims)); }, cubes);

  const auto product = [](const array& a, const array& b) {
    array c = xt::zeros<double>({a.shape(0), b.shape(1)});
    for (std::size_t i = 0; i < c.shape(0); ++i)
      for (std::size_t j = 0; j < c.shape(1); ++j)
        for (std::size_t k = 0; k < a.shape(1); ++k) c(i, j) += a(i, k) * b(k, j);
    return c;
  };
  row(
      "matmul", [](const vars& x) { return xg::matmul(x[0], x[1]); },
      [=](const arrays& x) { return product(x[0], x[1]); },
      {{{2, 3}, {3, 4}}, {{1, 4}, {4, 3}}, {{1, 1}, {1, 1}}, {{9, 7}, {7, 11}}, {{2, 0}, {0, 3}}, {{0, 2}, {2, 3}}});
  row(
      "matmul", [](const vars& x) { return xg::matmul(x[0], xg::transpose(x[1])); },
      [=](const arrays& x) { return product(x[0], xt::transpose(x[1])); }, {{{2, 3}, {4, 3}}, {{6, 8}, {5, 8}}});
  row(
      "matmul", [](const vars& x) { return xg::matmul(xg::transpose(x[0]), x[1]); },
      [=](const arrays& x) { return product(xt::transpose(x[0]), x[1]); }, {{{3, 2}, {3, 4}}, {{8, 6}, {8, 5}}});
  row(
      "matmul", [](const vars& x) { return xg::matmul(xg::transpose(x[0]), xg::transpose(x[1])); },
      [=](const arrays& x) { return product(xt::transpose(x[0]), xt::transpose(x[1])); },
      {{{3, 2}, {4, 3}}, {{8, 6}, {5, 8}}});
  const auto column = [](const array& a) { return array(xt::reshape_view(a, {a.size(), std::size_t(1)})); };
  const auto line = [](const array& a) { return array(xt::reshape_view(a, {std::size_t(1), a.size()})); };
  const auto flat = [](const array& a) { return array(xt::flatten(a)); };
  row(
      "matmul", [](const vars& x) { return xg::matmul(x[0], x[1]); },
      [=](const arrays& x) { return flat(product(x[0], column(x[1]))); }, {{{2, 3}, {3}}});
  row(
      "matmul", [](const vars& x) { return xg::matmul(x[0], x[1]); },
      [=](const arrays& x) { return flat(product(line(x[0]), x[1])); }, {{{3}, {3, 2}}});
  row(
      "matmul", [](const vars& x) { return xg::matmul(x[0], x[1]); },
      [=](const arrays& x) { return array(product(line(x[0]), column(x[1]))(0, 0)); }, {{{5}, {5}}});

  row(
      "transpose", [](const vars& x) { return xg::transpose(x[0]); },
      [](const arrays& x) { return array(xt::transpose(x[0])); }, {{{2, 3}}, {{4}}, {{2, 3, 4}}, {{}}, {{0, 3}}});
  row(
      "transpose",
      [](const vars& x) {
        return xg::transpose(x[0], {1, -1, 0});
      },
      [](const arrays& x) {
        return array(xt::transpose(x[0], {1, 2, 0}));
      },
      cubes);
  row(
      "reshape",
      [](const vars& x) {
        return xg::reshape(x[0], {-1, 6});
      },
      [](const arrays& x) {
        return array(xt::reshape_view(x[0], {x[0].size() / 6, std::size_t(6)}));
      },
      {{{2, 3}}, {{4, 3}}, {{2, 1, 9}}, {{0, 6}}});
  row(
      "view",
      [](const vars& x) {
        return xg::view(x[0], {xt::all(), xt::range(1, 3), -1});
      },
      [](const arrays& x) { return array(xt::view(x[0], xt::all(), xt::range(1, 3), x[0].shape(2) - 1)); },
      {{{2, 3, 4}}, {{1, 5, 1}}});
  row(
      "view",
      [](const vars& x) {
        return xg::view(x[0], {xt::ellipsis(), xt::newaxis(), xt::range(0, 4, 2)});
      },
      [](const arrays& x) { return array(xt::view(x[0], xt::all(), xt::all(), xt::newaxis(), xt::range(0, 4, 2))); },
      {{{2, 3, 4}}, {{1, 2, 5}}});
  row(
      "element", [](const vars& x) { return x[0](1, -1); },
      [](const arrays& x) { return array(x[0](1, x[0].shape(1) - 1)); }, {{{2, 3}}, {{4, 1}}});
  row(
      "scatter",
      [](const vars& x) {
        const xg::var<T> source = x[0].owner().variable(xt::zeros<T>({3, 4}));
        return xg::gradient(xg::view(source, {xt::range(0, 3, 2), xt::range(1, 4)}), source, x[0]);
      },
      [](const arrays& x) {
        array y = xt::zeros<double>({3, 4});
        xt::view(y, xt::range(0, 3, 2), xt::range(1, 4)) = x[0];
        return y;
      },
      {{{2, 3}}});
  return table;
}

}  // namespace test
