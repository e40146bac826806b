// Layers one after the other: known when it is compiled, or only when it runs; and around a layer a way past it.
#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <xgrad/nn/collect.hpp>
#include <xgrad/nn/layers/pass.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/view.hpp>

namespace xg::nn {

namespace detail {

template <class L>
constexpr std::string_view name_of_type() {
  return __PRETTY_FUNCTION__;
}
/// Is it an op of the library, xg::relu say? Ops take no mode, and cannot be asked: for them a second operand is
/// another array.
template <class L>
constexpr bool is_op() {
  const std::string_view name = name_of_type<L>();
  const std::size_t at = name.find("L = ") + 4;
  return name.substr(at).starts_with("xg::") && !name.substr(at).starts_with("xg::nn::");
}

/// layer(x, mode) if it takes a mode, else layer(x).
template <class L, class X>
auto through(const L& layer, const X& x, pass mode) {
  if constexpr (is_op<L>())
    return layer(x);
  else if constexpr (std::invocable<const L&, const X&, pass>)
    return layer(x, mode);
  else
    return layer(x);
}

}  // namespace detail

/// sequential(nn::linear<float>(4, 8), nn::relu{}, nn::linear<float>(8, 3)): each layer takes what the one before it
/// makes. A layer is anything that can be called with a variable: a layer, a function such as xg::relu, a lambda. Its
/// parameters are called 0.weight, 0.bias, 2.weight, ...
template <class... L>
struct sequential {
  using scalar_type = typename detail::scalar_of_all<std::tuple<L...>>::type;
  std::tuple<L...> layers;

  sequential() = default;
  explicit sequential(L... l) requires(sizeof...(L) > 0) : layers(std::move(l)...) {}

  auto operator()(const auto& x, pass mode = eval) const { return from<0>(x, mode); }
  static void visit(auto& m, auto f) {
    [&]<std::size_t... I>(std::index_sequence<I...>) { (f(std::to_string(I), std::get<I>(m.layers)), ...); }
    (std::index_sequence_for<L...>());
  }

 private:
  template <std::size_t I>
  auto from(const auto& x, pass mode) const {
    if constexpr (I == sizeof...(L))
      return x;
    else
      return from<I + 1>(detail::through(std::get<I>(layers), x, mode), mode);
  }
};

/// A stack of layers that is put together when the program runs:
///
///     nn::stack<float> net;
///     for (std::size_t i = 0; i + 1 < widths.size(); ++i) net.add(nn::linear<float>(widths[i], widths[i + 1]));
///
/// Each takes a variable and makes one. Parameters are called 0.weight, 1.weight, ...; a copy is a deep copy.
template <class T>
class stack {
 public:
  using scalar_type = T;
  static constexpr bool collects_itself = true;

  stack() = default;
  stack(const stack& other) {
    for (const auto& l : other.layers_) layers_.push_back(l->copy());
  }
  stack(stack&&) noexcept = default;
  stack& operator=(const stack& other) {
    if (this != &other) *this = stack(other);
    return *this;
  }
  stack& operator=(stack&&) noexcept = default;

  template <class L, class Arch = xg::detail::simd_arch>
  stack& add(L layer) {
    layers_.push_back(std::make_unique<holder<L, Arch>>(std::move(layer)));
    return *this;
  }
  std::size_t size() const { return layers_.size(); }

  template <differentiable X, class Arch = xg::detail::simd_arch>
  var<T> operator()(const X& x, pass mode = eval,
                    const std::source_location& where = std::source_location::current()) const {
    var<T> v = recorded<Arch>(x, where);
    for (const auto& l : layers_) v = l->call(v, mode);
    return v;
  }

  void collect(const std::string& path, std::vector<named_parameter<T>>& list) { collect_parts(*this, path, list); }
  void collect(const std::string& path, std::vector<named_parameter<T>>& list) const {
    collect_parts(*this, path, list);
  }

 private:
  struct any_layer {
    virtual ~any_layer() = default;
    virtual std::unique_ptr<any_layer> copy() const = 0;
    virtual var<T> call(const var<T>& x, pass mode) const = 0;
    virtual void collect(const std::string& path, std::vector<named_parameter<T>>& list) = 0;
    virtual void collect(const std::string& path, std::vector<named_parameter<T>>& list) const = 0;
  };
  template <class L, class Arch>
  struct holder final : any_layer {
    explicit holder(L l) : layer(std::move(l)) {}
    std::unique_ptr<any_layer> copy() const override { return std::make_unique<holder>(layer); }
    var<T> call(const var<T>& x, pass mode) const override {
      return recorded<Arch>(detail::through(layer, x, mode), std::source_location::current());
    }
    void collect(const std::string& path, std::vector<named_parameter<T>>& list) override {
      detail::collect<T>(layer, path, list);
    }
    void collect(const std::string& path, std::vector<named_parameter<T>>& list) const override {
      detail::collect<T>(layer, path, list);
    }
    L layer;
  };
  static void collect_parts(auto& m, const std::string& path, std::vector<named_parameter<T>>& list) {
    for (std::size_t i = 0; i < m.layers_.size(); ++i) {
      // A const stack has const layers, although it holds them by pointers that do not say so.
      std::conditional_t<std::is_const_v<std::remove_reference_t<decltype(m)>>, const any_layer, any_layer>& l =
          *m.layers_[i];
      l.collect(detail::joined(path, std::to_string(i)), list);
    }
  }

  std::vector<std::unique_ptr<any_layer>> layers_;
};

/// x + inner(x): He et al., "Deep residual learning for image recognition" (CVPR 2016). Throws shape_error where inner
/// changes the shape.
template <class L>
struct residual {
  using scalar_type = scalar_of<L>;
  L inner;

  residual() = default;
  explicit residual(L layer) : inner(std::move(layer)) {}

  template <differentiable X, class Arch = xg::detail::simd_arch>
  auto operator()(const X& x, pass mode = eval,
                  const std::source_location& where = std::source_location::current()) const {
    const auto v = recorded<Arch>(x, where);
    const auto y = recorded<Arch>(detail::through(inner, v, mode), where);
    if (!(shape_view(y.shape()) == v.shape()))
      throw shape_error("residual: the layer makes " + to_string(y.shape()) + " of " + to_string(v.shape()) +
                        ", which cannot be added to it" + at_line(where));
    return v + y;
  }
  static void visit(auto& m, auto f) { f("inner", m.inner); }
};

/// All axes but the first become one: (n, c, h, w) → (n, c·h·w). Throws shape_error for a number.
struct flatten {
  template <differentiable X, class Arch = xg::detail::simd_arch>
  auto operator()(const X& x, const std::source_location& where = std::source_location::current()) const {
    const auto v = recorded<Arch>(x, where);
    const shape_view shape = v.shape();
    if (shape.empty()) throw shape_error("flatten: a single number has no axis of samples" + at_line(where));
    const auto rows = std::ptrdiff_t(shape[0]),
               columns = std::ptrdiff_t(count_of(shape_view(shape.data() + 1, shape.size() - 1)));
    return xg::reshape(v, {rows, columns}, where);
  }
};

}  // namespace xg::nn
