// A recorded computation compiled by the system's C compiler and loaded into this program.
#pragma once

#include <concepts>
#include <initializer_list>
#include <memory>
#include <tuple>
#include <utility>

#include <xgrad/core/export/c_code.hpp>
#include <xgrad/core/tape/record.hpp>

namespace xg {

struct compile_options : c_options {
  /// The compiler; if none is given, $CC, else cc, gcc or clang, whichever is found first.
  std::string compiler{};
  /// What it is told besides. -ffp-contract=off: every operation is rounded by itself, as the library does.
  std::vector<std::string> flags{"-O3", "-march=native", "-fno-math-errno", "-ffp-contract=off"};
  /// Where compiled functions are kept; if none is given, $XDG_CACHE_HOME/xgrad, else a folder of the user's own in the
  /// temporary one.
  std::string cache{};
};

namespace detail {

/// A function of the outputs' and inputs' addresses, in a library that is unloaded with the last copy of this.
class loaded_c {
 public:
  loaded_c() = default;
  /// Compiles, or finds what was compiled before. Throws value_error, io_error.
  loaded_c(const c_code& code, const compile_options& options);
  void operator()(const void* const* inputs, void* const* outputs, void* work) const {
    function_(inputs, outputs, work);
  }
  /// Was it found in the cache?
  bool cached() const { return cached_; }

 private:
  std::shared_ptr<void> library_;
  void (*function_)(const void* const*, void* const*, void*) = nullptr;
  bool cached_ = false;
};

/// Memory of this thread's own for so many bytes; its next call may take it away.
void* thread_memory(std::size_t bytes);
/// Throws shape_error for an argument of another shape than the parameter's.
void check_argument(const c_code& code, const c_parameter& parameter, shape_view shape);
[[noreturn]] void throw_argument_count(const c_code& code, std::size_t given);

template <class A, class T>
concept contiguous_array = requires(A& a) {
  { a.data() } -> std::convertible_to<const T*>;
  a.shape();
}
&&std::decay_t<A>::static_layout == xt::layout_type::row_major;

}  // namespace detail

/// What compile returns: a function of arrays. It knows nothing of the tape any more, can be copied, and called by
/// several threads at the same time.
template <class T>
class compiled_c {
 public:
  compiled_c(c_code code, const compile_options& options) : code_(std::move(code)), function_(code_, options) {}

  /// f(x, W, y): inputs, then outputs, in their order when it was compiled. Inputs are xtensor expressions or numbers;
  /// outputs are row-major containers, which get their shapes, or numbers. Throws shape_error.
  template <class... A>
  void operator()(A&&... arguments) const {
    if (sizeof...(A) != code_.inputs.size() + code_.outputs.size()) detail::throw_argument_count(code_, sizeof...(A));
    std::array<const void*, sizeof...(A)> in{};
    std::array<void*, sizeof...(A)> out{};
    const std::size_t n = code_.inputs.size();
    auto held = std::tuple(hold(arguments)...);  // what is no array yet, evaluated
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      ((K < n ? void(in[K] = input(K, arguments, std::get<K>(held))) : void(out[K - n] = output(K - n, arguments))),
       ...);
    }
    (std::index_sequence_for<A...>{});
    run(in.data(), out.data());
  }

  /// The same on addresses of memory of the parameters' sizes, which nobody checks.
  void call(std::span<const T* const> inputs, std::span<T* const> outputs) const {
    if (inputs.size() != code_.inputs.size() || outputs.size() != code_.outputs.size())
      detail::throw_argument_count(code_, inputs.size() + outputs.size());
    run(reinterpret_cast<const void* const*>(inputs.data()), reinterpret_cast<void* const*>(outputs.data()));
  }
  void call(std::initializer_list<const T*> inputs, std::initializer_list<T*> outputs) const {
    call(std::span<const T* const>(inputs.begin(), inputs.size()),
         std::span<T* const>(outputs.begin(), outputs.size()));
  }

  /// The text, and what its parameters are.
  const c_code& code() const { return code_; }
  /// Had it been compiled before?
  bool cached() const { return function_.cached(); }

 private:
  struct nothing {};

  void run(const void* const* in, void* const* out) const {
    function_(in, out, code_.work == 0 ? nullptr : detail::thread_memory(code_.work * sizeof(T)));
  }
  template <class A>
  static auto hold(const A& a) {
    if constexpr (std::is_arithmetic_v<A> || detail::contiguous_array<const A, T>)
      return nothing();
    else
      return xt::xarray<T>(a);
  }
  template <class A, class Held>
  const T* input(std::size_t k, const A& a, const Held& held) const {
    if constexpr (std::is_arithmetic_v<A>) {
      static_assert(std::same_as<A, T>, "xgrad: a number given to a compiled function has the type of its arrays");
      detail::check_argument(code_, code_.inputs[k], {});
      return &a;
    } else if constexpr (std::same_as<Held, nothing>) {
      detail::check_argument(code_, code_.inputs[k], shape_t(a.shape().begin(), a.shape().end()));
      return a.data();
    } else {
      detail::check_argument(code_, code_.inputs[k], shape_t(held.shape().begin(), held.shape().end()));
      return held.data();
    }
  }
  template <class A>
  T* output(std::size_t k, A& a) const {
    if constexpr (std::same_as<A, T>) {
      detail::check_argument(code_, code_.outputs[k], {});
      return &a;
    } else if constexpr (requires {
                           { a.data() } -> std::same_as<T*>;
                           a.shape();
                         }) {
      const shape_t& shape = code_.outputs[k].shape;
      if constexpr (requires { a.resize(std::vector<std::size_t>()); })
        if (!std::equal(a.shape().begin(), a.shape().end(), shape.begin(), shape.end()))
          a.resize(std::vector<std::size_t>(shape.begin(), shape.end()));
      detail::check_argument(code_, code_.outputs[k], shape_t(a.shape().begin(), a.shape().end()));
      return a.data();
    } else {
      throw_argument_kind(k);
    }
  }
  [[noreturn]] void throw_argument_kind(std::size_t k) const {
    throw value_error(code_.name + ": argument " + std::to_string(k + code_.inputs.size()) + " is the output " +
                      code_.outputs[k].name + ", which is written to a container of the right number type");
  }

  c_code code_;
  detail::loaded_c function_;
};

/// compile(y, {x, W}), compile({y, dW}, {x, W}), both also with compile_options: what export_c writes, compiled and
/// loaded. Where the same text was compiled before for this machine, by the same compiler, it is taken from the cache.
/// Throws value_error without a compiler, or with its message if it fails, and as export_c does.
struct compile_t {
  template <differentiable Y, class T = typename Y::scalar_type, class Arch = detail::simd_arch>
  compiled_c<T> operator()(const Y& y, std::initializer_list<std::type_identity_t<var<T>>> inputs,
                           const compile_options& options = {},
                           const std::source_location& where = std::source_location::current()) const {
    const var<T> output = recorded<Arch>(y, where);
    return {make_c<T>({&output, 1}, {inputs.begin(), inputs.size()}, options, where), options};
  }
  template <class T>
  compiled_c<T> operator()(std::initializer_list<var<T>> outputs,
                           std::initializer_list<std::type_identity_t<var<T>>> inputs,
                           const compile_options& options = {},
                           const std::source_location& where = std::source_location::current()) const {
    return {make_c<T>({outputs.begin(), outputs.size()}, {inputs.begin(), inputs.size()}, options, where), options};
  }
  template <class T>
  compiled_c<T> operator()(const std::vector<var<T>>& outputs, const std::type_identity_t<std::vector<var<T>>>& inputs,
                           const compile_options& options = {},
                           const std::source_location& where = std::source_location::current()) const {
    return {make_c<T>(outputs, inputs, options, where), options};
  }
};
inline constexpr compile_t compile;

}  // namespace xg
