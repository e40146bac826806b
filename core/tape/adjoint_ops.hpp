// What adjoints need: all linear, each one node, none where nothing is to be done.
#pragma once

#include <xgrad/core/tape/linear.hpp>
#include <xgrad/core/tape/record.hpp>

namespace xg::detail {

/// The sum of two of equal shapes.
template <class T>
var<T> add(const var<T>& a, const var<T>& b);
/// Summed down to kept, returned as shape.
template <class T>
var<T> sum_to(const var<T>& x, shape_view kept, shape_view shape);
/// Read as kept, broadcast to shape.
template <class T>
var<T> broadcast_to(const var<T>& x, shape_view kept, shape_view shape);
template <class T>
var<T> reshaped(const var<T>& x, shape_view shape);
/// A constant that is the same number everywhere.
template <class T>
var<T> filled(ledger<T>& l, T number, shape_view shape, const std::source_location& where);

}  // namespace xg::detail
