// Index leaves: whole numbers on the tape, labels or positions, that ops take beside their variables.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <iterator>

#include <xgrad/core/tape/leaf.hpp>

namespace xg {

/// A handle to whole numbers on a tape: made by `tape::indices` and changed by `tape::set`, or found by argmax, argsort
/// and the like. As bare, and as long-lived, as a variable.
template <class T>
class indices {
 public:
  using index_type = std::int64_t;
  /// An empty handle; anything but assigning to it throws tape_error.
  indices() = default;

  /// The numbers, as a read-only xtensor view of tape memory. Throws tape_error where they are out of date: found in
  /// what was computed from a leaf that was set and not replayed.
  auto value(const std::source_location& where = std::source_location::current()) const {
    const slot<T>& s = leaf_.ledger(where).get(leaf_, "value", where);
    leaf_.ledger().require_replayed(s, "value", where);
    return xt::adapt<xt::layout_type::row_major>(leaf_.ledger().index_data(s), s.size, xt::no_ownership(),
                                                 shape_t(s.shape()));
  }
  shape_view shape(const std::source_location& where = std::source_location::current()) const {
    return leaf_.shape(where);
  }
  std::size_t size(const std::source_location& where = std::source_location::current()) const {
    return leaf_.size(where);
  }
  /// Gives them a name, by which messages call them.
  indices named(std::string_view name, const std::source_location& where = std::source_location::current()) const {
    leaf_.named(name, where);
    return *this;
  }
  tape<T>& owner(const std::source_location& where = std::source_location::current()) const {
    return leaf_.owner(where);
  }

  /// The constant that stands for them on the tape, for ops and nodes: the same numbers as T (rounded, where they are
  /// large), so that messages and pictures need not know of whole numbers.
  const var<T>& leaf() const { return leaf_; }
  explicit indices(const var<T>& leaf) : leaf_(leaf) {}

 private:
  var<T> leaf_;
};

/// Prints the numbers, as xtensor prints an array.
template <class T>
std::ostream& operator<<(std::ostream& out, const indices<T>& i);
extern template std::ostream& operator<<(std::ostream&, const indices<float>&);
extern template std::ostream& operator<<(std::ostream&, const indices<double>&);

template <class X>
inline constexpr bool is_indices = false;
template <class T>
inline constexpr bool is_indices<indices<T>> = true;

/// A whole number, or an xtensor expression of them.
template <class E>
concept whole_numbers = std::integral<E> || requires(const E& e) {
  e.shape();
  requires std::integral<typename E::value_type>;
};

/// A standard container, span or array of whole numbers; text is none.
template <class R>
concept whole_number_list = !whole_numbers<R> && requires(const R& r) {
  requires std::integral<std::remove_cvref_t<decltype(*std::data(r))>>;
  requires !std::same_as<std::remove_cvref_t<decltype(*std::data(r))>, char>;
  std::size(r);
};

namespace detail {

/// A list as an xtensor expression of one axis, where it lies.
template <whole_number_list R>
auto array_of_list(const R& list) {
  return xt::adapt<xt::layout_type::row_major>(std::data(list), std::size(list), xt::no_ownership(),
                                               shape_t{std::size(list)});
}

template <class Arch, class T, class E>
indices<T> make_indices(ledger<T>& l, const E& values, const std::source_location& where) {
  attempt recording(l);
  const indices<T> made(make_leaf<Arch>(l, values, false, where));
  const slot<T>& s = *l.find(made.leaf());
  index_leaf& leaf = l.index_leaves.push();
  leaf = {s.id, l.memory.template array<std::int64_t>(s.size, 64)};
  evaluated<E, Arch>([&] { copy_values<Arch>(values, s.size, leaf.data); }, "indices", where);
  return recording.keep(made);
}

template <class Arch, class T, class E>
void set_indices(ledger<T>& l, const indices<T>& x, const E& values, const std::source_location& where) {
  slot<T>& s = settable(l, x.leaf(), evaluated<E, Arch>([&] { return shape_of(values); }, "set", where), where);
  overwrite<Arch>(l, values, s, s.value, "set", where);
  std::int64_t* to = l.index_data(s);
  const attempt scratch(l);
  auto* beside = l.memory.template array<std::int64_t>(s.size, 64);  // they may be computed from what is there
  evaluated<E, Arch>([&] { copy_values<Arch>(values, s.size, beside); }, "set", where);
  std::copy_n(beside, s.size, to);
  outdate(l, s);
}

}  // namespace detail

}  // namespace xg
