// Pieces of C99: names, numbers, and text written for double that becomes text for float.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace xg::detail {

/// The names in a C file. A name is given once; keywords and what <math.h> declares are not given.
class c_names {
 public:
  c_names();
  /// This name, made one of C's (`h 1` becomes h_1), or with a number behind it if it is not free.
  std::string give(std::string_view wanted);
  /// Is nobody's: neither given nor C's own.
  bool is_free(const std::string& name) const { return !taken_.contains(name); }

 private:
  std::set<std::string, std::less<>> taken_;
};

/// A name of C's: letters, digits and underscores, a letter in front.
std::string c_identifier(std::string_view text);
/// The shortest number that is read as x again: "0.1", "-1e-300", "INFINITY".
template <class T>
std::string c_number(T x);
/// Comment text: what would end the comment is broken up.
std::string c_comment(std::string text);
/// Text that was written for double, for float: `double` is float, and literals and functions of <math.h> get their f.
std::string c_for_float(const std::string& text);

/// How often an identifier stands in a text.
std::size_t c_count(std::string_view text, std::string_view identifier);
/// The text with each identifier for which `other` has one replaced; null: stays as it is. Comments stay.
template <class F>
std::string c_replaced(std::string_view text, const F& other);

// ---- Of which c_replaced is made

inline bool c_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
inline bool c_digit(char c) { return c >= '0' && c <= '9'; }
/// The length of the token at the beginning: a comment, an identifier, a number, or one character.
std::size_t c_token(std::string_view text);

template <class F>
std::string c_replaced(std::string_view text, const F& other) {
  std::string result;
  while (!text.empty()) {
    const std::string_view token = text.substr(0, c_token(text));
    text.remove_prefix(token.size());
    result += other(token);
  }
  return result;
}

}  // namespace xg::detail
