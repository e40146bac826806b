// A program of core alone: its own + and identity, an op and a function of the user's, gradients to the second order.
#include <cstdio>

#include <xgrad/core/derivative/gradient.hpp>
#include <xgrad/core/tape/op.hpp>

struct scale_fun {  // 3 x
  template <class V>
  V operator()(V x) const {
    return x + x + x;
  }
};
template <>
struct xg::rule<scale_fun> {
  static constexpr const char* name = "scale";
  static auto backward(auto g, auto, auto) { return std::tuple(g + g + g); }
};

struct square_op {
  static constexpr const char* name = "square_op";
  xg::shape_t shape(xg::shape_view x) const { return x; }
  void forward(xg::array<double> y, xg::array<const double> x) const {
    for (std::size_t i = 0; i < x.size; ++i) y.data[i] = x.data[i] * x.data[i];
  }
  xg::var<double> vjp(const xg::var<double>& g, const xg::var<double>&, const xg::var<double>& x) const;
};
struct product_op {
  static constexpr const char* name = "product_op";
  xg::shape_t shape(xg::shape_view a, xg::shape_view) const { return a; }
  void forward(xg::array<double> y, xg::array<const double> a, xg::array<const double> b) const {
    for (std::size_t i = 0; i < a.size; ++i) y.data[i] = a.data[i] * b.data[i];
  }
  xg::var<double> vjp(std::size_t k, const xg::var<double>& g, const xg::var<double>&, const xg::var<double>& a,
                      const xg::var<double>& b) const {
    return xg::record(product_op{}, g, k == 0 ? b : a);
  }
};
xg::var<double> square_op::vjp(const xg::var<double>& g, const xg::var<double>&, const xg::var<double>& x) const {
  return xg::record(product_op{}, g, x + x);
}

int main() {
  xg::tape<double> t;
  const auto a = t.variable({1.0, 2.0, 3.0}), b = t.variable(1.0);
  const xg::var<double> sum = a + b;  // broadcast, so its adjoint is summed
  const xg::var<double> tripled = xt::detail::make_xfunction<scale_fun>(sum);
  const xg::var<double> y = xg::detail::sum_to(xg::record(square_op{}, tripled), xg::shape_t{1}, xg::shape_t{});
  t.backward(y);                                             // y = Σ 9 (a + b)²
  const xg::var<double> slope = xg::gradient(y, b);          // Σ 18 (a + b) = 162
  const xg::var<double> curvature = xg::gradient(slope, b);  // 54
  std::printf("%g %g %g %g\n", y.item(), b.grad()(), slope.item(), curvature.item());
}
