#include <xgrad/core/export/c_text.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace xg::detail {

namespace {

// Of <math.h>; those that have a form with an f for float.
constexpr std::string_view functions[] = {
    "acos",  "acosh",  "asin",   "asinh",   "atan",      "atan2",      "atanh",     "cbrt",   "ceil",      "copysign",
    "cos",   "cosh",   "erf",    "erfc",    "exp",       "exp2",       "expm1",     "fabs",   "fdim",      "floor",
    "fma",   "fmax",   "fmin",   "fmod",    "frexp",     "hypot",      "ldexp",     "lgamma", "log",       "log10",
    "log1p", "log2",   "logb",   "modf",    "nan",       "pow",        "nearbyint", "remquo", "remainder", "rint",
    "round", "sin",    "sinh",   "sqrt",    "tan",       "tanh",       "tgamma",    "trunc",  "ilogb",     "scalbn",
    "lrint", "llrint", "lround", "llround", "nextafter", "nexttoward", "scalbln"};
// Names that C, C++ (which reads the header) or the headers have.
constexpr std::string_view reserved[] = {
    "alignas",   "alignof",   "and",        "and_eq",   "asm",       "auto",         "bitand",   "bitor",   "bool",
    "break",     "case",      "catch",      "char",     "class",     "compl",        "concept",  "const",   "consteval",
    "constexpr", "constinit", "continue",   "co_await", "co_return", "co_yield",     "decltype", "default", "delete",
    "do",        "double",    "else",       "enum",     "explicit",  "export",       "extern",   "false",   "float",
    "for",       "friend",    "goto",       "if",       "inline",    "int",          "long",     "mutable", "namespace",
    "new",       "noexcept",  "not",        "not_eq",   "nullptr",   "operator",     "or",       "or_eq",   "private",
    "protected", "public",    "register",   "requires", "restrict",  "return",       "short",    "signed",  "sizeof",
    "static",    "struct",    "switch",     "template", "this",      "thread_local", "throw",    "true",    "try",
    "typedef",   "typeid",    "typename",   "typeof",   "union",     "unsigned",     "using",    "virtual", "void",
    "volatile",  "while",     "wchar_t",    "xor",      "xor_eq",    "j0",           "j1",       "jn",      "y0",
    "y1",        "yn",        "gamma",      "signgam",  "drem",      "significand",  "isnan",    "isinf",   "isfinite",
    "isnormal",  "signbit",   "fpclassify", "NAN",      "INFINITY",  "HUGE_VAL",     "NULL",     "EOF",     "main",
    "unix",      "linux"};

bool is_function(std::string_view name) { return std::ranges::find(functions, name) != std::end(functions); }

// A decimal or hexadecimal floating number; whole numbers are none.
bool is_floating(std::string_view number) {
  const bool hex = number.starts_with("0x") || number.starts_with("0X");
  return number.find_first_of(hex ? ".pP" : ".eE") != std::string_view::npos;
}

}  // namespace

c_names::c_names() {
  for (const std::string_view name : reserved) taken_.emplace(name);
  for (const std::string_view name : functions) {
    taken_.emplace(name);
    taken_.insert(std::string(name) + "f");
    taken_.insert(std::string(name) + "l");
  }
}

std::string c_identifier(std::string_view text) {
  // W¹ is W1; any other character that is none of C's is an underscore.
  constexpr std::string_view digits[][10] = {{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"},
                                             {"₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"}};
  std::string name;
  while (!text.empty()) {
    std::size_t length = 1;
    while (length < text.size() && (text[length] & 0xc0) == 0x80) ++length;  // of UTF-8
    const std::string_view c = text.substr(0, length);
    char plain = length == 1 && (c_letter(c[0]) || c_digit(c[0])) ? c[0] : '_';
    for (const auto& row : digits)
      if (const auto* at = std::ranges::find(row, c); at != std::end(row)) plain = char('0' + (at - row));
    name += plain;
    text.remove_prefix(length);
  }
  while (name.starts_with('_')) name.erase(name.begin());  // those are the compiler's own
  if (name.empty() || c_digit(name.front()) || name.starts_with("xg_")) name.insert(name.begin(), 'v');
  return name;
}

std::string c_names::give(std::string_view wanted) {
  const std::string plain = c_identifier(wanted);
  std::string name = plain;
  for (int k = 2; !taken_.insert(name).second; ++k) name = plain + '_' + std::to_string(k);
  return name;
}

template <class T>
std::string c_number(T x) {
  if (std::isnan(x)) return "NAN";
  if (std::isinf(x)) return x < 0 ? "-INFINITY" : "INFINITY";
  char digits[64];
  const auto end = std::to_chars(digits, digits + sizeof digits, x).ptr;
  std::string text(digits, end);
  if (!is_floating(text)) text += ".0";
  return text;
}
template std::string c_number(float);
template std::string c_number(double);

std::string c_comment(std::string text) {
  for (std::size_t at; (at = text.find("*/")) != std::string::npos || (at = text.find("/*")) != std::string::npos;)
    text.insert(at + 1, " ");
  for (char& c : text)
    if (c == '\n' || c == '\\') c = ' ';  // a backslash at the end of a line would continue it
  return text;
}

std::size_t c_token(std::string_view text) {
  if (text.starts_with("/*")) {
    const std::size_t end = text.find("*/", 2);
    return end == std::string_view::npos ? text.size() : end + 2;
  }
  const bool number = c_digit(text[0]) || (text[0] == '.' && text.size() > 1 && c_digit(text[1]));
  if (!number && !c_letter(text[0])) return 1;
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  std::size_t n = 1;
  for (; n < text.size(); ++n) {
    const bool sign = (text[n] == '+' || text[n] == '-') &&
                      (hex ? text[n - 1] == 'p' || text[n - 1] == 'P' : text[n - 1] == 'e' || text[n - 1] == 'E');
    if (!c_letter(text[n]) && !c_digit(text[n]) && !(number && (text[n] == '.' || sign))) break;
  }
  return n;
}

std::string c_for_float(const std::string& text) {
  return c_replaced(text, [](std::string_view token) -> std::string {
    if (token == "double") return "float";
    std::string result(token);
    if (is_function(token)) return result += 'f';
    if ((c_digit(token[0]) || (token[0] == '.' && token.size() > 1)) && is_floating(token) && !token.ends_with('f'))
      return result += 'f';
    return result;
  });
}

std::size_t c_count(std::string_view text, std::string_view identifier) {
  std::size_t n = 0;
  c_replaced(text, [&](std::string_view token) {
    n += token == identifier;
    return token;
  });
  return n;
}

}  // namespace xg::detail
