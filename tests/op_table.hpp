// The op table: every op of the library, with sample domains and an independent reference. It drives all generic checks
// (op_case.hpp). Each family has a file, op_table_FAMILY.cpp, which is compiled once for each OP_SCALAR, float
// and double. An op without a row fails the build.
#pragma once

#include <array>
#include <utility>

#include "op_case.hpp"

namespace test {

// clang-format off
template <class T> std::vector<op_case<T>> arithmetic_ops();
template <class T> std::vector<op_case<T>> math_ops();
template <class T> std::vector<op_case<T>> trigonometric_ops();
template <class T> std::vector<op_case<T>> rounding_ops();
template <class T> std::vector<op_case<T>> special_ops();
template <class T> std::vector<op_case<T>> activation_ops();
template <class T> std::vector<op_case<T>> loss_ops();
template <class T> std::vector<op_case<T>> choice_ops();
template <class T> std::vector<op_case<T>> comparison_ops();

template <class T> std::vector<op_case<T>> reduce_ops();
template <class T> std::vector<op_case<T>> matmul_ops();
template <class T> std::vector<op_case<T>> linalg_ops();
template <class T> std::vector<op_case<T>> product_ops();
template <class T> std::vector<op_case<T>> view_ops();
template <class T> std::vector<op_case<T>> shape_ops();
template <class T> std::vector<op_case<T>> join_ops();
template <class T> std::vector<op_case<T>> position_ops();
template <class T> std::vector<op_case<T>> scan_ops();
template <class T> std::vector<op_case<T>> class_ops();
template <class T> std::vector<op_case<T>> conv_ops();
template <class T> std::vector<op_case<T>> pool_ops();
template <class T> std::vector<op_case<T>> norm_ops();
// clang-format on

// ---- How the families are written ----

inline constexpr domain any{}, positive{0.3, 3}, nonzero{-2, 2, 0, 0.2}, condition{0, 1, 0, 0, true, true};
/// An operand that no gradient flows to, although it is a number like any other.
inline constexpr domain any_constant{-2, 2, 0, 0, false, true};

/// Rows of elementwise ops: `f` on variables, `reference` on numbers, a domain per operand.
template <class T>
struct elementwise_table {
  std::vector<op_case<T>> rows;

  template <class... D>
  void row(const char* name, auto f, auto reference, D... domains) {
    add(name, f, reference, std::array<domain, sizeof...(D)>{domains...}, std::index_sequence_for<D...>{});
  }
  template <class... D>
  void constant_row(const char* name, auto f, auto reference, D... domains) {
    row(name, f, reference, domains...);
    rows.back().constant = true;
  }

 private:
  template <std::size_t>
  using variable = xg::var<T>;

  template <std::size_t N, std::size_t... K>
  void add(const char* name, auto f, auto reference, const std::array<domain, N>& domains, std::index_sequence<K...>) {
    op_case<T>& op = rows.emplace_back();
    op.name = name;
    op.operands = {domains.begin(), domains.end()};
    using E = decltype(f(std::declval<variable<K>>()...));
    op.equal_shapes = xg::demands_equal_shapes<typename E::functor>;
    op.record = [f](const std::vector<xg::var<T>>& x) { return xg::var<T>(f(x[K]...)); };
    op.reference = [reference](const std::vector<array>& x) {
      const std::vector<array> wide = broadcast(x);
      array y = array::from_shape(wide[0].shape());
      for (std::size_t i = 0; i < y.size(); ++i) y.flat(i) = double(reference(wide[K].flat(i)...));
      return y;
    };
  }
};

/// Rows of structured ops: `f` on a list of variables, `reference` on a list of arrays, the shapes to check with.
template <class T>
struct structured_table {
  std::vector<op_case<T>> rows;

  void row(const char* name, decltype(op_case<T>::record) f, decltype(op_case<T>::reference) reference,
           std::vector<std::vector<xg::shape_t>> shapes) {
    op_case<T>& op = rows.emplace_back();
    op.name = name;
    op.operands.resize(shapes.front().size());
    op.record = std::move(f);
    op.reference = std::move(reference);
    op.shapes = std::move(shapes);
  }
};

}  // namespace test
