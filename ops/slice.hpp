// Slices in xtensor's terms, and where the elements of a view lie in its source.
#pragma once

#include <concepts>
#include <optional>
#include <source_location>
#include <span>
#include <vector>

#include <xgrad/core/memory/shape.hpp>

namespace xg {

/// What a view takes of one axis: a whole number, xt::range, xt::all, xt::keep, xt::drop; or a place among the axes:
/// xt::newaxis, xt::ellipsis. Also what a list of xtensor's slices holds (xt::xstrided_slice, xt::xdynamic_slice).
class slice {
 public:
  enum class kind { index, range, keep, drop, new_axis, ellipsis };
  using positions = xt::svector<std::ptrdiff_t, 4>;

  template <std::integral I>
  slice(I index) : what(kind::index), start(std::ptrdiff_t(index)) {}
  slice(xt::xall_tag) : what(kind::range) {}
  slice(xt::xnewaxis_tag) : what(kind::new_axis) {}
  slice(xt::xellipsis_tag) : what(kind::ellipsis) {}
  template <class A, class B, class C>
  slice(const xt::xrange_adaptor<A, B, C>& r)
      : what(kind::range), start(bound(r.start())), stop(bound(r.stop())), step(bound(r.step())) {}
  template <class I>
  slice(const xt::xrange<I>& r) : slice(kind::keep, r) {}
  template <class I>
  slice(const xt::xstepped_range<I>& r) : slice(kind::keep, r) {}
  template <class I>
  slice(const xt::xkeep_slice<I>& s) : what(kind::keep), list(detail::indices_of(s)) {}
  template <class I>
  slice(const xt::xdrop_slice<I>& s) : what(kind::drop), list(detail::indices_of(s)) {}
  template <class V>
  requires requires(const V& v) {
    visit([](const auto&) {}, v);
  }
  slice(const V& one_of) : slice(visit([](const auto& s) { return slice(s); }, one_of)) {}

  kind what;
  std::optional<std::ptrdiff_t> start{}, stop{}, step{};  // a range, as it was written; an index (start)
  positions list{};                                       // what is kept or dropped, as it was written

 private:
  slice(kind k, const auto& r) : what(k) {
    for (std::ptrdiff_t i = 0; i < std::ptrdiff_t(r.size()); ++i) list.push_back(std::ptrdiff_t(r(i)));
  }
  static std::optional<std::ptrdiff_t> bound(xt::placeholders::xtuph) { return {}; }
  static std::optional<std::ptrdiff_t> bound(std::integral auto i) { return std::ptrdiff_t(i); }
};

/// Where the elements of a view lie in its source. Along each axis they are evenly spaced, or else listed.
struct view_geometry {
  shape_t shape;
  xt::svector<std::ptrdiff_t, 4> strides;
  std::ptrdiff_t offset = 0;
  /// [axis] the offsets of a listed axis; empty for one that is not, and altogether where none is.
  std::vector<std::vector<std::ptrdiff_t>> lists{};

  bool listed(std::size_t axis) const { return !lists.empty() && !lists[axis].empty(); }
  /// From the view's first element (that at `offset`, if the axis is not listed) to the i-th along an axis.
  std::ptrdiff_t at(std::size_t axis, std::size_t i) const {
    return listed(axis) ? lists[axis][i] : std::ptrdiff_t(i) * strides[axis];
  }
  /// A further axis, whose elements lie so.
  void add_axis(std::size_t extent, std::ptrdiff_t stride);
  void add_axis(std::span<const std::ptrdiff_t> offsets);
};

namespace detail {

/// In elements, of an array in row-major order.
xt::svector<std::ptrdiff_t, 4> strides_of(shape_view shape);

/// Brings an index into 0..extent-1; negative ones count from the end. Throws value_error.
std::size_t checked_index(std::ptrdiff_t index, std::size_t axis, shape_view shape, const char* op,
                          const std::source_location& where);

/// Brings an axis of a result of `rank` dimensions, made from an array of this shape, into 0..rank-1; negative ones
/// count from the end. Throws shape_error.
std::size_t checked_axis(std::ptrdiff_t axis, std::size_t rank, shape_view shape, const char* op,
                         const std::source_location& where);

/// The view of an array of this shape. Throws shape_error for too many slices or ellipses, value_error for an index out
/// of range and for a range with step 0.
view_geometry sliced(shape_view shape, std::span<const slice> slices, const std::source_location& where);

}  // namespace detail

}  // namespace xg
