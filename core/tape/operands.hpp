// The operands of a structured op's node, and how the members of the op take them: one by one, or as a list, whole
// numbers last.
#pragma once

#include <array>
#include <vector>

#include <xgrad/core/tape/contract.hpp>

namespace xg::detail {

/// N variables (any_number: a list), then I of whole numbers.
template <class T, std::size_t N, std::size_t I>
class operands {
  static constexpr bool is_list = N == any_number;

 public:
  /// Where they are a list, the inputs must live as long as this.
  operands(ledger<T>& l, const auto& inputs) : inputs_(inputs) {
    for (std::size_t i = 0; i < I; ++i) whole_[i] = l.index_data(*inputs_[count() + i]);
    if constexpr (is_list) {
      values_ = l.memory.template array<array<const T>>(count());
      for (std::size_t k = 0; k < count(); ++k) values_[k] = read(*inputs_[k]);
    }
  }

  /// How many variables there are.
  std::size_t count() const { return inputs_.size() - I; }
  std::span<slot<T>* const> all() const { return inputs_; }
  /// Inputs for another node on as many operands, to be written over.
  auto like(ledger<T>& l) const {
    auto inputs = inputs_;
    if constexpr (is_list) {
      auto* list = l.memory.template array<slot<T>*>(inputs.size());
      std::ranges::copy(inputs_, list);
      return std::span<slot<T>*>(list, inputs.size());
    } else {
      return inputs;
    }
  }
  slot<T>& operator[](std::size_t k) const { return *inputs_[k]; }

  /// Is one variable given twice? Then nothing is assigned, so that the op may serve its operands in any order.
  bool alike() const {
    if constexpr (is_list) return true;  // not worth the search
    for (std::size_t k = 1; k < count(); ++k)
      for (std::size_t m = 0; m < k; ++m)
        if (inputs_[k] == inputs_[m]) return true;
    return false;
  }

  /// f(shapes...)
  decltype(auto) with_shapes(ledger<T>& l, const auto& f) const {
    const auto whole = [&](std::size_t j) { return inputs_[count() + j]->shape(); };
    if constexpr (is_list) {
      auto* shapes = l.memory.template array<shape_view>(count());
      for (std::size_t k = 0; k < count(); ++k) shapes[k] = inputs_[k]->shape();
      return with_whole(
          [&](const auto&... i) -> decltype(auto) { return f(std::span<const shape_view>(shapes, count()), i...); },
          whole);
    } else {
      return [&]<std::size_t... K>(std::index_sequence<K...>)->decltype(auto) {
        return with_whole([&](const auto&... i) -> decltype(auto) { return f(inputs_[K]->shape()..., i...); }, whole);
      }
      (std::make_index_sequence<N>{});
    }
  }
  /// f(arrays...)
  [[gnu::always_inline]] void with_values(const auto& f) const {
    const auto whole = [&](std::size_t j) {
      const slot<T>& s = *inputs_[count() + j];
      return array<const std::int64_t>{whole_[j], s.shape(), s.size};
    };
    if constexpr (is_list) {
      with_whole([&](const auto&... i) { f(std::span<const array<const T>>(values_, count()), i...); }, whole);
    } else {
      [&]<std::size_t... K>(std::index_sequence<K...>) {
        with_whole([&](const auto&... i) { f(read(*inputs_[K])..., i...); }, whole);
      }
      (std::make_index_sequence<N>{});
    }
  }
  /// What f(handles...) returns.
  auto with_vars(ledger<T>& l, const auto& f) const {
    const auto whole = [&](std::size_t j) { return indices<T>(l.handle(*inputs_[count() + j])); };
    if constexpr (is_list) {
      std::vector<var<T>> x;
      for (std::size_t k = 0; k < count(); ++k) x.push_back(l.handle(*inputs_[k]));
      return with_whole([&](const auto&... i) { return f(std::span<const var<T>>(x), i...); }, whole);
    } else {
      return [&]<std::size_t... K>(std::index_sequence<K...>) {
        return with_whole([&](const auto&... i) { return f(l.handle(*inputs_[K])..., i...); }, whole);
      }
      (std::make_index_sequence<N>{});
    }
  }

 private:
  static array<const T> read(const slot<T>& s) { return {s.value, s.shape(), s.size}; }
  /// f(whole numbers...).
  decltype(auto) with_whole(const auto& f, const auto& make) const {
    return [&]<std::size_t... J>(std::index_sequence<J...>)->decltype(auto) { return f(make(J)...); }
    (std::make_index_sequence<I>{});
  }

  std::conditional_t<is_list, std::span<slot<T>* const>, std::array<slot<T>*, is_list ? 0 : N + I>> inputs_;
  [[no_unique_address]] std::array<const std::int64_t*, I> whole_;
  struct none {};
  [[no_unique_address]] std::conditional_t<is_list, array<const T>*, none> values_;
};

}  // namespace xg::detail
