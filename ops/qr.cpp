#include <xgrad/ops/qr.hpp>

#include <algorithm>
#include <array>
#include <string>

#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/join.hpp>
#include <xgrad/ops/lapack.hpp>
#include <xgrad/ops/matmul.hpp>
#include <xgrad/ops/matrix_stack.hpp>
#include <xgrad/ops/triangular.hpp>

namespace xg {

namespace {

using namespace detail;

/// Of matrices with at least as many rows as columns.
template <class T>
struct qr_op {
  static constexpr const char* name = "qr";
  lapack::work<T> memory{};

  std::array<shape_t, 2> shapes(shape_view a) const {
    const std::size_t n = columns_of(a);
    return {shape_t(a), stack_shape(leading(a), {n, n})};
  }
  void plan(workspace& w, shape_view a) { memory = lapack::qr_work<T>(w, rows_of(a), columns_of(a)); }
  void forward(std::span<const array<T>> y, array<const T> a) const {
    require_finite(a);
    const std::size_t m = rows_of(a.shape), n = columns_of(a.shape);
    std::copy_n(a.data, a.size, y[0].data);
    for (std::size_t s = 0; s < count_of(leading(a.shape)); ++s) {
      T *q = y[0].data + s * m * n, *r = y[1].data + s * n * n;
      lapack::qr(memory, m, n, q, r);
      for (std::size_t k = 0; k < n; ++k) {
        if (!(r[k * (n + 1)] < 0)) continue;
        for (std::size_t j = k; j < n; ++j) r[k * n + j] = -r[k * n + j];
        for (std::size_t i = 0; i < m; ++i) q[i * n + k] = -q[i * n + k];
      }
    }
  }
  // dL/dA = (gQ + Q M) R⁻ᵀ, M being symmetric, with the lower triangle of R gRᵀ - gQᵀ Q.
  var<T> vjp(std::span<const var<T>> g, std::span<const var<T>> y, const var<T>&) const {
    const std::source_location line = g[0].ledger().line;
    const var<T>&q = y[0], &r = y[1];
    const auto times = [&](const factor<T>& p, const factor<T>& x) { return record_matmul(p, x, line); };
    const var<T> half =
        weigh_triangles(var<T>(times({r}, {g[1], true}) - times({g[0], true}, {q})), T(1), T(0.5), T(0));
    const var<T> all = g[0] + times({q}, {var<T>(half + swap_last(half))});
    return swap_last(record_solve_triangular(r, swap_last(all), {.lower = false}, line));
  }
};

}  // namespace

namespace detail {

template <class T>
orthogonal_factors<T> record_qr(const var<T>& a, const std::source_location& where) {
  const shape_view shape = a.shape(where);
  if (shape.size() < 2)
    throw shape_error("qr: " + to_string(shape) + ": a matrix is needed, or a stack of them, (..., m, n)" +
                      at_line(where));
  const line_scope line(a.ledger(where), where);
  attempt recording(a.ledger(where));
  const std::size_t m = rows_of(shape), n = columns_of(shape);
  if (m >= n) {
    const std::array<var<T>, 2> y = record(qr_op<T>{}, a, where);
    return recording.keep(orthogonal_factors<T>{y[0], y[1]});
  }
  // The first m columns give Q; R is QᵀA.
  const std::array<slice, 2> square{xt::ellipsis(), xt::range(std::size_t(0), m)};
  const std::array<slice, 2> rest{xt::ellipsis(), xt::range(m, n)};
  const std::array<var<T>, 2> y = record(qr_op<T>{}, record_slices<T>(a, square, where), where);
  const var<T> right = record_matmul<T>({y[0], true}, {record_slices<T>(a, rest, where)}, where);
  return recording.keep(orthogonal_factors<T>{y[0], concatenate({y[1], right}, -1, where)});
}

template <class T>
var<T> record_lstsq(const var<T>& a, const var<T>& b, const std::source_location& where) {
  const line_scope line(a.ledger(where), where);
  const shape_view shape = a.shape(where);
  const bool vector = b.dimension(where) == 1;
  const var<T> right = vector ? var<T>(reshape(b, {-1, 1}, where)) : b;
  const auto wrong = [&](const char* what) {
    return shape_error("lstsq: " + to_string(shape) + " and right sides " + to_string(b.shape()) + ": " + what +
                       at_line(where));
  };
  if (shape.size() < 2) throw wrong("the first is a matrix, or a stack of them, (..., m, n)");
  if (right.dimension() < 2) throw wrong("a right side is a vector (m), or has a matrix, (..., m, k)");
  if (rows_of(shape) != rows_of(right.shape())) throw wrong("they have not the same number of rows");

  const auto finish = [&](const var<T>& x) {
    return vector ? var<T>(reshape(x, stack_shape(leading(x.shape()), {rows_of(x.shape())}), where)) : x;
  };
  if (rows_of(shape) >= columns_of(shape)) {
    const auto [q, r] = record_qr(a, where);
    const var<T> part = record_matmul<T>({q, true}, {right}, where);
    return finish(record_solve_triangular(r, part, {.lower = false}, where, triangular_of::lstsq));
  }
  const auto [q, r] = record_qr(swap_last(a), where);
  const triangular_options how{.lower = false, .transpose = true};
  return finish(record_matmul<T>({q}, {record_solve_triangular(r, right, how, where, triangular_of::lstsq)}, where));
}

template orthogonal_factors<float> record_qr(const var<float>&, const std::source_location&);
template orthogonal_factors<double> record_qr(const var<double>&, const std::source_location&);
template var<float> record_lstsq(const var<float>&, const var<float>&, const std::source_location&);
template var<double> record_lstsq(const var<double>&, const var<double>&, const std::source_location&);

}  // namespace detail

}  // namespace xg
