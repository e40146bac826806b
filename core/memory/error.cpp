#include <xgrad/core/memory/error.hpp>

#include <string_view>
#include <typeinfo>

namespace xg {

std::string at_line(const std::source_location& where) {
  if (where.line() == 0) return {};
  std::string_view file = where.file_name();
  file.remove_prefix(file.find_last_of('/') + 1);
  return " (" + std::string(file) + ":" + std::to_string(where.line()) + ")";
}

namespace {

template <class E>
void throw_if(const std::exception& e, const std::string& message) {
  if (typeid(e) == typeid(E)) throw E(message);
}
template <class... E>
void throw_as_one_of(const std::exception& e, const std::string& message) {
  (throw_if<E>(e, message), ...);
}

}  // namespace

void rethrow_named(const std::string& op, const std::source_location& where, const std::string& statement) {
  try {
    throw;
  } catch (const std::exception& e) {
    std::string message = e.what();
    const std::string line = at_line(where);
    if (!message.starts_with(op + ": ")) message.insert(0, op + ": ");
    if (message.find(line) == std::string::npos) message += (statement.empty() ? "" : "; in " + statement) + line;
    throw_as_one_of<error, shape_error, tape_error, value_error, io_error, std::runtime_error, std::range_error,
                    std::overflow_error, std::underflow_error, std::logic_error, std::invalid_argument,
                    std::domain_error, std::length_error, std::out_of_range>(e, message);
    throw;
  }
}

}  // namespace xg
