#include "tex/source.hpp"

#include <array>
#include <cctype>
#include <utility>

#include "tex/commands.hpp"

namespace write_up {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 29> unicode{{
    {"δ", "\\delta"}, {"∂", "\\partial"}, {"σ", "\\sigma"}, {"θ", "\\theta"}, {"Σ", "\\sum"},     {"∑", "\\sum"},
    {"⊙", "\\odot"},  {"∘", "\\circ"},    {"·", "\\cdot"},  {"⋅", "\\cdot"},  {"×", "\\times"},   {"−", "-"},
    {"≥", "\\ge"},    {"≤", "\\le"},      {"≠", "\\ne"},    {"∇", "\\nabla"}, {"⟨", "\\langle"},  {"⟩", "\\rangle"},
    {"′", "'"},       {"⊤", "\\top"},     {"ℓ", "\\ell"},   {"…", "\\dots"},  {"𝟙", "\\mathbb1"}, {"∈", "\\in"},
    {"ŷ", "\\haty"},  {"⊗", "\\otimes"},  {"–", "-"},       {"’", "'"},       {"≤", "\\le"},
}};

class tokenizer {
 public:
  explicit tokenizer(std::string_view text) : text_(text) {}

  std::vector<token> run() {
    while (here_.offset < text_.size()) step();
    add(token_kind::end, "", here_);
    return std::move(out_);
  }

 private:
  char peek(std::size_t k = 0) const { return here_.offset + k < text_.size() ? text_[here_.offset + k] : '\0'; }

  void advance(std::size_t n = 1) {
    for (; n > 0 && here_.offset < text_.size(); --n) {
      const char c = text_[here_.offset++];
      if (c == '\n') {
        ++here_.line;
        here_.column = 1;
      } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
        ++here_.column;  // the later bytes of a UTF-8 character take no column
      }
    }
  }

  void add(token_kind kind, std::string text, place from) { out_.push_back({kind, std::move(text), {from, here_}}); }

  void step() {
    const place from = here_;
    const char c = peek();
    if (c == '%') {
      while (here_.offset < text_.size() && peek() != '\n') advance();
      advance();
    } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      blanks(from);
    } else if (c == '\\') {
      command(from);
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      wide(from);
    } else {
      advance();
      const std::string one(1, c);
      switch (c) {
        case '{':
          return add(token_kind::open, one, from);
        case '}':
          return add(token_kind::close, one, from);
        case '^':
          return add(token_kind::up, one, from);
        case '_':
          return add(token_kind::down, one, from);
        case '&':
          return add(token_kind::align, one, from);
        case '~':
          return add(token_kind::space, one, from);
        case '$':
          if (peek() == '$') {
            advance();
            return add(token_kind::math, "$$", from);
          }
          return add(token_kind::math, one, from);
        default:
          break;
      }
      if (std::isalpha(static_cast<unsigned char>(c)) != 0) return add(token_kind::letter, one, from);
      if (std::isdigit(static_cast<unsigned char>(c)) != 0) return add(token_kind::digit, one, from);
      add(token_kind::symbol, one, from);
    }
  }

  void blanks(place from) {
    int lines = 0;
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') {
      lines += peek() == '\n' ? 1 : 0;
      advance();
    }
    add(lines > 1 ? token_kind::paragraph : token_kind::space, " ", from);
  }

  void command(place from) {
    advance();
    std::string name = "\\";
    if (std::isalpha(static_cast<unsigned char>(peek())) != 0) {
      while (std::isalpha(static_cast<unsigned char>(peek())) != 0) {
        name += peek();
        advance();
      }
      if (peek() == '*') {  // \section*, \operatorname*: the star says nothing about the meaning
        const role what = command_named(name).what;
        const bool starred = what == role::heading || what == role::defines || what == role::silent;
        if (starred || name == "\\operatorname") advance();
      }
    } else if (here_.offset < text_.size()) {
      name += peek();
      advance();
    }
    add(token_kind::command, std::move(name), from);
  }

  void wide(place from) {
    for (const auto& [sign, tex] : unicode)
      if (text_.substr(here_.offset, sign.size()) == sign) {
        advance(sign.size());
        if (tex == "\\mathbb1") {
          add(token_kind::command, "\\mathbb", from);
          return add(token_kind::digit, "1", from);
        }
        if (tex == "\\haty") {
          add(token_kind::command, "\\hat", from);
          return add(token_kind::letter, "y", from);
        }
        return add(tex[0] == '\\' ? token_kind::command : token_kind::symbol, std::string(tex), from);
      }
    std::size_t n = 1;
    while ((static_cast<unsigned char>(peek(n)) & 0xC0) == 0x80) ++n;
    const std::string sign(text_.substr(here_.offset, n));
    advance(n);
    add(token_kind::symbol, sign, from);
  }

  std::string_view text_;
  place here_;
  std::vector<token> out_;
};

}  // namespace

std::vector<token> tokenize(std::string_view text) { return tokenizer(text).run(); }

std::string to_string(const place& where) { return std::to_string(where.line) + ':' + std::to_string(where.column); }

}  // namespace write_up
