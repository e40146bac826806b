#include <xgrad/ops/products.hpp>

#include <algorithm>
#include <string>

#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/matmul.hpp>
#include <xgrad/ops/matrix_stack.hpp>

namespace xg::detail {

namespace {

using index_list = std::vector<std::size_t>;

std::string pair_of(shape_view a, shape_view b) { return to_string(a) + " and " + to_string(b); }

/// The sum of products over some axes of both, as one matrix product.
template <class T>
var<T> contracted(const var<T>& a, const index_list& of_a, const var<T>& b, const index_list& of_b, const char* name,
                  const std::source_location& where) {
  const shape_view left = a.shape(), right = b.shape();
  for (std::size_t i = 0; i < of_a.size(); ++i) {
    if (left[of_a[i]] == right[of_b[i]]) continue;
    std::string s = std::string(name) + ": " + pair_of(left, right);
    s += ": axis " + std::to_string(of_a[i]) + " of the first and axis " + std::to_string(of_b[i]);
    s += " of the second, over which the sum is taken, have the extents " + std::to_string(left[of_a[i]]);
    throw shape_error(s + " and " + std::to_string(right[of_b[i]]) + at_line(where));
  }
  shape_t result;
  std::size_t terms = 1;
  for (const std::size_t axis : of_a) terms *= left[axis];
  // The other axes in their order, then, or before them, those of the sum.
  const auto arranged = [&](const var<T>& x, const index_list& summed, bool sum_first) {
    xt::svector<std::ptrdiff_t, 4> axes;
    std::size_t others = 1;
    const auto add_summed = [&] {
      for (const std::size_t axis : summed) axes.push_back(std::ptrdiff_t(axis));
    };
    if (sum_first) add_summed();
    for (std::size_t d = 0; d < x.dimension(); ++d) {
      if (std::ranges::find(summed, d) != summed.end()) continue;
      axes.push_back(std::ptrdiff_t(d));
      result.push_back(x.shape()[d]);
      others *= x.shape()[d];
    }
    if (!sum_first) add_summed();
    const bool in_order = std::ranges::is_sorted(axes);
    const var<T> y = in_order ? x : record_transpose(x, {axes.data(), axes.size()}, where);
    return var<T>(reshape(y, sum_first ? shape_t{terms, others} : shape_t{others, terms}, where));
  };
  // What is a transposed matrix in memory is read so, not copied.
  const bool turn_a = left.size() == 2 && of_a.size() == 1 && of_a[0] == 0;
  const bool turn_b = right.size() == 2 && of_b.size() == 1 && of_b[0] == 1;
  const var<T> first = arranged(a, of_a, turn_a), second = arranged(b, of_b, !turn_b);
  return reshape(record_matmul<T>({first, turn_a}, {second, turn_b}, where), result, where);
}

/// Axes brought into 0..rank-1.
index_list checked(const std::vector<std::ptrdiff_t>& axes, shape_view shape, const char* which,
                   const std::source_location& where) {
  index_list list;
  for (const std::ptrdiff_t axis : axes) {
    const std::ptrdiff_t rank = std::ptrdiff_t(shape.size()), at = axis < 0 ? axis + rank : axis;
    const auto wrong = [&](const char* what) {
      return shape_error("tensordot: axis " + std::to_string(axis) + " of the " + which + " operand, of shape " +
                         to_string(shape) + ", " + what + at_line(where));
    };
    if (at < 0 || at >= rank) throw wrong("is out of range");
    if (std::ranges::find(list, std::size_t(at)) != list.end()) throw wrong("is named twice");
    list.push_back(std::size_t(at));
  }
  return list;
}

}  // namespace

template <class T>
var<T> record_dot(const var<T>& a, const var<T>& b, const std::source_location& where) {
  const std::size_t m = a.dimension(), n = b.dimension();
  if (m == 0 || n == 0) return var<T>(a * b, where);
  return contracted(a, {m - 1}, b, {n == 1 ? 0 : n - 2}, "dot", where);
}

template <class T>
var<T> record_inner(const var<T>& a, const var<T>& b, const std::source_location& where) {
  const std::size_t m = a.dimension(), n = b.dimension();
  if (m == 0 || n == 0) return var<T>(a * b, where);
  return contracted(a, {m - 1}, b, {n - 1}, "inner", where);
}

template <class T>
var<T> record_vdot(const var<T>& a, const var<T>& b, const std::source_location& where) {
  if (a.size() != b.size())
    throw shape_error("vdot: " + pair_of(a.shape(), b.shape()) + ": they have " + std::to_string(a.size()) + " and " +
                      std::to_string(b.size()) + " elements, and need the same number" + at_line(where));
  return record_matmul<T>({reshape(a, {-1}, where)}, {reshape(b, {-1}, where)}, where);
}

template <class T>
var<T> record_outer(const var<T>& a, const var<T>& b, const std::source_location& where) {
  return var<T>(reshape(a, shape_t{a.size(), 1}, where) * reshape(b, shape_t{1, b.size()}, where), where);
}

// Element (i, j) of a and (p, q) of b meet at (i, p, j, q).
template <class T>
var<T> record_kron(const var<T>& a, const var<T>& b, const std::source_location& where) {
  const std::size_t rank = std::max(a.dimension(), b.dimension());
  shape_t left, right, whole;
  for (std::size_t d = 0; d < rank; ++d) {
    const auto extent = [&](shape_view s) { return d + s.size() < rank ? 1 : s[d + s.size() - rank]; };
    const std::size_t of_a = extent(a.shape()), of_b = extent(b.shape());
    left.push_back(of_a), left.push_back(1);
    right.push_back(1), right.push_back(of_b);
    whole.push_back(of_a * of_b);
  }
  return reshape(var<T>(reshape(a, left, where) * reshape(b, right, where), where), whole, where);
}

template <class T>
var<T> record_tensordot(const var<T>& a, const var<T>& b, const contracted_axes& axes,
                        const std::source_location& where) {
  const auto wrong = [&](const std::string& what) {
    return shape_error("tensordot: " + pair_of(a.shape(), b.shape()) + ": " + what + at_line(where));
  };
  if (axes.listed) {
    if (axes.of_a.size() != axes.of_b.size())
      throw wrong(std::to_string(axes.of_a.size()) + " axes of the first operand and " +
                  std::to_string(axes.of_b.size()) + " of the second are named; they go in pairs");
    const index_list of_a = checked(axes.of_a, a.shape(), "first", where);
    const index_list of_b = checked(axes.of_b, b.shape(), "second", where);
    return contracted(a, of_a, b, of_b, "tensordot", where);
  }
  const auto rank = std::ptrdiff_t(std::min(a.dimension(), b.dimension()));
  if (axes.count < 0 || axes.count > rank)
    throw wrong("a sum over " + std::to_string(axes.count) + " axes is asked for; they have 0 to " +
                std::to_string(rank) + " in common");
  index_list of_a, of_b;
  for (std::size_t i = 0; i < std::size_t(axes.count); ++i) {
    of_a.push_back(a.dimension() - std::size_t(axes.count) + i);
    of_b.push_back(i);
  }
  return contracted(a, of_a, b, of_b, "tensordot", where);
}

template var<float> record_dot(const var<float>&, const var<float>&, const std::source_location&);
template var<double> record_dot(const var<double>&, const var<double>&, const std::source_location&);
template var<float> record_vdot(const var<float>&, const var<float>&, const std::source_location&);
template var<double> record_vdot(const var<double>&, const var<double>&, const std::source_location&);
template var<float> record_inner(const var<float>&, const var<float>&, const std::source_location&);
template var<double> record_inner(const var<double>&, const var<double>&, const std::source_location&);
template var<float> record_outer(const var<float>&, const var<float>&, const std::source_location&);
template var<double> record_outer(const var<double>&, const var<double>&, const std::source_location&);
template var<float> record_kron(const var<float>&, const var<float>&, const std::source_location&);
template var<double> record_kron(const var<double>&, const var<double>&, const std::source_location&);
template var<float> record_tensordot(const var<float>&, const var<float>&, const contracted_axes&,
                                     const std::source_location&);
template var<double> record_tensordot(const var<double>&, const var<double>&, const contracted_axes&,
                                      const std::source_location&);

}  // namespace xg::detail
