#include <xgrad/ops/order.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include <xgrad/core/export/describe.hpp>
#include <xgrad/ops/along_axis.hpp>
#include <xgrad/ops/manipulate.hpp>
#include <xgrad/ops/softmax_rows.hpp>
#include <xgrad/ops/view.hpp>

namespace xg::detail {

namespace {

/// The smallest come first, or the largest; NaN counts as larger than all numbers, but for the least, which it is.
enum class finds { smallest, largest, least };

/// Whole numbers that are found in the values of a variable: positions along an axis.
template <class T>
class positions_node final : public node<T> {
 public:
  static constexpr bool owns_memory = false;
  /// `count` of them along the axis; or one, in a shape without the axis.
  positions_node(const char* op, slot<T>& of, finds what, std::size_t axis, std::size_t count, bool drops_axis)
      : op_(op),
        input_(&of),
        what_(what),
        axis_(axis),
        count_(count),
        drops_axis_(drops_axis),
        rows_(of.shape(), axis) {}

  slot<T>& prepare(ledger<T>& l, bool) {
    shape_t shape;
    for (std::size_t d = 0; d < input_->rank; ++d)
      if (d != axis_ || !drops_axis_) shape.push_back(d == axis_ ? count_ : input_->extents[d]);
    slot<T>& s = l.new_slot(l.own(shape), count_of(shape), false);
    found_ = l.memory.template array<std::int64_t>(s.size, 64);
    order_ = l.memory.template array<std::int64_t>(rows_.length);
    row_ = l.memory.template array<T>(rows_.length);
    l.index_leaves.push() = {s.id, found_};
    return s;
  }
  void forward(ledger<T>&) override {
    for (std::size_t r = 0; r < rows_.count(); ++r) {
      find(rows_.read(input_->value, r, row_));
      const std::size_t to = r / rows_.inner * count_ * rows_.inner + r % rows_.inner;
      for (std::size_t k = 0; k < count_; ++k) {
        found_[to + k * rows_.inner] = order_[k];
        this->out->value[to + k * rows_.inner] = T(order_[k]);
      }
    }
  }
  void backward(ledger<T>&) override {}
  void record_backward(ledger<T>&, adjoint_vars<T>&) override {}
  std::span<slot<T>* const> inputs() const override { return {&input_, 1}; }
  std::uint64_t live_inputs() const override { return 0; }
  std::string text(const variable_names& names) const override {
    std::string s = op_;
    s += '(';
    s += names.of(input_->id);
    s += ')';
    return s;
  }
  void describe(node_writer& w) const override {
    w.function(op_);
    w.attribute("axis", std::to_string(axis_));
  }

 private:
  /// The first `count_` positions in a row come to the beginning of order_.
  void find(const T* x) {
    const auto less = [](T a, T b) { return a < b || (std::isnan(b) && !std::isnan(a)); };
    const auto before = [&](std::int64_t i, std::int64_t j) {
      const bool up = what_ == finds::smallest;
      if (less(x[i], x[j])) return up;
      if (less(x[j], x[i])) return !up;
      return i < j;
    };
    if (count_ == 1) {
      std::int64_t best = 0;
      for (std::int64_t i = 1; i < std::int64_t(rows_.length); ++i)
        if (what_ == finds::least ? x[i] < x[best] || (std::isnan(x[i]) && !std::isnan(x[best])) : before(i, best))
          best = i;
      order_[0] = best;
      return;
    }
    std::int64_t *const middle = order_ + count_, *const end = order_ + rows_.length;
    std::iota(order_, end, std::int64_t(0));
    if (middle != end) std::nth_element(order_, middle, end, before);
    std::sort(order_, middle, before);
  }

  const char* op_;
  slot<T>* input_;
  finds what_;
  std::size_t axis_, count_;
  bool drops_axis_;
  rows_along rows_;
  std::int64_t *found_ = nullptr, *order_ = nullptr;
  T* row_ = nullptr;
};

template <class T>
indices<T> found(const char* op, const var<T>& x, finds what, std::size_t axis, std::size_t count, bool drops_axis,
                 const std::source_location& where) {
  ledger<T>& l = x.ledger(where);
  slot<T>& s = *l.slot_of(x, where, op);
  return indices<T>(l.handle(*push_node<positions_node<T>>(l, where, op, s, what, axis, count, drops_axis).out));
}

void require_elements(shape_view shape, std::size_t axis, const char* op, const std::source_location& where) {
  if (shape[axis] == 0)
    throw shape_error(std::string(op) + ": axis " + std::to_string(axis) + " of shape " + to_string(shape) +
                      " has no elements; there must be one at least" + at_line(where));
}

/// The i-th part along an axis, without the axis.
template <class T>
var<T> part_at(const var<T>& x, std::size_t axis, std::size_t i, const char* op, const std::source_location& where) {
  const shape_view shape = x.shape();
  const auto strides = strides_of(shape);
  view_geometry g;
  g.offset = std::ptrdiff_t(i) * strides[axis];
  for (std::size_t d = 0; d < shape.size(); ++d)
    if (d != axis) g.add_axis(shape[d], strides[d]);
  return record_view(x, std::move(g), op, where);
}

}  // namespace

template <class T>
indices<T> record_argsort(const var<T>& x, std::ptrdiff_t axis, const std::source_location& where) {
  const shape_view shape = x.ledger(where).slot_of(x, where, "argsort")->shape();
  const std::size_t at = checked_axis(axis, shape.size(), shape, "argsort", where);
  return found("argsort", x, finds::smallest, at, shape[at], false, where);
}

template <class T>
indices<T> record_argextreme(const var<T>& x, bool largest, const std::ptrdiff_t* axis, bool keep_dims,
                             const std::source_location& where) {
  const char* op = largest ? "argmax" : "argmin";
  ledger<T>& l = x.ledger(where);
  const shape_view shape = l.slot_of(x, where, op)->shape();
  const finds what = largest ? finds::largest : finds::least;
  if (axis) {
    const std::size_t at = checked_axis(*axis, shape.size(), shape, op, where);
    require_elements(shape, at, op, where);
    return found(op, x, what, at, 1, !keep_dims, where);
  }
  attempt recording(l);
  const var<T> flat = record_ravel(x, where);
  require_elements(flat.shape(), 0, op, where);
  return recording.keep(found(op, flat, what, 0, 1, true, where));
}

template <class T>
var<T> record_sort(const var<T>& x, std::ptrdiff_t axis, const std::source_location& where) {
  ledger<T>& l = x.ledger(where);
  const shape_view shape = l.slot_of(x, where, "sort")->shape();
  const std::size_t at = checked_axis(axis, shape.size(), shape, "sort", where);
  attempt recording(l);
  const indices<T> order = found("argsort", x, finds::smallest, at, shape[at], false, where);
  return recording.keep(record_take_along_axis(x, order, std::ptrdiff_t(at), "sort", where));
}

template <class T>
top_elements<T> record_topk(const var<T>& x, std::ptrdiff_t k, std::ptrdiff_t axis, bool largest,
                            const std::source_location& where) {
  ledger<T>& l = x.ledger(where);
  const shape_view shape = l.slot_of(x, where, "topk")->shape();
  const std::size_t at = checked_axis(axis, shape.size(), shape, "topk", where);
  if (k < 0 || k > std::ptrdiff_t(shape[at]))
    throw value_error("topk: " + std::to_string(k) + " elements of axis " + std::to_string(at) + " of shape " +
                      to_string(shape) + "; there are " + std::to_string(shape[at]) + at_line(where));
  attempt recording(l);
  const indices<T> order =
      found("topk", x, largest ? finds::largest : finds::smallest, at, std::size_t(k), false, where);
  const var<T> values = record_take_along_axis(x, order, std::ptrdiff_t(at), "topk", where);
  return recording.keep(top_elements<T>{values, order});
}

template <class T>
var<T> record_quantile(const var<T>& x, double q, const std::ptrdiff_t* axis, const char* op,
                       const std::source_location& where) {
  ledger<T>& l = x.ledger(where);
  const shape_view shape = l.slot_of(x, where, op)->shape();
  if (!(q >= 0 && q <= 1))
    throw value_error(std::string(op) + ": q = " + std::to_string(q) + "; it must lie between 0 and 1" +
                      at_line(where));
  const std::size_t at = axis ? checked_axis(*axis, shape.size(), shape, op, where) : 0;
  attempt recording(l);
  const var<T> of = axis ? x : record_ravel(x, where);
  require_elements(of.shape(), at, op, where);
  const std::size_t n = of.shape()[at];
  const var<T> sorted = record_sort(of, std::ptrdiff_t(at), where);
  const double place = q * double(n - 1), share = place - std::floor(place);
  const auto below = std::size_t(place);
  const var<T> low = part_at(sorted, at, below, op, where), last = part_at(sorted, at, n - 1, op, where);
  if (share == 0) return recording.keep(var<T>(xt::where(xt::not_equal(last, last), last, low), where));
  const var<T> high = part_at(sorted, at, below + 1, op, where);
  return recording.keep(var<T>(xt::where(xt::not_equal(last, last), last, (1 - share) * low + share * high), where));
}

template indices<float> record_argsort(const var<float>&, std::ptrdiff_t, const std::source_location&);
template indices<float> record_argextreme(const var<float>&, bool, const std::ptrdiff_t*, bool,
                                          const std::source_location&);
template var<float> record_sort(const var<float>&, std::ptrdiff_t, const std::source_location&);
template top_elements<float> record_topk(const var<float>&, std::ptrdiff_t, std::ptrdiff_t, bool,
                                         const std::source_location&);
template var<float> record_quantile(const var<float>&, double, const std::ptrdiff_t*, const char*,
                                    const std::source_location&);
template indices<double> record_argsort(const var<double>&, std::ptrdiff_t, const std::source_location&);
template indices<double> record_argextreme(const var<double>&, bool, const std::ptrdiff_t*, bool,
                                           const std::source_location&);
template var<double> record_sort(const var<double>&, std::ptrdiff_t, const std::source_location&);
template top_elements<double> record_topk(const var<double>&, std::ptrdiff_t, std::ptrdiff_t, bool,
                                          const std::source_location&);
template var<double> record_quantile(const var<double>&, double, const std::ptrdiff_t*, const char*,
                                     const std::source_location&);

}  // namespace xg::detail
