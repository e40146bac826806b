// A recorded computation as C99: what export_c writes and compile compiles.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <xgrad/core/expression/variable.hpp>

namespace xg {

struct c_options {
  /// The function's name; export_c takes the file's if there is none.
  std::string name{};
  /// What is computed on the way lies on the stack if it is no more than this, in bytes. Else the function has one more
  /// parameter, memory that its caller gives.
  std::size_t stack = 16384;
  /// Long sums are added up with care, as the library does (Kahan 1965). They cost a few per cent of their loops; a
  /// compiler that is told -ffast-math takes the care away.
  bool careful_sums = true;
};

/// A parameter of the function in C: a row-major array.
struct c_parameter {
  std::string name;
  shape_t shape;
  std::size_t size = 1;
};

/// A function in C99, in text.
struct c_code {
  std::string name;
  std::string source, header;  ///< NAME.c, which includes NAME.h
  std::vector<c_parameter> inputs, outputs;
  std::size_t work = 0;  ///< numbers of memory that the caller gives as the last argument; 0: there is no such argument
  bool is_float = false;
};

/// c_code of the outputs as a function of the inputs, which are variables anywhere before them; everything else that
/// they are computed from, parameters too, becomes constants with the values of now. Throws value_error for an op that
/// has no C, for random numbers, for an input that is named twice; tape_error.
template <class T>
c_code make_c(std::span<const var<T>> outputs, std::span<const var<T>> inputs, const c_options& options,
              const std::source_location& where);
extern template c_code make_c(std::span<const var<float>>, std::span<const var<float>>, const c_options&,
                              const std::source_location&);
extern template c_code make_c(std::span<const var<double>>, std::span<const var<double>>, const c_options&,
                              const std::source_location&);

}  // namespace xg
