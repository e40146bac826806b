#include <xgrad/core/memory/shape.hpp>

#include <new>

#include <xgrad/core/memory/error.hpp>

namespace xg {

std::string to_string(shape_view shape) {
  std::string s = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) s += (i ? ", " : "") + std::to_string(shape[i]);
  return s + ")";
}

// Zero if some extent is; else there is no memory for it.
std::size_t count_of_large(shape_view shape) {
  if (std::find(shape.begin(), shape.end(), std::size_t(0)) != shape.end()) return 0;
  throw shape_error("the shape " + to_string(shape) + " has more elements than any memory holds");
}

bool broadcast_into(shape_t& shape, shape_view other) {
  if (other.size() > shape.size()) {
    shape_t wider(other.size(), 1);
    std::copy(shape.begin(), shape.end(), wider.end() - std::ptrdiff_t(shape.size()));
    shape = wider;
  }
  const std::size_t shift = shape.size() - other.size();
  for (std::size_t d = 0; d < other.size(); ++d) {
    std::size_t& extent = shape[shift + d];
    if (extent == 1)
      extent = other[d];
    else if (other[d] != 1 && other[d] != extent)
      return false;
  }
  return true;
}

namespace {

xt::svector<char, 8> reduced_axes(const axes_t& axes, shape_view shape, const char* op,
                                  const std::source_location& where) {
  xt::svector<char, 8> reduced(shape.size(), axes.all ? 1 : 0);
  const auto rank = std::ptrdiff_t(shape.size());
  for (std::ptrdiff_t axis : axes.list) {
    if (rank == 0)
      throw shape_error(std::string(op) + ": a scalar has no axis " + std::to_string(axis) + at_line(where));
    if (axis < -rank || axis >= rank) {
      throw shape_error(std::string(op) + ": axis " + std::to_string(axis) + " is out of range for shape " +
                        to_string(shape) + "; valid axes are " + std::to_string(-rank) + ".." +
                        std::to_string(rank - 1) + at_line(where));
    }
    char& flag = reduced[std::size_t(axis < 0 ? axis + rank : axis)];
    if (flag) {
      throw shape_error(std::string(op) + ": axis " + std::to_string(axis) + " is named twice for shape " +
                        to_string(shape) + at_line(where));
    }
    flag = 1;
  }
  return reduced;
}

}  // namespace

shape_t axes_t::kept_shape(shape_view shape, const char* op, const std::source_location& where) const {
  const auto reduced = reduced_axes(*this, shape, op, where);
  shape_t kept = shape;
  for (std::size_t d = 0; d < kept.size(); ++d)
    if (reduced[d]) kept[d] = 1;
  return kept;
}

shape_t axes_t::reduced_shape(shape_view shape, const char* op, const std::source_location& where) const {
  const auto reduced = reduced_axes(*this, shape, op, where);
  shape_t rest;
  for (std::size_t d = 0; d < shape.size(); ++d)
    if (!reduced[d]) rest.push_back(shape[d]);
  return rest;
}

walk* walk::make(arena& memory, shape_view space, std::span<const shape_view> operands) {
  const std::size_t n = operands.size(), count = count_of(space);  // throws before any stride overflows
  // Dimensions from the last to the first; each with its extent and every operand's stride, merged where possible.
  auto* extent = memory.array<std::size_t>(space.size());
  auto* stride = memory.array<std::ptrdiff_t>((space.size() + 1) * n);
  auto* span = memory.array<std::ptrdiff_t>(n);  // elements of each operand in the dimensions seen so far
  std::fill_n(span, n, 1);
  std::size_t dims = 0;
  for (std::size_t d = space.size(); d-- > 0;) {
    const std::size_t from_end = space.size() - d;
    std::ptrdiff_t* s = stride + dims * n;
    for (std::size_t k = 0; k < n; ++k) {
      const std::size_t rank = operands[k].size();
      const std::size_t own = from_end <= rank ? operands[k][rank - from_end] : 1;
      s[k] = own == 1 ? 0 : span[k];
      span[k] *= std::ptrdiff_t(own);
    }
    if (space[d] == 1) continue;
    bool merges = dims > 0;
    for (std::size_t k = 0; merges && k < n; ++k) merges = s[k] == (s - n)[k] * std::ptrdiff_t(extent[dims - 1]);
    if (merges) {
      extent[dims - 1] *= space[d];
    } else {
      extent[dims++] = space[d];
    }
  }

  auto* w = new (memory.get(sizeof(walk), alignof(walk))) walk;
  w->count = count;
  auto* own_space = memory.array<std::size_t>(space.size());
  std::copy(space.begin(), space.end(), own_space);
  w->space = {own_space, space.size()};
  w->row = dims > 0 ? extent[0] : 1;
  w->single = dims == 0;
  for (std::size_t k = 0; k < n; ++k)
    if (dims > 0 && stride[k] == 0) w->fixed |= std::uint64_t(1) << k;
  if (dims <= 1) return w;
  w->outer = std::uint32_t(dims - 1);
  std::reverse(extent + 1, extent + dims);
  for (std::size_t lo = 1, hi = dims - 1; lo < hi; ++lo, --hi)
    std::swap_ranges(stride + lo * n, stride + lo * n + n, stride + hi * n);
  w->extent = extent + 1;
  w->stride = stride + n;
  return w;
}

}  // namespace xg
