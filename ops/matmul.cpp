#include <xgrad/ops/matmul.hpp>

#include <limits>
#include <string>

#include <xgrad/ops/c_product.hpp>

namespace xg {

namespace {

template <class T>
struct matmul_op {
  static constexpr const char* name = "matmul";
  bool transpose_a = false, transpose_b = false;

  matmul_op(bool a, bool b) : transpose_a(a), transpose_b(b) {}

  shape_t shape(shape_view a, shape_view b) const {
    if (a.empty() || b.empty()) throw shape_error(factors(a, b) + ": operands have at least one dimension");
    const matrix_layout left = row(a, transpose_a), right = column(b, transpose_b);
    if (left.width != right.height)
      throw shape_error(factors(a, b) + ": inner dimensions " + std::to_string(left.width) + " and " +
                        std::to_string(right.height) + " differ");
    if (std::max({left.height, left.width, right.width}) > std::size_t(std::numeric_limits<std::int32_t>::max()))
      throw shape_error(factors(a, b) + ": BLAS has no products with extents of 2³¹ or more");
    shape_t result;
    if (a.size() == 2) result.push_back(left.height);
    if (b.size() == 2) result.push_back(right.width);
    return result;
  }

  void plan(workspace&, shape_view a, shape_view b) {
    const matrix_layout left = row(a, transpose_a), right = column(b, transpose_b);
    const matrix_layout result = matrix_layout::row_major(left.height, right.width);
    forward_ = product(left, right, result);
    to_a_ = product(result, right.transposed(), left);
    to_b_ = product(left.transposed(), result, right);
  }

  void forward(array<T> y, array<const T> a, array<const T> b) const { forward_(a.data, b.data, y.data, true); }

  // Y = A·B: dL/dA = G·Bᵀ, dL/dB = Aᵀ·G.
  void backward(array<const T> g, array<const T>, array<const T> a, array<const T> b, adjoint<T> da,
                adjoint<T> db) const {
    if (da) to_a_(g.data, b.data, da.data, da.assign);
    if (db) to_b_(a.data, g.data, db.data, db.assign);
  }

  var<T> vjp(std::size_t k, const var<T>& g, const var<T>&, const var<T>& a, const var<T>& b) const {
    const factor<T> left{as_row(a), transpose_a}, right{as_column(b), transpose_b};
    const shape_view a_shape = left.of.shape(), b_shape = right.of.shape();
    const factor<T> g_matrix{shaped(g, {a_shape[transpose_a ? 1 : 0], b_shape[transpose_b ? 0 : 1]})};
    const auto transposed = [](const factor<T>& f) { return factor<T>{f.of, !f.transpose}; };
    const auto times = [](const factor<T>& x, const factor<T>& y) { return detail::record_matmul(x, y, {}); };
    if (k == 0)
      return shaped(transpose_a ? times(right, transposed(g_matrix)) : times(g_matrix, transposed(right)), a.shape());
    return shaped(transpose_b ? times(transposed(g_matrix), left) : times(transposed(left), g_matrix), b.shape());
  }
  var<T> jvp(std::size_t k, const var<T>& u, const var<T>&, const var<T>& a, const var<T>& b) const {
    return detail::record_matmul<T>({k == 0 ? u : a, transpose_a}, {k == 1 ? u : b, transpose_b}, {});
  }
  void dependence(element_links& links, array<const T> a, array<const T> b) const {
    const matrix_layout left = row(a.shape, transpose_a), right = column(b.shape, transpose_b);
    const bool down_a = transpose_a && a.shape.size() == 2, along_b = transpose_b && b.shape.size() == 2;
    for (std::size_t i = 0; i < left.height; ++i)
      for (std::size_t j = 0; j < right.width; ++j) {
        links.add(i * right.width + j, 0, down_a ? i : i * left.width, left.width, down_a ? left.height : 1);
        links.add(i * right.width + j, 1, along_b ? j * right.height : j, right.height, along_b ? 1 : right.width);
      }
  }
  void describe(node_writer& w) const {
    if (transpose_a) w.attribute("transpose", "first");
    if (transpose_b) w.attribute("transpose", "second");
  }
  void write_c(c_writer& w) const {
    detail::write_product(w, w.result(), w.operand(0), row(w.operand_shape(0), transpose_a), w.operand(1),
                          column(w.operand_shape(1), transpose_b));
  }

 private:
  product forward_, to_a_, to_b_;

  // A vector on the left is a row, on the right a column.
  static matrix_layout row(shape_view s, bool transpose) {
    return s.size() == 1 ? matrix_layout::row_major(1, s[0]) : stored(s, transpose);
  }
  static matrix_layout column(shape_view s, bool transpose) {
    return s.size() == 1 ? matrix_layout::row_major(s[0], 1) : stored(s, transpose);
  }
  static matrix_layout stored(shape_view s, bool transpose) {
    const matrix_layout m = matrix_layout::row_major(s[0], s[1]);
    return transpose ? m.transposed() : m;
  }
  static var<T> shaped(const var<T>& x, const shape_t& shape) {
    return x.shape() == shape ? x : var<T>(reshape(x, shape));
  }
  static var<T> as_row(const var<T>& a) { return a.dimension() == 2 ? a : shaped(a, {1, a.size()}); }
  static var<T> as_column(const var<T>& b) { return b.dimension() == 2 ? b : shaped(b, {b.size(), 1}); }

  std::string factors(shape_view a, shape_view b) const {
    const auto name_of = [](shape_view s, bool transpose) { return to_string(s) + (transpose ? "ᵀ" : ""); };
    return name_of(a, transpose_a) + " × " + name_of(b, transpose_b);
  }
};

}  // namespace

namespace detail {

template <class T>
var<T> record_matmul(const factor<T>& a, const factor<T>& b, const std::source_location& where) {
  ledger<T>& l = a.of.ledger(where);
  if (l.slot_of(a.of, where, "matmul")->rank > 2 || l.slot_of(b.of, where, "matmul")->rank > 2)
    return record_batched_matmul(a, b, where);
  const auto make = [&] { return matmul_op<T>(a.transpose, b.transpose); };
  return record<matmul_op<T>, T>(where, make, a.of, b.of);
}
template var<float> record_matmul(const factor<float>&, const factor<float>&, const std::source_location&);
template var<double> record_matmul(const factor<double>&, const factor<double>&, const std::source_location&);

}  // namespace detail

}  // namespace xg
