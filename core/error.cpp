#include <xgrad/core/error.hpp>

#include <string_view>

namespace xg {

std::string at_line(const std::source_location& where) {
  if (where.line() == 0) return {};
  std::string_view file = where.file_name();
  file.remove_prefix(file.find_last_of('/') + 1);
  return " (" + std::string(file) + ":" + std::to_string(where.line()) + ")";
}

}  // namespace xg
