// A recorded computation as C99, for where no C++ library can go.
#pragma once

#include <filesystem>
#include <initializer_list>

#include <xgrad/core/export/c_code.hpp>
#include <xgrad/core/tape/record.hpp>

namespace xg {

/// Writes code.source to this file, NAME.c, and code.header to NAME.h beside it. Throws io_error.
void write_c(const c_code& code, const std::filesystem::path& file);

namespace detail {

/// The function's name: that of the options, or the file's.
std::string c_name(const c_options& options, const std::filesystem::path& file);

}  // namespace detail

/// export_c(y, {x, W}, "net.c"), export_c({y, dW}, {x, W}, "net.c"), both also with c_options: writes the outputs as a
/// function of the inputs, `void net(const double *x, const double *W, double *y, ...)`, to net.c and net.h, and
/// returns what it wrote. The C is dependency-free, of fixed shapes, allocates nothing and is called by any number of
/// threads; parameters are called by the names of the variables. What else the outputs are computed from is in it as
/// constants. A gradient is an output like any other: xg::gradient records it.
///
/// Throws value_error for an op that has no C (with its name and line), for random numbers, for an input that is named
/// twice; io_error where the files cannot be written; tape_error.
struct export_c_t {
  template <differentiable Y, class T = typename Y::scalar_type, class Arch = detail::simd_arch>
  c_code operator()(const Y& y, std::initializer_list<std::type_identity_t<var<T>>> inputs,
                    const std::filesystem::path& file, const c_options& options = {},
                    const std::source_location& where = std::source_location::current()) const {
    const var<T> output = recorded<Arch>(y, where);
    return run<T>({&output, 1}, {inputs.begin(), inputs.size()}, file, options, where);
  }
  template <class T>
  c_code operator()(std::initializer_list<var<T>> outputs, std::initializer_list<std::type_identity_t<var<T>>> inputs,
                    const std::filesystem::path& file, const c_options& options = {},
                    const std::source_location& where = std::source_location::current()) const {
    return run<T>({outputs.begin(), outputs.size()}, {inputs.begin(), inputs.size()}, file, options, where);
  }
  template <class T>
  c_code operator()(const std::vector<var<T>>& outputs, const std::type_identity_t<std::vector<var<T>>>& inputs,
                    const std::filesystem::path& file, const c_options& options = {},
                    const std::source_location& where = std::source_location::current()) const {
    return run<T>(outputs, inputs, file, options, where);
  }

 private:
  template <class T>
  static c_code run(std::span<const var<T>> outputs, std::span<const var<T>> inputs, const std::filesystem::path& file,
                    c_options options, const std::source_location& where) {
    options.name = detail::c_name(options, file);
    c_code code = make_c<T>(outputs, inputs, options, where);
    write_c(code, file);
    return code;
  }
};
inline constexpr export_c_t export_c;

}  // namespace xg
