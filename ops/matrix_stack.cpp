#include <xgrad/ops/matrix_stack.hpp>

namespace xg::detail {

void require_matrix(shape_view a) {
  if (a.size() < 2) throw shape_error(to_string(a) + ": a matrix is needed, or a stack of them, (..., m, n)");
}

void require_square(shape_view a) {
  if (a.size() < 2 || rows_of(a) != columns_of(a))
    throw shape_error(to_string(a) + ": a square matrix is needed, or a stack of them, (..., n, n)");
}

shape_t common_stack(shape_view a, shape_view b) {
  shape_t result = leading(a);
  if (!broadcast_into(result, leading(b)))
    throw shape_error(to_string(a) + " and " + to_string(b) + ": leading axes " + to_string(leading(a)) + " and " +
                      to_string(leading(b)) + " do not broadcast; aligned at the last, extents must be equal or 1");
  return result;
}

shape_t solution_shape(shape_view a, shape_view b) {
  require_square(a);
  require_matrix(b);
  if (rows_of(a) != rows_of(b))
    throw shape_error(to_string(a) + " and right sides " + to_string(b) + ": the matrix has " +
                      std::to_string(rows_of(a)) + " rows, the right side has " + std::to_string(rows_of(b)));
  return stack_shape(common_stack(a, b), {rows_of(b), columns_of(b)});
}

std::string which_matrix(std::size_t i, shape_view leading) {
  if (leading.empty()) return {};
  shape_t index = leading;
  for (std::size_t d = leading.size(); d-- > 0; i /= leading[d]) index[d] = i % leading[d];
  std::string s = " (matrix ";
  s += index.size() == 1 ? std::to_string(index[0]) : to_string(index);
  return s + " of the stack)";
}

matrix_list::matrix_list(workspace& w, shape_view batch, shape_view own, std::size_t matrix)
    : offset(w.array<std::size_t>(count_of(batch))), repeats(count_of(own) != count_of(batch)) {
  const std::size_t missing = batch.size() - own.size();
  xt::svector<std::size_t, 4> stride(batch.size(), 0), index(batch.size(), 0);
  std::size_t step = matrix;
  for (std::size_t d = own.size(); d-- > 0; step *= own[d])
    if (own[d] != 1) stride[missing + d] = step;
  std::size_t at = 0;
  for (std::size_t i = 0; i < count_of(batch); ++i) {
    offset[i] = at;
    for (std::size_t d = batch.size(); d-- > 0;) {
      at += stride[d];
      if (++index[d] < batch[d]) break;
      at -= stride[d] * batch[d];
      index[d] = 0;
    }
  }
}

}  // namespace xg::detail
