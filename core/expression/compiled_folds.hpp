// For the library's own sources: instantiates the fold_info of folds for float and double.
#pragma once

#include <array>
#include <utility>

#include <xgrad/core/expression/fold.hpp>
#include <xgrad/core/tape/tape.hpp>

namespace xg {

template <class Fold, class T>
const fold_info<T>& library_fold() {
  return detail::own_fold<Fold, T, detail::simd_arch>;
}

/// Explicitly instantiate this with the folds of a family: it takes the address of, and so emits, their library_fold.
template <class... Folds>
auto compiled_folds() {
  return std::pair(std::array{&library_fold<Folds, float>...}, std::array{&library_fold<Folds, double>...});
}

}  // namespace xg
