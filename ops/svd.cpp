#include <xgrad/ops/svd.hpp>

#include <algorithm>
#include <array>
#include <limits>

#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/gaps.hpp>
#include <xgrad/ops/lapack.hpp>
#include <xgrad/ops/matmul.hpp>
#include <xgrad/ops/matrix_stack.hpp>
#include <xgrad/ops/reduce.hpp>

namespace xg {

namespace {

using namespace detail;

std::size_t shorter_side(shape_view a) { return std::min(rows_of(a), columns_of(a)); }

/// Computes the decompositions of a stack.
template <class T>
struct decomposition {
  lapack::work<T> memory{};
  T* copy = nullptr;

  void plan(workspace& w, shape_view a) {
    memory = lapack::svd_work<T>(w, rows_of(a), columns_of(a));
    copy = w.array<T>(rows_of(a) * columns_of(a));
  }
  void operator()(array<const T> a, T* u, T* s, T* v) const {
    require_finite(a);
    const std::size_t m = rows_of(a.shape), n = columns_of(a.shape), k = std::min(m, n);
    for (std::size_t i = 0; i < count_of(leading(a.shape)); ++i) {
      std::copy_n(a.data + i * m * n, m * n, copy);
      if (!lapack::svd(memory, m, n, copy, u + i * m * k, s + i * k, v + i * k * n))
        throw value_error("the singular values did not converge" + which_matrix(i, leading(a.shape)));
    }
  }
};

template <class T>
struct svd_op {
  static constexpr const char* name = "svd";
  decomposition<T> decompose{};

  std::array<shape_t, 3> shapes(shape_view a) const {
    require_matrix(a);
    const std::size_t k = shorter_side(a);
    return {stack_shape(leading(a), {rows_of(a), k}), stack_shape(leading(a), {k}),
            stack_shape(leading(a), {k, columns_of(a)})};
  }
  void plan(workspace& w, shape_view a) { decompose.plan(w, a); }
  void forward(std::span<const array<T>> y, array<const T> a) const { decompose(a, y[0].data, y[1].data, y[2].data); }
  // With the columns of Vhᵀ as V and E = 1 / (s(j)² - s(i)²):
  // dL/dA = U (sym(E ∘ Uᵀ gU) S + S sym(E ∘ Vᵀ gV) + diag(gS)) Vᵀ + (1 - U Uᵀ) gU S⁻¹ Vᵀ + U S⁻¹ gVᵀ (1 - V Vᵀ),
  // sym(x) = x + xᵀ; the last two are 0 where U, or V, is square.
  var<T> vjp(std::span<const var<T>> g, std::span<const var<T>> y, const var<T>& a) const {
    const std::source_location line = g[0].ledger().line;
    const var<T>&u = y[0], &s = y[1], &v = y[2];
    const auto times = [&](const factor<T>& p, const factor<T>& q) { return record_matmul(p, q, line); };
    const auto rotation = [&](const var<T>& x) {
      const var<T> r = record_over_gaps(gap_of::singular_values, x, s, line);
      return var<T>(r + swap_last(r));
    };
    const var<T> in_u = times({u, true}, {g[0]}), in_v = times({v}, {g[2], true});
    const var<T> inner = rotation(in_u) * as_row(s) + as_column(s) * rotation(in_v) + as_row(g[1]) * unit_matrix(g[1]);
    var<T> d = times({u}, {times({inner}, {v})});
    const auto outside = [&](const var<T>& all, const var<T>& part) {
      return record_over_gaps(gap_of::zero, var<T>(all - part), s, line);
    };
    const std::size_t k = columns_of(u.shape());
    if (rows_of(a.shape()) > k) d = d + times({outside(g[0], times({u}, {in_u}))}, {v});
    if (columns_of(a.shape()) > k) {
      const var<T> by_columns = swap_last(g[2]);
      d = d + times({u}, {outside(by_columns, times({v, true}, {in_v})), true});
    }
    return d;
  }
};

template <class T>
struct svdvals_op {
  static constexpr const char* name = "svdvals";
  decomposition<T> decompose{};
  T *u = nullptr, *v = nullptr;

  shape_t shape(shape_view a) const {
    require_matrix(a);
    return stack_shape(leading(a), {shorter_side(a)});
  }
  void plan(workspace& w, shape_view a) {
    const std::size_t each = shorter_side(a) * count_of(leading(a));
    decompose.plan(w, a);
    u = w.array<T>(each * rows_of(a)), v = w.array<T>(each * columns_of(a));
  }
  void forward(array<T> y, array<const T> a) const { decompose(a, u, y.data, v); }
  // dL/dA = U diag(g) Vh.
  void backward(array<const T> g, array<const T>, array<const T> a, adjoint<T> da) const {
    if (!da) return;
    const std::size_t m = rows_of(a.shape), n = columns_of(a.shape), k = std::min(m, n);
    for (std::size_t s = 0; s < count_of(leading(a.shape)); ++s)
      for (std::size_t i = 0; i < m; ++i)
        for (std::size_t j = 0; j < n; ++j) {
          T* d = da.data + (s * m + i) * n + j;
          T sum = da.assign ? T(0) : *d;
          for (std::size_t p = 0; p < k; ++p)
            sum += u[(s * m + i) * k + p] * g.data[s * k + p] * v[(s * k + p) * n + j];
          *d = sum;
        }
  }
  var<T> vjp(const var<T>& g, const var<T>&, const var<T>& a) const {
    const std::source_location line = g.ledger().line;
    const auto [left, values, right] = record_svd(a, line);
    return record_matmul<T>({var<T>(left * as_row(g))}, {right}, line);
  }
  // dS = diag(Uᵀ dA V).
  var<T> jvp(const var<T>& t, const var<T>&, const var<T>& a) const {
    const std::source_location line = t.ledger().line;
    const auto [left, values, right] = record_svd(a, line);
    return sum(left * record_matmul<T>({t}, {right, true}, line), -2);
  }
};

template <class T>
struct pinv_op {
  static constexpr const char* name = "pinv";
  std::optional<double> rcond;
  decomposition<T> decompose{};
  T *u = nullptr, *s = nullptr, *v = nullptr;

  shape_t shape(shape_view a) const {
    require_matrix(a);
    return stack_shape(leading(a), {columns_of(a), rows_of(a)});
  }
  void plan(workspace& w, shape_view a) {
    const std::size_t each = shorter_side(a) * count_of(leading(a));
    decompose.plan(w, a);
    u = w.array<T>(each * rows_of(a)), s = w.array<T>(each), v = w.array<T>(each * columns_of(a));
  }
  void forward(array<T> y, array<const T> a) const {
    decompose(a, u, s, v);
    const std::size_t m = rows_of(a.shape), n = columns_of(a.shape), k = std::min(m, n);
    const T relative = rcond ? T(*rcond) : T(std::max(m, n)) * std::numeric_limits<T>::epsilon();
    std::fill_n(y.data, y.size, T(0));
    for (std::size_t of = 0; of < count_of(leading(a.shape)); ++of)
      for (std::size_t p = 0; p < k; ++p) {
        const T value = s[of * k + p];
        if (!(value > relative * s[of * k])) continue;
        for (std::size_t j = 0; j < n; ++j) {
          const T x = v[(of * k + p) * n + j] / value;
          for (std::size_t i = 0; i < m; ++i) y.data[(of * n + j) * m + i] += x * u[(of * m + i) * k + p];
        }
      }
  }
  // P = A⁺: dL/dA = -Pᵀ G Pᵀ + (1 - A P) Gᵀ P Pᵀ + Pᵀ P Gᵀ (1 - P A).
  var<T> vjp(const var<T>& g, const var<T>& p, const var<T>& a) const {
    const auto times = [&](const factor<T>& x, const factor<T>& y) { return record_matmul(x, y, g.ledger().line); };
    const var<T> left = times({g, true}, {times({p}, {p, true})}), right = times({times({p, true}, {p})}, {g, true});
    return left - times({a}, {times({p}, {left})}) + right - times({times({right}, {p})}, {a}) -
           times({p, true}, {times({g}, {p, true})});
  }
  // dP = -P dA P + P Pᵀ dAᵀ (1 - A P) + (1 - P A) dAᵀ Pᵀ P.
  var<T> jvp(const var<T>& t, const var<T>& p, const var<T>& a) const {
    const auto times = [&](const factor<T>& x, const factor<T>& y) { return record_matmul(x, y, t.ledger().line); };
    const var<T> left = times({times({p}, {p, true})}, {t, true}), right = times({t, true}, {times({p, true}, {p})});
    return left - times({times({left}, {a})}, {p}) + right - times({p}, {times({a}, {right})}) -
           times({p}, {times({t}, {p})});
  }
};

}  // namespace

namespace detail {

template <class T>
singular_system<T> record_svd(const var<T>& a, const std::source_location& where) {
  const std::array<var<T>, 3> y = record(svd_op<T>{}, a, where);
  return {y[0], y[1], y[2]};
}
template <class T>
var<T> record_svdvals(const var<T>& a, const std::source_location& where) {
  return record(svdvals_op<T>{}, a, where);
}
template <class T>
var<T> record_pinv(const var<T>& a, std::optional<double> rcond, const std::source_location& where) {
  return record(pinv_op<T>{rcond}, a, where);
}
template <class T>
var<T> record_matrix_norm(const var<T>& a, matrix_norm_kind kind, const std::source_location& where) {
  if (a.dimension(where) < 2)
    throw shape_error("matrix_norm: " + to_string(a.shape()) +
                      ": a matrix is needed, or a stack of them; norm_l2 is the norm of a vector" + at_line(where));
  if (kind == matrix_norm_kind::frobenius) return norm_l2(a, {-2, -1}, drop_dims_t{}, where);
  const var<T> s = record_svdvals(a, where);
  if (kind == matrix_norm_kind::nuclear) return sum(s, -1, drop_dims_t{}, where);
  return amax(s, -1, drop_dims_t{}, where);
}

template singular_system<float> record_svd(const var<float>&, const std::source_location&);
template singular_system<double> record_svd(const var<double>&, const std::source_location&);
template var<float> record_svdvals(const var<float>&, const std::source_location&);
template var<double> record_svdvals(const var<double>&, const std::source_location&);
template var<float> record_pinv(const var<float>&, std::optional<double>, const std::source_location&);
template var<double> record_pinv(const var<double>&, std::optional<double>, const std::source_location&);
template var<float> record_matrix_norm(const var<float>&, matrix_norm_kind, const std::source_location&);
template var<double> record_matrix_norm(const var<double>&, matrix_norm_kind, const std::source_location&);

}  // namespace detail

}  // namespace xg
