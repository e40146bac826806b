#include <xgrad/ops/expm.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/gemm.hpp>
#include <xgrad/ops/join.hpp>
#include <xgrad/ops/lapack.hpp>
#include <xgrad/ops/matmul.hpp>
#include <xgrad/ops/matrix_stack.hpp>
#include <xgrad/ops/solve.hpp>

namespace xg {

namespace {

using namespace detail;

/// A Padé approximant of the exponential, and up to which 1-norm it is exact to rounding: Higham (2005), table 2.3;
/// for float, (3.4) of the same with its rounding unit.
struct pade {
  double norm;
  std::array<double, 14> b;
};
constexpr pade pade3{1.495585217958292e-2, {120, 60, 12, 1}},
    pade5{2.539398330063230e-1, {30240, 15120, 3360, 420, 30, 1}},
    pade7{9.504178996162932e-1, {17297280, 8648640, 1995840, 277200, 25200, 1512, 56, 1}},
    pade13{5.371920351148152,
           {64764752532480000, 32382376266240000, 7771770303897600, 1187353796428800, 129060195264000, 10559470521600,
            670442572800, 33522128640, 1323241920, 40840800, 960960, 16380, 182, 1}};
constexpr std::array float_norms{4.258730016922831e-1, 1.880152677804762, 3.925724783138660};

template <class T>
struct expm_op {
  static constexpr const char* name = "expm";
  product times{};
  T* memory = nullptr;
  int* exchanged = nullptr;
  std::size_t n = 0;

  shape_t shape(shape_view a) const {
    require_square(a);
    return a;
  }
  void plan(workspace& w, shape_view a) {
    n = rows_of(a);
    const matrix_layout m = matrix_layout::row_major(n, n);
    times = product(m, m, m);
    memory = w.array<T>(7 * n * n + n);
    exchanged = w.array<int>(n);
  }
  void forward(array<T> y, array<const T> a) const {
    require_finite(a);
    for (std::size_t s = 0; s < count_of(leading(a.shape)); ++s) {
      T* to = y.data + s * n * n;
      exponential(a.data + s * n * n, to);
      if (!std::ranges::all_of(std::span(to, n * n), [](T x) { return std::isfinite(x); }))
        throw value_error("the exponential is too large for the number type" + which_matrix(s, leading(a.shape)));
    }
  }
  var<T> vjp(const var<T>& g, const var<T>&, const var<T>& a) const { return along(g, swap_last(a)); }
  var<T> jvp(const var<T>& u, const var<T>&, const var<T>& a) const { return along(u, a); }

 private:
  /// The derivative at X in the direction D: the upper right block of exp((X, D), (0, X)).
  static var<T> along(const var<T>& d, const var<T>& x) {
    const std::source_location line = d.ledger().line;
    const std::size_t m = rows_of(x.shape());
    const var<T> zero = filled(d.ledger(), T(0), shape_t(x.shape()), line);
    const var<T> whole = concatenate({concatenate({x, d}, -1, line), concatenate({zero, x}, -1, line)}, -2, line);
    const std::array<slice, 3> block{xt::ellipsis(), xt::range(std::size_t(0), m), xt::range(m, 2 * m)};
    return record_slices<T>(record_expm(whole, line), block, line);
  }

  void exponential(const T* a, T* y) const {
    const std::size_t size = n * n;
    double norm = 0;
    for (std::size_t j = 0; j < n; ++j) {
      double column = 0;
      for (std::size_t i = 0; i < n; ++i) column += std::abs(double(a[i * n + j]));
      norm = std::max(norm, column);
    }
    if (!std::isfinite(norm)) throw value_error("the sum of a column's absolute values is too large for a number");
    const auto [b, degree, squarings] = choose(norm);

    T *x = memory, *x2 = x + size, *x4 = x2 + size, *x6 = x4 + size, *u = x6 + size, *v = u + size, *t = v + size;
    for (std::size_t i = 0; i < size; ++i) x[i] = std::ldexp(a[i], -squarings);
    times(x, x, x2, true);
    times(x2, x2, x4, true);
    times(x4, x2, x6, true);
    const auto combine = [&](T* to, std::size_t first, double constant, bool add) {
      for (std::size_t i = 0; i < size; ++i)
        to[i] = (add ? to[i] : T(0)) + T(b[first + 4]) * x6[i] + T(b[first + 2]) * x4[i] + T(b[first]) * x2[i];
      for (std::size_t i = 0; i < n; ++i) to[i * (n + 1)] += T(constant);
    };
    // The odd part is X U, the even part V.
    for (const std::size_t odd : {std::size_t(1), std::size_t(0)}) {
      T* part = odd ? t : v;
      std::fill_n(part, size, T(0));
      if (degree == 13) {
        combine(y, 8 + odd, 0, false);
        times(x6, y, part, true);
      }
      combine(part, 2 + odd, b[odd], true);
    }
    times(x, t, u, true);
    // exp X ≈ (V - U)⁻¹ (V + U)
    for (std::size_t i = 0; i < size; ++i) y[i] = v[i] + u[i], v[i] -= u[i];
    T* pivots = memory + 7 * size;
    lapack::factor_lu(n, v, pivots, exchanged);
    lapack::solve_lu(n, n, v, pivots, false, y);
    for (int k = 0; k < squarings; ++k) {
      times(y, y, t, true);
      std::copy_n(t, size, y);
    }
  }
  struct choice {
    std::array<double, 14> b;
    int degree, squarings;
  };
  static choice choose(double norm) {
    constexpr bool single = std::same_as<T, float>;
    if (norm <= (single ? float_norms[0] : pade3.norm)) return {pade3.b, 3, 0};
    if (norm <= (single ? float_norms[1] : pade5.norm)) return {pade5.b, 5, 0};
    if (norm <= (single ? float_norms[2] : pade7.norm)) return {pade7.b, 7, 0};
    const double largest = single ? float_norms[2] : pade13.norm;
    const int squarings = std::max(0, int(std::ceil(std::log2(norm / largest))));
    return single ? choice{pade7.b, 7, squarings} : choice{pade13.b, 13, squarings};
  }
};

}  // namespace

namespace detail {

template <class T>
var<T> record_expm(const var<T>& a, const std::source_location& where) {
  return record(expm_op<T>{}, a, where);
}

template <class T>
var<T> record_matrix_power(const var<T>& a, std::ptrdiff_t n, const std::source_location& where) {
  ledger<T>& l = a.ledger(where);
  const line_scope line(l, where);
  const shape_t shape = a.shape(where);
  try {
    require_square(shape);
  } catch (...) {
    rethrow_named("matrix_power", where);
  }
  attempt recording(l);
  if (n == 0) {
    const var<T> one = l.face->constant(xt::xarray<T>(xt::eye<T>(shape.back())), where);
    const shape_t kept = stack_shape(shape_t(shape.size() - 2, 1), {shape.back(), shape.back()});
    return recording.keep(broadcast_to(one, kept, shape));
  }
  var<T> square = n < 0 ? record_inverse(a, where) : a, result;
  for (std::size_t left = n < 0 ? std::size_t(-n) : std::size_t(n);;) {
    if (left % 2 == 1) result = result.valid() ? record_matmul<T>({result}, {square}, where) : square;
    left /= 2;
    if (left == 0) return recording.keep(result);
    square = record_matmul<T>({square}, {square}, where);
  }
}

template var<float> record_expm(const var<float>&, const std::source_location&);
template var<double> record_expm(const var<double>&, const std::source_location&);
template var<float> record_matrix_power(const var<float>&, std::ptrdiff_t, const std::source_location&);
template var<double> record_matrix_power(const var<double>&, std::ptrdiff_t, const std::source_location&);

}  // namespace detail

}  // namespace xg
