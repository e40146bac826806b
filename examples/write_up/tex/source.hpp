// A write-up as text: where things stand in it, its TeX tokens, and the one exception everything here throws.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace write_up {

/// A position in the write-up, both counted from 1.
struct place {
  int line = 1;
  int column = 1;
  std::size_t offset = 0;  ///< bytes from the beginning, to quote from the source

  friend bool operator==(const place&, const place&) = default;
};

/// From the first to just after the last character of something.
struct span {
  place begin;
  place end;
};

/// What stops the reading of one answer. The kind decides the verdict and which repairs are worth trying.
enum class trouble {
  not_understood,  ///< no reading: the parser or a name unknown
  ambiguous,       ///< more than one reading
  shape,           ///< a product or sum of shapes that do not fit
  range,           ///< an index beyond the end
  unbound,         ///< an index letter no sum and no question binds
  undefined,       ///< no value here (division by zero, no case applies)
  not_answered,    ///< a question or its prompt, and no answer to it
  too_much         ///< a limit of limits.hpp
};

/// Why an answer, or a whole write-up, could not be read: where, what was met, what was expected.
class complaint : public std::runtime_error {
 public:
  complaint(trouble kind, span where, const std::string& text) : std::runtime_error(text), kind(kind), where(where) {}

  trouble kind;
  span where;
};

/// The caps that keep a hostile write-up cheap.
struct limits {
  std::size_t bytes = 1 << 20;        ///< of one file
  std::size_t tokens = 20'000;        ///< of one answer after macro expansion
  std::size_t macro_depth = 40;       ///< nested expansions
  int nesting = 120;                  ///< brackets, fractions, scripts inside each other
  std::size_t steps = 1'000'000;      ///< nodes evaluated for one answer, its mistakes and second looks included
  std::size_t all_steps = 5'000'000;  ///< the same for the whole write-up
  std::size_t definitions = 200;      ///< "let a = ..." of one write-up
  std::size_t cells = 400;            ///< entries of a matrix
  int terms = 100;                    ///< of a sum with limits
  std::size_t formulas = 100;         ///< in one answer, or outside the answers
  std::size_t sides = 30;             ///< of the chains of one answer
};

enum class token_kind {
  command,  ///< \frac: text is "\\frac"
  letter,
  digit,
  symbol,  ///< any other character, UTF-8 ones whole
  open,    ///< {
  close,   ///< }
  up,      ///< ^
  down,    ///< _
  align,   ///< &
  math,    ///< $ or $$
  space,
  paragraph,  ///< an empty line
  word,       ///< a word of text
  end
};

struct token {
  token_kind kind = token_kind::end;
  std::string text;
  span where;

  bool is(std::string_view t) const { return kind != token_kind::space && text == t; }
};

/// The text as UTF-8 without a byte order mark, lines ending with \n, other control characters as spaces. Bytes that
/// are no UTF-8 are read as Latin-1. Throws a complaint if it is empty, too long or no text at all.
std::string plain_text(const std::string& bytes, const limits& cap = {});

/// Markdown (a text with lines that begin with # and without LaTeX's own headings) as LaTeX, line by line; any other
/// text as it is.
std::string without_markdown(const std::string& text);

/// The TeX tokens of a text. Comments vanish, runs of blanks are one space token, an empty line is a paragraph. A few
/// Unicode letters and signs (δ, ∂, ⊙, …) become the command they stand for.
std::vector<token> tokenize(std::string_view text);

/// `"12:5"`.
std::string to_string(const place& where);

/// What is not printed is gone: between \iffalse and \fi, in a comment or a verbatim environment, in the argument of
/// \label or \phantom. So is what only arranges: \vspace{1cm}, the [2pt] of a line's end.
std::vector<token> only_printed(const std::vector<token>& tokens);

}  // namespace write_up
