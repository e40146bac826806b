// The bytes of a file as text.
#include "tex/source.hpp"

namespace write_up {
namespace {

unsigned char at(const std::string& s, std::size_t i) { return i < s.size() ? static_cast<unsigned char>(s[i]) : 0; }

// The length of the UTF-8 character at i, 0 if there is none.
std::size_t utf8_length(const std::string& s, std::size_t i) {
  const unsigned char c = at(s, i);
  if (c < 0x80) return 1;
  const std::size_t n = c >= 0xC2 && c < 0xE0 ? 2 : c >= 0xE0 && c < 0xF0 ? 3 : c >= 0xF0 && c < 0xF5 ? 4 : 0;
  for (std::size_t k = 1; k < n; ++k)
    if ((at(s, i + k) & 0xC0) != 0x80) return 0;
  const bool overlong = (c == 0xE0 && at(s, i + 1) < 0xA0) || (c == 0xF0 && at(s, i + 1) < 0x90);
  const bool beyond = (c == 0xED && at(s, i + 1) >= 0xA0) || (c == 0xF4 && at(s, i + 1) >= 0x90);
  return overlong || beyond ? 0 : n;
}

bool is_utf8(const std::string& s) {
  for (std::size_t i = 0; i < s.size();) {
    const std::size_t n = utf8_length(s, i);
    if (n == 0) return false;
    i += n;
  }
  return true;
}

std::string from_latin1(const std::string& s) {
  std::string out;
  for (const char c : s) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      out += static_cast<char>(0xC0 | (byte >> 6));
      out += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return out;
}

}  // namespace

std::string plain_text(const std::string& bytes, const limits& cap) {
  if (bytes.empty()) throw complaint(trouble::not_understood, {}, "the file is empty; expected a LaTeX write-up");
  if (bytes.size() > cap.bytes)
    throw complaint(trouble::too_much, {}, "the file has more than " + std::to_string(cap.bytes) + " bytes");
  if (const std::size_t zero = bytes.find('\0'); zero != std::string::npos)
    throw complaint(trouble::not_understood, {},
                    "no text: byte " + std::to_string(zero + 1) + " is zero; expected LaTeX in UTF-8");
  std::string text = is_utf8(bytes) ? bytes : from_latin1(bytes);
  if (text.rfind("\xEF\xBB\xBF", 0) == 0) text.erase(0, 3);
  for (std::size_t i = 0; i < text.size(); ++i) {
    char& c = text[i];
    if (c == '\r') {
      c = at(text, i + 1) == '\n' ? ' ' : '\n';
    } else if ((static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F) {
      c = ' ';
    }
  }
  return text;
}

}  // namespace write_up
