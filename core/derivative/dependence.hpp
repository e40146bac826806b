// Which elements of y depend on which elements of x, read from what was recorded between them; for sparse.cpp.
#pragma once

#include <xgrad/core/derivative/coloring.hpp>
#include <xgrad/core/tape/ledger.hpp>

namespace xg::detail {

/// Rows: the elements of y; columns: those of x. Never too few: what does not say how it depends is taken to be dense.
template <class T>
sparsity dependence_of_elements(const ledger<T>& l, const slot<T>& y, const slot<T>& x);
extern template sparsity dependence_of_elements(const ledger<float>&, const slot<float>&, const slot<float>&);
extern template sparsity dependence_of_elements(const ledger<double>&, const slot<double>&, const slot<double>&);

}  // namespace xg::detail
