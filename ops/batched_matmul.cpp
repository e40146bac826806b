#include <string>

#include <xgrad/core/tape/adjoint_ops.hpp>
#include <xgrad/ops/c_product.hpp>
#include <xgrad/ops/matmul.hpp>
#include <xgrad/ops/matrix_stack.hpp>

namespace xg {

namespace {

using detail::leading, detail::matrix_list;

/// Products of matrices, one for each place in the leading axes.
template <class T>
struct batched_matmul_op {
  static constexpr const char* name = "matmul";
  bool transpose_a = false, transpose_b = false;

  batched_matmul_op(bool a, bool b) : transpose_a(a), transpose_b(b) {}

  shape_t shape(shape_view a, shape_view b) const {
    const auto wrong = [&](const std::string& what) {
      return shape_error(to_string(a) + (transpose_a ? "ᵀ" : "") + " × " + to_string(b) + (transpose_b ? "ᵀ" : "") +
                         ": " + what);
    };
    if (a.empty() || b.empty()) throw wrong("operands have at least one dimension");
    const matrix_layout left = row(a), right = column(b);
    if (left.width != right.height)
      throw wrong("inner dimensions " + std::to_string(left.width) + " and " + std::to_string(right.height) +
                  " differ");
    shape_t result = leading(a);
    if (!broadcast_into(result, leading(b)))
      throw wrong("leading axes " + to_string(leading(a)) + " and " + to_string(leading(b)) +
                  " do not broadcast; aligned at the last, extents must be equal or 1");
    if (std::max({left.height, left.width, right.width}) > std::size_t(std::numeric_limits<std::int32_t>::max()))
      throw wrong("BLAS has no products with extents of 2³¹ or more");
    if (a.size() > 1) result.push_back(left.height);
    if (b.size() > 1) result.push_back(right.width);
    return result;
  }

  void plan(workspace& w, shape_view a, shape_view b) {
    shape_t batch = leading(a);
    broadcast_into(batch, leading(b));
    count_ = count_of(batch);
    const matrix_layout left = row(a), right = column(b), result = matrix_layout::row_major(left.height, right.width);
    forward_ = product(left, right, result);
    to_a_ = product(result, right.transposed(), left);
    to_b_ = product(left.transposed(), result, right);
    a_ = matrix_list(w, batch, leading(a), left.height * left.width);
    b_ = matrix_list(w, batch, leading(b), right.height * right.width);
    size_ = left.height * right.width;
    work_ = size_ * left.width;
    on_ = w.threads();
  }

  void forward(array<T> y, array<const T> a, array<const T> b) const {
    each(forward_, false,
         [&](std::size_t i) { forward_(a.data + a_.offset[i], b.data + b_.offset[i], y.data + i * size_, true); });
  }
  // Y = A·B: dL/dA = G·Bᵀ, dL/dB = Aᵀ·G; a matrix that is used several times gets the sum.
  void backward(array<const T> g, array<const T>, array<const T> a, array<const T> b, adjoint<T> da,
                adjoint<T> db) const {
    const bool assign_a = start(da, a_), assign_b = start(db, b_);
    if (da)
      each(to_a_, a_.repeats,
           [&](std::size_t i) { to_a_(g.data + i * size_, b.data + b_.offset[i], da.data + a_.offset[i], assign_a); });
    if (db)
      each(to_b_, b_.repeats,
           [&](std::size_t i) { to_b_(a.data + a_.offset[i], g.data + i * size_, db.data + b_.offset[i], assign_b); });
  }

  var<T> vjp(std::size_t k, const var<T>& g, const var<T>&, const var<T>& a, const var<T>& b) const {
    // A vector on the left is a row, on the right a column; so G has both axes of a matrix.
    const auto matrix = [](const var<T>& x, bool is_column) {
      if (x.dimension() > 1) return x;
      return var<T>(reshape(x, is_column ? shape_t{x.size(), 1} : shape_t{1, x.size()}));
    };
    const shape_view of = g.shape();
    const std::size_t before = of.size() - (a.dimension() > 1) - (b.dimension() > 1);
    shape_t whole(of.begin(), of.begin() + std::ptrdiff_t(before));
    whole.push_back(a.dimension() > 1 ? of[before] : 1);
    whole.push_back(b.dimension() > 1 ? of.back() : 1);
    const var<T> g_matrix = whole == g.shape() ? g : var<T>(reshape(g, whole));
    const factor<T> left{matrix(a, false), transpose_a}, right{matrix(b, true), transpose_b}, of_g{g_matrix};
    const auto transposed = [](const factor<T>& f) { return factor<T>{f.of, !f.transpose}; };
    const auto times = [](const factor<T>& x, const factor<T>& y) { return detail::record_matmul(x, y, {}); };
    const auto to_a = [&] { return transpose_a ? times(right, transposed(of_g)) : times(of_g, transposed(right)); };
    const auto to_b = [&] { return transpose_b ? times(transposed(of_g), left) : times(transposed(left), of_g); };
    const var<T> d = k == 0 ? to_a() : to_b();
    const shape_view own = (k == 0 ? left : right).of.shape();
    shape_t kept(d.dimension() - own.size(), 1);
    for (const std::size_t extent : own) kept.push_back(extent);
    return detail::sum_to(d, shape_view(kept), (k == 0 ? a : b).shape());
  }
  var<T> jvp(std::size_t k, const var<T>& u, const var<T>&, const var<T>& a, const var<T>& b) const {
    return detail::record_matmul<T>({k == 0 ? u : a, transpose_a}, {k == 1 ? u : b, transpose_b}, {});
  }
  void describe(node_writer& w) const {
    if (transpose_a) w.attribute("transpose", "first");
    if (transpose_b) w.attribute("transpose", "second");
  }
  void write_c(c_writer& w) const {
    if (size_ == 0 || row(w.operand_shape(0)).width == 0)  // there is nothing to multiply
      return w.loop(count_ * size_, [&](const std::string& i) { w.line(w.result() + "[" + i + "] = 0;"); });
    const auto starts = [&](const matrix_list& m) {
      return w.table("places", std::vector<std::ptrdiff_t>(m.offset, m.offset + count_));
    };
    const std::string of_a = starts(a_), of_b = starts(b_);
    w.loop(count_, [&](const std::string& i) {
      const std::string a = w.fresh("a"), b = w.fresh("b"), y = w.fresh("c");
      w.line("const double *const " + a + " = " + w.operand(0) + " + " + of_a + "[" + i + "];");
      w.line("const double *const " + b + " = " + w.operand(1) + " + " + of_b + "[" + i + "];");
      w.line("double *const " + y + " = " + w.result() + " + " + c_position(0, {{i, std::ptrdiff_t(size_)}}) + ";");
      detail::write_product(w, y, a, row(w.operand_shape(0)), b, column(w.operand_shape(1)));
    });
  }

 private:
  product forward_, to_a_, to_b_;
  matrix_list a_, b_;
  std::size_t count_ = 0, size_ = 0, work_ = 0;  // matrices; elements of each of the result, products for each
  threads on_{};

  /// Calls f(i) for each product; side by side, unless BLAS has threads, or what is written to is shared.
  void each(const product& p, bool shared, const auto& f) const {
    const bool alone = shared || (p.calls_blas() && detail::blas_has_threads());
    (alone ? threads() : on_).parallel_for(count_, rows_in_part(work_ / 16), [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) f(i);
    });
  }

  matrix_layout row(shape_view s) const {
    return s.size() == 1 ? matrix_layout::row_major(1, s[0]) : stored(s, transpose_a);
  }
  matrix_layout column(shape_view s) const {
    return s.size() == 1 ? matrix_layout::row_major(s[0], 1) : stored(s, transpose_b);
  }
  static matrix_layout stored(shape_view s, bool transpose) {
    const matrix_layout m = matrix_layout::row_major(s[s.size() - 2], s[s.size() - 1]);
    return transpose ? m.transposed() : m;
  }
  /// Are contributions to be assigned? If some matrix gets several, or none, zeros are.
  static bool start(adjoint<T> d, const matrix_list& m) {
    if (!d || !d.assign || !m.repeats) return d.assign;
    std::fill_n(d.data, d.size, T(0));
    return false;
  }
};

}  // namespace

namespace detail {

template <class T>
var<T> record_batched_matmul(const factor<T>& a, const factor<T>& b, const std::source_location& where) {
  using op = batched_matmul_op<T>;
  const shape_view left = a.of.shape(), right = b.of.shape();
  // The rows of all matrices are those of one, if they are multiplied by the same.
  if (right.size() <= 2 && left.size() > 2 && !a.transpose) {
    shape_t result;
    try {
      result = op(a.transpose, b.transpose).shape(left, right);
    } catch (...) {
      rethrow_named(op::name, where);
    }
    const std::size_t columns = left[left.size() - 1], rows = count_of({left.data(), left.size() - 1});
    const line_scope line(a.of.ledger(where), where);
    attempt recording(a.of.ledger(where));
    const var<T> y = record_matmul<T>({reshape(a.of, shape_t{rows, columns}, where)}, b, where);
    return recording.keep(var<T>(reshape(y, result, where)));
  }
  const auto make = [&] { return op(a.transpose, b.transpose); };
  return record<op, T>(where, make, a.of, b.of);
}
template var<float> record_batched_matmul(const factor<float>&, const factor<float>&, const std::source_location&);
template var<double> record_batched_matmul(const factor<double>&, const factor<double>&, const std::source_location&);

}  // namespace detail

}  // namespace xg
