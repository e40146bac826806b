// The two files of a function in C: what stands around its body. For the library's own sources.
#pragma once

#include <xgrad/core/export/c_code.hpp>

namespace xg::detail {

/// The parts of the source, written for double.
struct c_parts {
  std::string body;
  std::vector<std::string> constants, functions, tables;  // before the function
};

/// Gives the code its source and its header. `work` is the name of the caller's memory, if there is some.
void write_files(c_code& code, const c_parts& parts, const std::string& work);

}  // namespace xg::detail
