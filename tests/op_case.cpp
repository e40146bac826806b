#include "op_case.hpp"

#include <cmath>
#include <random>

namespace test {

namespace {

using shapes_type = std::vector<xg::shape_t>;

class generator {
 public:
  explicit generator(unsigned seed) : engine_(seed) {}
  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(engine_); }

  array draw(const domain& d, const xg::shape_t& shape) {
    array a = array::from_shape(shape);
    std::uniform_real_distribution<double> value(d.low, d.high);
    for (double& x : a)
      if (d.condition)
        x = double(below(2));
      else
        do x = double(float(value(engine_)));  // exact in both precisions
        while (std::abs(x - d.avoid) < d.gap);
    return a;
  }

  /// Shapes for an elementwise op: a common shape of up to 4 dimensions, of which each operand has some.
  template <class T>
  shapes_type shapes_for(const op_case<T>& op) {
    const std::size_t n = op.operands.size();
    xg::shape_t common(below(5));
    for (auto& extent : common) extent = 1 + below(4);
    if (op.equal_shapes) return shapes_type(n, common);
    shapes_type shapes;
    for (std::size_t k = 0; k < n; ++k) {
      const std::size_t dropped = k == 0 ? 0 : below(common.size() + 1);
      xg::shape_t own(common.begin() + std::ptrdiff_t(dropped), common.end());
      for (auto& extent : own)
        if (below(3) == 0) extent = 1;
      shapes.push_back(own);
    }
    return shapes;
  }

 private:
  std::mt19937 engine_;
};

double difference(const array& a, const array& b) {
  if (a.shape() != b.shape()) return INFINITY;
  double worst = 0, scale = 1e-300;
  for (std::size_t i = 0; i < a.size(); ++i) {
    worst = std::max(worst, std::abs(a.flat(i) - b.flat(i)));
    if (std::isnan(a.flat(i)) != std::isnan(b.flat(i))) worst = INFINITY;
    scale = std::max({scale, std::abs(a.flat(i)), std::abs(b.flat(i))});
  }
  return worst / std::max(scale, 1e-3);
}

template <class T>
array as_array(const xg::var<T>& v) {
  return xt::cast<double>(v.value());
}
template <class T>
array gradient_of(const xg::var<T>& v) {
  return xt::cast<double>(v.grad());
}
template <class T>
xt::xarray<T> as(const array& a) {
  return xt::cast<T>(a);
}

template <class T>
std::vector<xg::var<T>> leaves(xg::tape<T>& t, const std::vector<array>& x) {
  std::vector<xg::var<T>> v;
  for (const array& a : x) v.push_back(t.variable(as<T>(a)));
  return v;
}

/// Σ seed · f(x), by the reference.
double projected(const std::function<array(const std::vector<array>&)>& f, const std::vector<array>& x,
                 const array& seed) {
  return xt::sum(seed * f(x))();
}

template <class T>
class checker {
 public:
  checker(const op_case<T>& op, unsigned seed, tally& count) : op_(op), random_(seed), count_(count) {}

  failures run() {
    if (!op_.elementwise()) {
      for (const shapes_type& shapes : op_.shapes) check(shapes);
      return found_;
    }
    const std::size_t n = op_.operands.size();
    check(shapes_type(n, xg::shape_t{}));
    check(shapes_type(n, xg::shape_t{0}));
    check(shapes_type(n, xg::shape_t{2, 0, 3}));
    for (int i = 0; i < 8; ++i) check(random_.shapes_for(op_));
    for (std::size_t size = 1; size <= 33; ++size) check(shapes_type(n, xg::shape_t{size}), size % 8 == 1);
    return found_;
  }

 private:
  static constexpr bool is_double = std::is_same_v<T, double>;
  static constexpr double value_tolerance = is_double ? 1e-12 : 2e-5;
  static constexpr double gradient_tolerance = is_double ? 1e-7 : 2e-3;
  static constexpr double program_tolerance = is_double ? 1e-11 : 5e-4;

  void check(const shapes_type& shapes, bool second_order = true) {
    const std::size_t n = shapes.size();
    where_.clear();
    for (const auto& s : shapes) where_ += " " + to_string(xg::shape_view(s));
    std::vector<array> x, direction;
    for (std::size_t k = 0; k < n; ++k) {
      x.push_back(random_.draw(op_.operands[k], shapes[k]));
      const bool fixed = op_.operands[k].condition;
      direction.push_back(random_.draw(fixed ? domain{0, 0} : domain{-1, 1}, shapes[k]));
    }
    const array expected = op_.reference(x);
    xg::tape<T> t;
    const auto v = leaves(t, x);
    const xg::var<T> y = op_.record(v);
    ++count_.values;
    expect("value", as_array(y), expected, value_tolerance, count_.value);
    if (op_.constant) {
      if (y.requires_grad()) found_.push_back(op_.name + ": a gradient flows through a constant");
      return;
    }

    const array seed = random_.draw({0.5, 2}, xg::shape_t(expected.shape().begin(), expected.shape().end()));
    t.backward(y, as<T>(seed));
    std::vector<array> kernel;
    for (std::size_t k = 0; k < n; ++k) {
      kernel.push_back(gradient_of(v[k]));
      expect("gradient by operand " + std::to_string(k), kernel[k], differences(x, k, seed), gradient_tolerance,
             count_.difference);
    }
    const auto program = xg::gradient(y, v, xg::seed(as<T>(seed)));
    for (std::size_t k = 0; k < n; ++k)
      expect("program by operand " + std::to_string(k), as_array(program[k]), kernel[k], program_tolerance,
             count_.derivative);
    check_tangent(t, v, y, direction, seed, kernel);
    if (is_double && second_order) check_second_order(t, v, program, x, direction, seed);
  }

  array differences(std::vector<array> x, std::size_t k, const array& seed) {
    array d = xt::zeros_like(x[k]);
    for (std::size_t i = 0; i < d.size(); ++i) {
      const double at = x[k].flat(i), h = 1e-5;
      x[k].flat(i) = at + h;
      const double up = projected(op_.reference, x, seed);
      x[k].flat(i) = at - h;
      d.flat(i) = (up - projected(op_.reference, x, seed)) / (2 * h);
      x[k].flat(i) = at;
    }
    return d;
  }

  // ⟨seed, J direction⟩ = ⟨Jᵀ seed, direction⟩; and a replay of the tangent gives the same bits.
  void check_tangent(xg::tape<T>& t, const std::vector<xg::var<T>>& v, const xg::var<T>& y,
                     const std::vector<array>& direction, const array& seed, const std::vector<array>& kernel) {
    const xg::var<T> dy = xg::jvp(y, v, constants(t, direction));
    const array tangent = as_array(dy);
    if (tangent.shape() != seed.shape()) {
      found_.push_back(op_.name + where_ + ": the tangent has another shape than the value");
      return;
    }
    double forward = 0, backward = 0, size = 1e-3;
    for (std::size_t i = 0; i < seed.size(); ++i) {
      forward += seed.flat(i) * tangent.flat(i);
      size += std::abs(seed.flat(i) * tangent.flat(i));
    }
    for (std::size_t k = 0; k < v.size(); ++k)
      for (std::size_t i = 0; i < kernel[k].size(); ++i) {
        backward += direction[k].flat(i) * kernel[k].flat(i);
        size += std::abs(direction[k].flat(i) * kernel[k].flat(i));
      }
    const double off = std::abs(forward - backward) / size;
    count_.derivative = std::max(count_.derivative, off);
    ++count_.gradients;
    if (!(off <= program_tolerance)) found_.push_back(op_.name + where_ + ": tangent is off by " + std::to_string(off));
    t.replay();
    if (as_array(dy) != tangent) found_.push_back(op_.name + where_ + ": a replayed tangent differs");
  }

  static std::vector<xg::var<T>> constants(xg::tape<T>& t, const std::vector<array>& values) {
    std::vector<xg::var<T>> list;
    for (const array& a : values) list.push_back(t.constant(as<T>(a)));
    return list;
  }

  // (d/dε) ∇(x + ε·direction), by variables against differences of the kernel's gradients.
  void check_second_order(xg::tape<T>& t, const std::vector<xg::var<T>>& v, const std::vector<xg::var<T>>& first,
                          const std::vector<array>& x, const std::vector<array>& direction, const array& seed) {
    xg::var<T> projection = t.constant(T(0));
    for (std::size_t k = 0; k < v.size(); ++k) projection = projection + xg::sum(first[k] * as<T>(direction[k]));
    const auto second = xg::gradient(projection, v), over_reverse = xg::jvp(first, v, constants(t, direction));
    for (std::size_t k = 0; k < v.size(); ++k)
      expect("forward over reverse by operand " + std::to_string(k), as_array(over_reverse[k]), as_array(second[k]),
             1e-10, count_.derivative);
    const double h = 1e-5;
    const auto gradients_at = [&](double step) {
      std::vector<array> moved, g;
      for (std::size_t k = 0; k < x.size(); ++k) moved.push_back(x[k] + step * direction[k]);
      xg::tape<T> other;
      const auto w = leaves(other, moved);
      other.backward(op_.record(w), as<T>(seed));
      for (const auto& leaf : w) g.push_back(gradient_of(leaf));
      return g;
    };
    const auto up = gradients_at(h), down = gradients_at(-h);
    for (std::size_t k = 0; k < v.size(); ++k)
      expect("second order by operand " + std::to_string(k), as_array(second[k]), array((up[k] - down[k]) / (2 * h)),
             1e-6, count_.difference);
  }

  void expect(const std::string& what, const array& got, const array& wanted, double tolerance, double& worst) {
    const double d = difference(got, wanted);
    worst = std::max(worst, d);
    if (&worst != &count_.value) ++count_.gradients;
    if (!(d <= tolerance)) found_.push_back(op_.name + where_ + ": " + what + " is off by " + std::to_string(d));
  }

  const op_case<T>& op_;
  generator random_;
  std::string where_;
  failures found_;
  tally& count_;
};

}  // namespace

template <class T>
failures check_values_and_gradients(const op_case<T>& op, unsigned seed, tally& count) {
  return checker<T>(op, seed, count).run();
}

template <class T>
failures check_replay(const op_case<T>& op, unsigned seed) {
  failures found;
  generator random(seed);
  const auto shapes = op.elementwise() ? random.shapes_for(op) : op.shapes.front();
  std::vector<array> before, after;
  for (std::size_t k = 0; k < shapes.size(); ++k) {
    before.push_back(random.draw(op.operands[k], shapes[k]));
    after.push_back(random.draw(op.operands[k], shapes[k]));
  }
  xg::tape<T> replayed, anew;
  const auto v = leaves(replayed, before), w = leaves(anew, after);
  const xg::var<T> y = op.record(v), z = op.record(w);
  for (std::size_t k = 0; k < v.size(); ++k) replayed.set(v[k], as<T>(after[k]));
  replayed.replay();
  if (as_array(y) != as_array(z)) found.push_back(op.name + ": replayed values differ from recorded ones");
  if (op.constant) return found;
  const auto seed_values = as<T>(random.draw({0.5, 2}, xg::shape_t(y.shape())));
  replayed.backward(y, seed_values);
  anew.backward(z, seed_values);
  for (std::size_t k = 0; k < v.size(); ++k)
    if (gradient_of(v[k]) != gradient_of(w[k]))
      found.push_back(op.name + ": gradients after a replay differ from recorded ones");
  return found;
}

std::vector<array> broadcast(const std::vector<array>& x) {
  xg::shape_t shape;
  for (const array& a : x) xg::broadcast_into(shape, xg::shape_t(a.shape().begin(), a.shape().end()));
  std::vector<array> wide;
  for (const array& a : x) wide.emplace_back(xt::broadcast(a, shape));
  return wide;
}

template failures check_values_and_gradients(const op_case<float>&, unsigned, tally&);
template failures check_values_and_gradients(const op_case<double>&, unsigned, tally&);
template failures check_replay(const op_case<float>&, unsigned);
template failures check_replay(const op_case<double>&, unsigned);

}  // namespace test
