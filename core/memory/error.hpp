// What can go wrong, as types. Every message names the op, what was met, what was expected, and the user's line.
#pragma once

#include <source_location>
#include <stdexcept>
#include <string>

namespace xg {

/// The root of every exception this library throws.
class error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Shapes that do not fit the operation.
class shape_error : public error {
 public:
  using error::error;
};

/// A handle used on the wrong tape, after clear(), or a tape used out of order.
class tape_error : public error {
 public:
  using error::error;
};

/// A number or an option outside its range; in anomaly mode, the first NaN or infinity.
class value_error : public error {
 public:
  using error::error;
};

/// A file that cannot be read or written, or whose content is not what it should be.
class io_error : public error {
 public:
  using error::error;
};

/// `" (net.cpp:42)"`: the tail of a message that points at the user's statement.
std::string at_line(const std::source_location& where);

/// In a catch block: throws the current exception again, with `op: ` before its message and the user's line after it,
/// where they are not there yet; `; in statement` before the line, if one is given. Only this library's and the
/// standard library's errors that consist of a message can be told anew; an exception of any other type, derived ones
/// included, is passed on as it is.
[[noreturn]] void rethrow_named(const std::string& op, const std::source_location& where,
                                const std::string& statement = {});

}  // namespace xg
