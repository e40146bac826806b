// From a model to the list of its parameters: a walk over its fields.
#pragma once

#include <array>
#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include <xgrad/nn/fields.hpp>
#include <xgrad/nn/weight.hpp>

namespace xg::nn {

/// A parameter of a model, and its path: `hidden.weight`.
template <class T>
struct named_parameter {
  std::string path;
  std::shared_ptr<xg::detail::parameter_memory<T>> memory;  // good for as long as someone holds it
  weight<T>* of = nullptr;                                  // what can be frozen; null in a const model
  nn::buffer<T>* kept = nullptr;                            // or the buffer; null in a const model
  bool trained = true;                                      // neither frozen nor a buffer
  bool buffer = false;

  shape_view shape() const { return memory->shape; }
  std::size_t size() const { return memory->size; }
  /// The numbers, as a read-only xtensor view.
  auto value() const {
    return xt::adapt<xt::layout_type::row_major>(static_cast<const T*>(memory->value), memory->size, xt::no_ownership(),
                                                 memory->shape);
  }
};

namespace detail {

template <class>
inline constexpr bool never = false;

struct any_visitor {
  void operator()(std::string_view, const auto&) const {}
};
/// Has a static visit(m, f), or a friend of that name, which calls f("name", part) for each of its parts.
template <class M>
concept visited_by_member = requires(M& m, any_visitor f) {
  std::remove_const_t<M>::visit(m, f);
  typename std::remove_const_t<M>::scalar_type;
};
template <class M>
concept visited_by_friend = requires(M& m, any_visitor f) {
  visit(m, f);
  typename std::remove_const_t<M>::scalar_type;
};
/// Finds its parameters itself, as a layer does that is only known at run time.
template <class M>
concept collects_itself = requires {
  requires std::remove_const_t<M>::collects_itself;
};

template <class M>
inline constexpr bool is_weight = false;
template <class T>
inline constexpr bool is_weight<weight<T>> = true;
template <class M>
inline constexpr bool is_buffer = false;
template <class T>
inline constexpr bool is_buffer<buffer<T>> = true;
template <class M>
inline constexpr bool is_plain_parameter = false;
template <class T>
inline constexpr bool is_plain_parameter<parameter<T>> = true;

/// Several models of one type, counted from 0.
template <class M>
inline constexpr bool is_list = false;
template <class M, class A>
inline constexpr bool is_list<std::vector<M, A>> = true;
template <class M, std::size_t N>
inline constexpr bool is_list<std::array<M, N>> = true;
/// One or none.
template <class M>
inline constexpr bool is_optional = false;
template <class M>
inline constexpr bool is_optional<std::optional<M>> = true;
template <class M>
inline constexpr bool is_tuple = false;
template <class... M>
inline constexpr bool is_tuple<std::tuple<M...>> = true;

/// Can have no parameters: numbers, enums, lambdas that hold such, text.
template <class M>
constexpr bool holds_nothing() {
  if constexpr (std::same_as<M, std::string> || std::same_as<M, shape_t>)
    return true;
  else if constexpr (is_list<M>)
    return holds_nothing<typename M::value_type>();
  else if constexpr (is_optional<M>)
    return holds_nothing<typename M::value_type>();
  else
    return std::is_trivially_copyable_v<M>;
}

// ---- The number type of a model: void if it has no parameters

template <class A, class B>
struct one_scalar {
  static_assert(never<A>, "xgrad: nn: this model mixes float and double; a model has one number type");
};
template <class A>
struct one_scalar<A, A> : std::type_identity<A> {};
template <class A>
requires(!std::is_void_v<A>) struct one_scalar<A, void> : std::type_identity<A> {
};
template <class A>
requires(!std::is_void_v<A>) struct one_scalar<void, A> : std::type_identity<A> {
};

template <class M>
constexpr auto scalar_in();
template <class M>
using scalar_of = typename decltype(scalar_in<std::remove_const_t<M>>())::type;

template <class Tuple>
struct scalar_of_all;
template <class Last>
struct scalar_of_all<std::tuple<Last>> : std::type_identity<scalar_of<std::remove_reference_t<Last>>> {};
template <>
struct scalar_of_all<std::tuple<>> : std::type_identity<void> {};
template <class First, class... M>
struct scalar_of_all<std::tuple<First, M...>>
    : one_scalar<scalar_of<std::remove_reference_t<First>>, typename scalar_of_all<std::tuple<M...>>::type> {};

template <class M>
constexpr auto scalar_in() {
  if constexpr (requires { typename M::scalar_type; })
    return std::type_identity<typename M::scalar_type>();
  else if constexpr (is_plain_parameter<M>)
    return std::type_identity<std::remove_cvref_t<decltype(*std::declval<M>().data())>>();
  else if constexpr (holds_nothing<M>())
    return std::type_identity<void>();
  else if constexpr (is_list<M> || is_optional<M>)
    return std::type_identity<scalar_of<typename M::value_type>>();
  else if constexpr (is_tuple<M>)
    return std::type_identity<typename scalar_of_all<M>::type>();
  else if constexpr (std::is_aggregate_v<M>)
    return std::type_identity<typename scalar_of_all<decltype(tie(std::declval<M&>()))>::type>();
  else
    return std::type_identity<void>();  // `collect` says what is wrong with it
}

// ---- The walk

inline std::string joined(const std::string& path, std::string_view name) {
  return path.empty() ? std::string(name) : path + "." + std::string(name);
}

template <class T, class M>
void collect(M& m, const std::string& path, std::vector<named_parameter<T>>& list);

[[noreturn]] void throw_empty(const std::string& path);

template <class T, class P>
void collect_parameter(P& p, const std::string& path, std::vector<named_parameter<T>>& list) {
  if (p.empty()) throw_empty(path);
  named_parameter<T> entry;
  entry.path = path, entry.memory = xg::detail::memory_of(static_cast<const parameter<T>&>(p));
  if constexpr (is_weight<std::remove_const_t<P>>) entry.trained = !p.frozen();
  if constexpr (is_weight<P>) entry.of = &p;
  if constexpr (is_buffer<std::remove_const_t<P>>) entry.trained = false, entry.buffer = true;
  if constexpr (is_buffer<P>) entry.kept = &p;
  list.push_back(std::move(entry));
}

template <class T, class M>
void collect(M& m, const std::string& path, std::vector<named_parameter<T>>& list) {
  using U = std::remove_const_t<M>;
  const auto part = [&](std::string_view name, auto& field) { collect<T>(field, joined(path, name), list); };
  if constexpr (is_weight<U> || is_buffer<U>) {
    collect_parameter<T>(m, path, list);
  } else if constexpr (is_plain_parameter<U>) {
    static_assert(never<U>,
                  "xgrad: nn: a model's parameters are nn::weight<T> (trained) or nn::buffer<T> (only kept); "
                  "xg::parameter<T> does not say which");
  } else if constexpr (collects_itself<M>) {
    m.collect(path, list);
  } else if constexpr (holds_nothing<U>()) {
  } else if constexpr (is_list<U>) {
    std::size_t i = 0;
    for (auto& field : m) part(std::to_string(i++), field);
  } else if constexpr (is_optional<U>) {
    if (m) collect<T>(*m, path, list);
  } else if constexpr (is_tuple<U>) {
    [&]<std::size_t... I>(std::index_sequence<I...>) { (part(std::to_string(I), std::get<I>(m)), ...); }
    (std::make_index_sequence<std::tuple_size_v<U>>{});
  } else if constexpr (visited_by_member<M>) {
    U::visit(m, part);
  } else if constexpr (visited_by_friend<M>) {
    visit(m, part);
  } else if constexpr (std::is_aggregate_v<U>) {
    for_each_field(m, part);
  } else {
    static_assert(never<U>,
                  "xgrad: nn: this part of a model may have parameters, but they cannot be found: it is no aggregate, "
                  "list or optional of such; give it `using scalar_type = T;` and "
                  "`static void visit(auto& m, auto f) { f(\"name\", m.part); }` (or a friend visit(m, f))");
  }
}

}  // namespace detail

/// The number type of a model: float or double.
template <class M>
using scalar_of = detail::scalar_of<M>;

/// All parameters of a model, in order of declaration, with their paths. Throws value_error for one without a shape.
template <class M>
auto parameters(M& model) {
  using T = scalar_of<M>;
  static_assert(!std::is_void_v<T>, "xgrad: nn: this model has no parameters");
  std::vector<named_parameter<T>> list;
  detail::collect<T>(model, "", list);
  return list;
}

}  // namespace xg::nn
