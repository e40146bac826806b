#include <xgrad/ops/einsum.hpp>

#include <algorithm>
#include <map>
#include <string>

#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/matmul.hpp>
#include <xgrad/ops/reduce.hpp>

namespace xg::detail {

namespace {

/// An axis: its letter; or, of the axes that `...` stands for, 256 and how far it is from the last.
using label = int;
using labels = std::vector<label>;
constexpr label dots = 256;

bool is_in(label l, const labels& list) { return std::ranges::find(list, l) != list.end(); }

/// An operand, or a product of some, and what its axes are called.
template <class T>
struct term {
  var<T> x;
  labels axes;
};

template <class T>
class summation {
 public:
  summation(std::string_view text, std::vector<var<T>> xs, const std::source_location& where)
      : text_(text), xs_(std::move(xs)), where_(where) {}

  var<T> run() {
    read();
    for (std::size_t k = 0; k < xs_.size(); ++k) terms_.push_back(without_repeats(k));
    for (std::size_t k = 0; k < terms_.size(); ++k) find_extents(k);
    for (term<T>& t : terms_) drop_ones(t);
    term<T> all = terms_[0];
    for (std::size_t k = 1; k < terms_.size(); ++k) {
      labels kept = result_;
      for (std::size_t later = k + 1; later < terms_.size(); ++later)
        kept.insert(kept.end(), terms_[later].axes.begin(), terms_[later].axes.end());
      all = product(all, terms_[k], kept);
    }
    return in_order(summed(all, result_), result_).x;
  }

 private:
  // ---- What the text says

  void read() {
    std::string s;
    for (const char c : text_)
      if (c != ' ') s += c;
    const std::size_t arrow = s.find("->");
    std::string left = s.substr(0, arrow);
    for (std::size_t begin = 0;;) {
      const std::size_t comma = left.find(',', begin);
      inputs_.push_back(left.substr(begin, comma - begin));
      if (comma == std::string::npos) break;
      begin = comma + 1;
    }
    if (inputs_.size() != xs_.size())
      fail<value_error>("there are subscripts of " + std::to_string(inputs_.size()) + " operands");
    for (std::size_t k = 0; k < xs_.size(); ++k) {
      const std::size_t rank = xs_[k].dimension(where_), letters = letters_in(inputs_[k]);
      const labels axes = understood(inputs_[k], rank > letters ? rank - letters : 0);
      if (axes.size() != xs_[k].dimension())
        fail<shape_error>("operand " + std::to_string(k) + " has " + std::to_string(xs_[k].dimension()) +
                          " axes, its subscripts \"" + inputs_[k] + "\" name " + std::to_string(axes.size()));
      for (const label l : axes) further_ = std::max(further_, l >= dots ? std::size_t(l - dots) + 1 : 0);
      axes_.push_back(axes);
    }
    if (arrow == std::string::npos) return implicit_result();
    const std::string right = s.substr(arrow + 2);
    result_ = understood(right, further_);
    for (std::size_t i = 0; i < result_.size(); ++i) {
      if (std::count(result_.begin(), result_.end(), result_[i]) > 1)
        fail<value_error>("the result has " + name_of(result_[i]) + " twice");
      if (result_[i] < dots && std::ranges::none_of(axes_, [&](const labels& a) { return is_in(result_[i], a); }))
        fail<value_error>("the result has " + name_of(result_[i]) + ", which no operand has");
    }
    if (further_ > 0 && right.find("...") == std::string::npos)
      fail<value_error>("operands have axes in the place of \"...\"; the result needs a \"...\" for them, too");
  }

  static std::size_t letters_in(const std::string& s) {
    return s.size() - (s.find("...") == std::string::npos ? 0 : 3);
  }
  /// The labels of an operand, or of the result, in which `...` stands for so many.
  labels understood(const std::string& s, std::size_t further) {
    const std::size_t at = s.find("...");
    labels list;
    for (std::size_t i = 0; i < s.size(); ++i) {
      if (i == at) {
        for (std::size_t d = further; d-- > 0;) list.push_back(dots + label(d));
        i += 2;
      } else if ((s[i] >= 'a' && s[i] <= 'z') || (s[i] >= 'A' && s[i] <= 'Z')) {
        list.push_back(s[i]);
      } else {
        fail<value_error>(std::string("'") + s[i] + "' is neither a letter nor part of \"...\", \",\" or \"->\"");
      }
    }
    return list;
  }

  void implicit_result() {
    for (std::size_t d = further_; d-- > 0;) result_.push_back(dots + label(d));
    std::map<label, int> times;
    for (const labels& axes : axes_)
      for (const label l : axes) ++times[l];
    for (const auto& [l, n] : times)
      if (n == 1 && l < dots) result_.push_back(l);
  }

  static std::string name_of(label l) {
    if (l < dots) return std::string("'") + char(l) + "'";
    return "axis " + std::to_string(-1 - (l - dots)) + " of those in the place of \"...\"";
  }

  // ---- Operands

  /// An operand; where it has a label twice, its diagonal: that is a view.
  term<T> without_repeats(std::size_t k) {
    const shape_view shape = xs_[k].shape();
    const auto strides = strides_of(shape);
    view_geometry diagonal;
    labels once;
    for (std::size_t d = 0; d < shape.size(); ++d) {
      const auto before = std::ranges::find(once, axes_[k][d]) - once.begin();
      if (before == std::ptrdiff_t(once.size())) {
        once.push_back(axes_[k][d]);
        diagonal.shape.push_back(shape[d]);
        diagonal.strides.push_back(strides[d]);
      } else if (diagonal.shape[std::size_t(before)] == shape[d]) {
        diagonal.strides[std::size_t(before)] += strides[d];
      } else {
        fail<shape_error>(name_of(axes_[k][d]) + " is twice in operand " + std::to_string(k) + ", with extents " +
                          std::to_string(diagonal.shape[std::size_t(before)]) + " and " + std::to_string(shape[d]));
      }
    }
    if (once.size() == shape.size()) return {xs_[k], once};
    return {record_view(xs_[k], diagonal, "einsum", where_), once};
  }

  void find_extents(std::size_t k) {
    for (std::size_t d = 0; d < terms_[k].axes.size(); ++d) {
      const label l = terms_[k].axes[d];
      const std::size_t extent = terms_[k].x.shape()[d];
      const auto [at, is_new] = extent_.try_emplace(l, extent);
      if (is_new || extent == at->second || extent == 1) continue;
      if (at->second != 1)
        fail<shape_error>(name_of(l) + " has the extent " + std::to_string(extent) + " in operand " +
                          std::to_string(k) + ", and " + std::to_string(at->second) + " before it");
      at->second = extent;
    }
  }
  /// An axis of extent 1 that broadcasts is as good as none.
  void drop_ones(term<T>& t) {
    shape_t shape;
    labels left;
    for (std::size_t d = 0; d < t.axes.size(); ++d) {
      const std::size_t extent = t.x.shape()[d];
      if (extent != extent_[t.axes[d]]) continue;
      shape.push_back(extent);
      left.push_back(t.axes[d]);
    }
    if (left.size() == t.axes.size()) return;
    t = {reshape(t.x, shape, where_), left};
  }

  // ---- Sums

  shape_t shape_of(const labels& axes) const {
    shape_t s;
    for (const label l : axes) s.push_back(extent_.at(l));
    return s;
  }
  term<T> in_order(const term<T>& t, const labels& order) const {
    if (t.axes == order) return t;
    xt::svector<std::ptrdiff_t, 4> axes;
    for (const label l : order) axes.push_back(std::ranges::find(t.axes, l) - t.axes.begin());
    return {record_transpose(t.x, {axes.data(), axes.size()}, where_), order};
  }
  /// The sum over all axes that are not kept.
  term<T> summed(const term<T>& t, const labels& kept) const {
    axes_t over(std::initializer_list<std::ptrdiff_t>{});
    labels left;
    for (std::size_t d = 0; d < t.axes.size(); ++d) {
      if (is_in(t.axes[d], kept))
        left.push_back(t.axes[d]);
      else
        over.list.push_back(std::ptrdiff_t(d));
    }
    if (over.list.empty()) return t;
    return {sum(t.x, over, drop_dims_t{}, where_), left};
  }

  term<T> product(term<T> a, term<T> b, const labels& kept) const {
    labels needed = kept, both, over, of_a, of_b;
    needed.insert(needed.end(), b.axes.begin(), b.axes.end());
    a = summed(a, needed);
    needed = kept;
    needed.insert(needed.end(), a.axes.begin(), a.axes.end());
    b = summed(b, needed);
    for (const label l : a.axes) (!is_in(l, b.axes) ? of_a : is_in(l, kept) ? both : over).push_back(l);
    for (const label l : b.axes)
      if (!is_in(l, a.axes)) of_b.push_back(l);

    const auto join = [](std::initializer_list<labels> lists) {
      labels all;
      for (const labels& l : lists) all.insert(all.end(), l.begin(), l.end());
      return all;
    };
    const auto shaped = [&](const var<T>& x, const shape_t& s) { return var<T>(reshape(x, s, where_)); };
    const auto joined = [](shape_t s, const shape_t& t) {
      for (const std::size_t extent : t) s.push_back(extent);
      return s;
    };
    const labels result = join({both, of_a, of_b});
    const shape_t batch = shape_of(both), left = shape_of(of_a), right = shape_of(of_b), terms = shape_of(over);
    if (over.empty() || (of_a.empty() && of_b.empty())) {  // multiplied in place, and summed as it is computed
      const var<T> x = in_order(a, join({both, of_a, over})).x, y = in_order(b, join({both, of_b, over})).x;
      const shape_t ones_a(left.size(), 1), ones_b(right.size(), 1);
      const auto pair = shaped(x, joined(joined(batch, left), joined(ones_b, terms))) *
                        shaped(y, joined(joined(batch, ones_a), joined(right, terms)));
      if (over.empty()) return {var<T>(pair, where_), result};
      axes_t last(std::initializer_list<std::ptrdiff_t>{});
      for (std::size_t d = 0; d < over.size(); ++d) last.list.push_back(-1 - std::ptrdiff_t(d));
      return {sum(pair, last, drop_dims_t{}, where_), result};
    }
    const auto matrices = [&](std::size_t m, std::size_t n) {
      return both.empty() ? shape_t{m, n} : shape_t{count_of(batch), m, n};
    };
    const std::size_t m = count_of(left), k = count_of(terms), n = count_of(right);
    const var<T> x = shaped(in_order(a, join({both, of_a, over})).x, matrices(m, k));
    const var<T> y = shaped(in_order(b, join({both, over, of_b})).x, matrices(k, n));
    return {shaped(record_matmul<T>({x}, {y}, where_), joined(joined(batch, left), right)), result};
  }

  template <class E>
  [[noreturn]] void fail(const std::string& what) const {
    std::string s = "einsum: \"" + std::string(text_) + "\" of ";
    for (std::size_t k = 0; k < xs_.size(); ++k) {
      if (k > 0) s += k + 1 == xs_.size() ? " and " : ", ";
      s += to_string(xs_[k].shape());
    }
    throw E(s + ": " + what + at_line(where_));
  }

  std::string_view text_;
  std::vector<var<T>> xs_;
  std::source_location where_;
  std::vector<std::string> inputs_{};
  std::vector<labels> axes_{};  // of each operand
  labels result_{};
  std::size_t further_ = 0;  // axes in the place of `...`
  std::map<label, std::size_t> extent_{};
  std::vector<term<T>> terms_{};
};

}  // namespace

template <class T>
var<T> record_einsum(std::string_view text, std::vector<var<T>> xs, const std::source_location& where) {
  if (xs.empty()) throw value_error("einsum: there is no operand" + at_line(where));
  ledger<T>& l = xs.front().ledger(where);
  const line_scope line(l, where);
  attempt recording(l);
  return recording.keep(summation<T>(text, std::move(xs), where).run());
}
template var<float> record_einsum(std::string_view, std::vector<var<float>>, const std::source_location&);
template var<double> record_einsum(std::string_view, std::vector<var<double>>, const std::source_location&);

}  // namespace xg::detail
