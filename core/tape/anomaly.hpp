// Anomaly mode: the first statement that makes a NaN or an infinity is named.
#pragma once

#include <xgrad/core/tape/ledger.hpp>

namespace xg::detail {

// All throw value_error for the first number that is not finite.

template <class T>
void check_leaf(const ledger<T>& l, const slot<T>& s, const T* values, const std::source_location& where);
template <class T>
void check_forward(const ledger<T>& l, const node<T>& n);
/// What the node has added to its operands' adjoints.
template <class T>
void check_backward(const ledger<T>& l, const node<T>& n);
/// The gradient that the node hands on to an input, recorded as d.
template <class T>
void check_gradient(const ledger<T>& l, const node<T>& n, const slot<T>& in, const slot<T>& d);
/// The tangent of the node's result, recorded as d.
template <class T>
void check_tangent(const ledger<T>& l, const node<T>& n, const slot<T>& d);

}  // namespace xg::detail
