// One file of a program whose files are compiled for different processors: FILE_NAME is the function this one defines.
// It uses whatever a user's line may instantiate: statements, folds, functors and ops of its own, leaves of every kind.
#include <vector>

#include <xgrad/xgrad.hpp>

struct halve {
  template <class V>
  V operator()(V x) const {
    return x / 2;
  }
};
template <>
struct xg::rule<halve> {
  static constexpr const char* name = "halve";
  static auto backward(auto g, auto, auto) { return std::tuple(g / 2); }
};

template <class T>
struct twice {
  static constexpr const char* name = "twice";
  xg::shape_t shape(xg::shape_view x) const { return x; }
  void forward(xg::array<T> y, xg::array<const T> x) const {
    for (std::size_t i = 0; i < x.size; ++i) y.data[i] = 2 * x.data[i];
  }
  xg::var<T> vjp(const xg::var<T>& g, const xg::var<T>&, const xg::var<T>&) const { return g * 2; }
  void backward(xg::array<const T> g, xg::array<const T>, xg::array<const T>, xg::adjoint<T> dx) const {
    dx.add_each([&](std::size_t i) { return 2 * g.data[i]; });
  }
};

std::vector<double> FILE_NAME() {
  xg::tape<double> t;
  const xt::xarray<double> d{{1.5, -2, 0.5}, {3, 4, -5}};
  const auto a = t.variable(d), b = t.constant(xt::xarray<double>{0.5, 1, 2}), c = t.variable(0.25);
  const xg::var y = xt::tanh(a * b) + xg::elementwise<halve>{}(a)*3 + c;
  const xg::var z = xg::record(twice<double>{}, y);
  const xg::var m = xg::matmul(xg::transpose(z), a);
  const xg::var l =
      xg::sum(xt::square(m)) + xg::mean(z, {0})(1) + xg::logsumexp(xg::view(a, {0}) * xt::sin(d)) + z(0, 1);
  t.backward(l);
  const xg::var h = xg::gradient(xg::sum(xg::gradient(l, a) * d), a);
  t.set(a, a.value() + 0.5 * a.grad());
  t.set(c, 0.5);
  t.replay();
  t.backward(l);
  std::vector<double> results{l.item(), c.grad()()};
  for (const double x : a.grad()) results.push_back(x);
  for (const double x : h.value()) results.push_back(x);
  return results;
}
