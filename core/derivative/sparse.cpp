#include <xgrad/core/derivative/sparse.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include <xgrad/core/derivative/dependence.hpp>

namespace xg {

template <class T>
T sparse_matrix<T>::operator()(std::size_t row, std::size_t at) const {
  if (row >= rows || at >= columns)
    throw value_error("sparse_matrix: the index (" + std::to_string(row) + ", " + std::to_string(at) +
                      ") is out of range for shape (" + std::to_string(rows) + ", " + std::to_string(columns) + ")");
  const auto first = column.begin() + std::ptrdiff_t(row_start[row]),
             last = column.begin() + std::ptrdiff_t(row_start[row + 1]);
  const auto found = std::lower_bound(first, last, at);
  return found != last && *found == at ? value[std::size_t(found - column.begin())] : T(0);
}

template <class T>
xt::xarray<T> sparse_matrix<T>::dense() const {
  xt::xarray<T> m = xt::zeros<T>({rows, columns});
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t k = row_start[i]; k < row_start[i + 1]; ++k) m(i, column[k]) = value[k];
  return m;
}

template struct sparse_matrix<float>;
template struct sparse_matrix<double>;

namespace detail {

namespace {

template <class T>
sparse_matrix<T> empty_matrix(const sparsity& s) {
  sparse_matrix<T> m;
  m.rows = s.rows;
  m.columns = s.columns;
  m.row_start = s.row_start;
  m.column = s.column;
  m.value.resize(s.column.size());
  return m;
}

/// [colour] the product with the sum of the unit vectors of that colour.
template <class T>
std::vector<std::vector<T>> compressed(const coloring& c, const auto& product) {
  std::vector<std::vector<T>> all;
  for (std::size_t color = 0; color < c.colors; ++color) {
    std::vector<T> sum(c.of.size());
    for (std::size_t j = 0; j < sum.size(); ++j) sum[j] = T(c.of[j] == color);
    all.push_back(product(std::span<const T>(sum)));
  }
  return all;
}

/// Throws value_error where M u is not `expected`.
template <class T>
void probe(const sparse_matrix<T>& m, const char* op, const auto& product, const std::source_location& where) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> uniform(0.5, 1);
  std::vector<T> u(m.columns);
  for (T& x : u) x = T(uniform(random) * (random() & 1 ? 1 : -1));
  const std::vector<T> expected = product(std::span<const T>(u));
  double size = 0;
  for (const T x : m.value)
    if (std::isfinite(x)) size = std::max(size, std::abs(double(x)));
  for (std::size_t i = 0; i < m.rows; ++i) {
    double got = 0, terms = 0;
    for (std::size_t k = m.row_start[i]; k < m.row_start[i + 1]; ++k) {
      got += double(m.value[k]) * double(u[m.column[k]]);
      terms += std::abs(double(m.value[k]));
    }
    const double tolerance = std::sqrt(double(std::numeric_limits<T>::epsilon())) * (terms + 1e-3 * size);
    if (!std::isfinite(got) || !std::isfinite(double(expected[i]))) continue;  // nothing can be said of this row
    if (std::abs(got - double(expected[i])) > tolerance)
      throw value_error(std::string(op) + ": row " + std::to_string(i) + " times a random vector is " +
                        std::to_string(got) + ", by the function itself " + std::to_string(double(expected[i])) +
                        ": an op of f has a member `dependence` that names too few elements, or f is not the same " +
                        "when it is computed again" + at_line(where));
  }
}

}  // namespace

template <class T>
sparse_matrix<T> sparse_toolkit<T>::jacobian(const function& f, const arrays<T>& at, line where) {
  recorded_function<T> r(f, at, "sparse_jacobian", where);
  const ledger<T>& l = r.on.ledger();
  const sparsity s = dependence_of_elements(l, l.slots[r.y.id()], l.slots[r.x[0].id()]);
  const coloring columns = color_columns(s), rows = color_columns(s.transposed());
  jacobian_products<T> j(r.on, r.y, r.x, where);
  const auto times = [&](std::span<const T> u) { return j.times(u); };
  const auto transposed_times = [&](std::span<const T> w) { return j.transposed_times(w); };
  const bool forward = columns.colors < rows.colors;
  const auto products = forward ? compressed<T>(columns, times) : compressed<T>(rows, transposed_times);
  sparse_matrix<T> m = empty_matrix<T>(s);
  m.products = products.size();
  for (std::size_t i = 0; i < m.rows; ++i)
    for (std::size_t k = m.row_start[i]; k < m.row_start[i + 1]; ++k)
      m.value[k] = forward ? products[columns.of[m.column[k]]][i] : products[rows.of[i]][m.column[k]];
  probe(m, "sparse_jacobian", times, where);
  return m;
}

namespace {

template <class T>
sparse_matrix<T> hessian_of(const function_of_vars<T>& f, const arrays<T>& at, const char* op,
                            const std::source_location& where) {
  recorded_function<T> r(f, at, op, where);
  const var<T> g = r.gradient().front();
  const ledger<T>& l = r.on.ledger();
  const sparsity s = dependence_of_elements(l, l.slots[g.id()], l.slots[r.x[0].id()]).symmetric();
  const coloring c = color_symmetric(s);
  jacobian_products<T> h(r.on, g, r.x, where);
  const auto times = [&](std::span<const T> u) { return h.times(u); };
  const auto products = compressed<T>(c, times);
  sparse_matrix<T> m = empty_matrix<T>(s);
  m.products = products.size();
  // [colour]: in the row that is looked at, how many columns have it.
  std::vector<std::vector<std::uint32_t>> colors(s.rows);
  for (std::size_t i = 0; i < s.rows; ++i) {
    for (std::size_t k = s.row_start[i]; k < s.row_start[i + 1]; ++k) colors[i].push_back(c.of[s.column[k]]);
    std::ranges::sort(colors[i]);
  }
  const auto is_alone = [&](std::size_t row, std::uint32_t color) {
    const auto [first, last] = std::ranges::equal_range(colors[row], color);
    return last - first == 1;
  };
  for (std::size_t i = 0; i < s.rows; ++i)
    for (std::size_t k = s.row_start[i]; k < s.row_start[i + 1]; ++k) {
      const std::size_t column = s.column[k];
      m.value[k] = is_alone(i, c.of[column]) ? products[c.of[column]][i] : products[c.of[i]][column];
    }
  probe(m, op, times, where);
  return m;
}

}  // namespace

template <class T>
sparse_matrix<T> sparse_toolkit<T>::hessian(const function& f, const arrays<T>& at, line where) {
  return hessian_of(f, at, "sparse_hessian", where);
}

template <class T>
arrays<T> sparse_toolkit<T>::hessian_diagonal(const function& f, const arrays<T>& at, line where) {
  const sparse_matrix<T> h = hessian_of(f, at, "hessian_diagonal", where);
  xt::xarray<T> diagonal = at[0];
  std::size_t i = 0;
  for (T& d : diagonal) {
    d = h(i, i);
    ++i;
  }
  return {diagonal};
}

template struct sparse_toolkit<float>;
template struct sparse_toolkit<double>;

}  // namespace detail

}  // namespace xg
