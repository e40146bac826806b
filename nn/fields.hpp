// The fields of a plain aggregate, with their names: what makes a struct of layers a model, without macros, base
// classes or registration. (GCC 12, clang 15 and later.)
#pragma once

#include <concepts>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <xgrad/nn/tie.hpp>

namespace xg::nn::detail {

/// The name of a field: read from how the compiler prints a pointer to it. GCC says `(& extern_object<T>.value.name)`
/// or the like, clang `&extern_object<T>.value.name`.
template <class T>
struct wrapper {
  T value;
};
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-var-template"
#pragma clang diagnostic ignored "-Wundefined-internal"
#endif
template <class T>
extern const wrapper<T> extern_object;  // never defined: only its address is spoken of

template <class P>
struct pointer_to {
  P p;
};
template <class P>
pointer_to(P) -> pointer_to<P>;

template <auto P>
constexpr std::string_view pretty() {
  return __PRETTY_FUNCTION__;
}

template <class T, std::size_t I>
consteval std::string_view field_name() {
  constexpr std::string_view all = pretty<pointer_to{&std::get<I>(tie(extern_object<T>.value))}>();
  constexpr std::string_view s = all.substr(0, all.find(';'));  // GCC goes on after the value
  constexpr std::size_t end = s.find_last_not_of(")}];") + 1;
  constexpr std::size_t begin = s.substr(0, end).find_last_of(".:>") + 1;
  return s.substr(begin, end - begin);
}
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

/// Calls f(name, field) for each field of an aggregate, in order of declaration.
template <class T, class F>
void for_each_field(T& x, F f) {
  using U = std::remove_const_t<T>;
  auto fields = tie(x);
  [&]<std::size_t... I>(std::index_sequence<I...>) { (f(field_name<U, I>(), std::get<I>(fields)), ...); }
  (std::make_index_sequence<std::tuple_size_v<decltype(fields)>>{});
}

}  // namespace xg::nn::detail
