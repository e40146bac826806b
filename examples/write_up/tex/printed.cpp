#include "tex/printed.hpp"
#include "tex/word_list.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace write_up {
namespace {

// Environments that print nothing, or print their source.
const std::set<std::string> unprinted{"comment", "verbatim",     "verbatim*",     "Verbatim", "lstlisting",
                                      "minted",  "filecontents", "filecontents*", "lrbox"};

// Commands and how many of their arguments say nothing to a reader.
const std::map<std::string, int> silent{
    {"\\label", 1},       {"\\index", 1},           {"\\nocite", 1},    {"\\typeout", 1},
    {"\\todo", 1},        {"\\phantom", 1},         {"\\hphantom", 1},  {"\\vphantom", 1},
    {"\\comment", 1},     {"\\savebox", 2},         {"\\sbox", 2},      {"\\cite", 1},
    {"\\citep", 1},       {"\\citet", 1},           {"\\ref", 1},       {"\\eqref", 1},
    {"\\pageref", 1},     {"\\autoref", 1},         {"\\cref", 1},      {"\\Cref", 1},
    {"\\vspace", 1},      {"\\hspace", 1},          {"\\caption", 1},   {"\\includegraphics", 1},
    {"\\newsavebox", 1},  {"\\setlength", 2},       {"\\input", 1},     {"\\include", 1},
    {"\\hypertarget", 1}, {"\\newenvironment", 3},  {"\\resizebox", 2}, {"\\usepackage", 1},
    {"\\addtolength", 2}, {"\\renewenvironment", 3}};

// Environments whose first arguments only arrange.
const std::map<std::string, int> arranged{{"minipage", 1},   {"multicols", 1}, {"tabular", 1},
                                          {"figure", 0},     {"table", 0},     {"tcolorbox", 0},
                                          {"wrapfigure", 2}, {"tabularx", 2},  {"longtable", 1}};

class sieve {
 public:
  explicit sieve(const std::vector<token>& in) : in_(in), ends_(ends_of_groups(in)) {}

  std::vector<token> run() {
    for (std::size_t i = 0; i < in_.size();) i = step(i);
    return std::move(out_);
  }

 private:
  std::size_t skip_space(std::size_t i) const {
    while (i < in_.size() && in_[i].kind == token_kind::space) ++i;
    return i;
  }

  // One past the group at i; i where there is none.
  std::size_t behind_group(std::size_t i) const {
    const std::size_t from = skip_space(i);
    if (from >= in_.size() || in_[from].kind != token_kind::open) return i;
    return ends_[from];
  }

  // One past the [brackets] at i; i where there are none.
  std::size_t behind_brackets(std::size_t i) const {
    const std::size_t from = skip_space(i);
    if (from >= in_.size() || !in_[from].is("[")) return i;
    for (std::size_t k = from; k < in_.size() && k < from + 200; ++k)
      if (in_[k].is("]")) return k + 1;
    return i;
  }

  std::size_t behind_arguments(std::size_t i, int groups) const {
    i = behind_brackets(i);
    for (; groups > 0; --groups) i = behind_group(behind_brackets(i));
    return i;
  }

  std::string environment(std::size_t i) const {
    std::string name;
    const std::size_t end = behind_group(i);
    for (std::size_t k = skip_space(i) + 1; k + 1 < end && name.size() < 30; ++k) name += in_[k].text;
    return name;
  }

  // [2pt], [1em], [-0.5\baselineskip]: how far the next line is.
  std::size_t behind_length(std::size_t i) const {
    const std::size_t end = behind_brackets(i);
    if (end == i || !in_[i].is("[") || end > i + 12) return i;
    bool unit = false;
    for (std::size_t k = i + 1; k + 1 < end; ++k) {
      const bool number = in_[k].kind == token_kind::digit || in_[k].is(".") || in_[k].is("-");
      unit = unit || !number;
      if (!number && in_[k].kind != token_kind::letter && in_[k].kind != token_kind::command) return i;
    }
    return unit ? end : i;
  }

  // Until the \end of the environment `name`.
  std::size_t behind_environment(std::size_t i, const std::string& name) const {
    for (; i < in_.size(); ++i)
      if (in_[i].is("\\end") && environment(i + 1) == name) return behind_group(i + 1);
    return i;
  }

  // Behind the \fi of the \iffalse before i, or its \else.
  std::size_t behind_false(std::size_t i) {
    for (int depth = 1; i < in_.size(); ++i) {
      const bool opens = in_[i].kind == token_kind::command && in_[i].text.rfind("\\if", 0) == 0;
      depth += opens && !in_[i].is("\\iff") ? 1 : in_[i].is("\\fi") ? -1 : 0;
      if (depth == 1 && in_[i].is("\\else")) ++printed_;
      if (depth == 0 || (depth == 1 && in_[i].is("\\else"))) return i + 1;
    }
    return i;
  }

  std::size_t step(std::size_t i) {
    const token& t = in_[i];
    if (t.kind != token_kind::command) return out_.push_back(t), i + 1;
    if (t.is("\\iffalse")) return behind_false(i + 1);
    if (t.is("\\fi") && printed_ > 0) return --printed_, i + 1;
    if (t.is("\\begin")) return begin(i);
    if (t.is("\\verb") || t.is("\\lstinline")) {
      std::size_t k = i + 2;
      while (k < in_.size() && in_[k].text != in_[i + 1].text) ++k;
      return k + 1;
    }
    if (const auto s = silent.find(t.text); s != silent.end()) return behind_arguments(i + 1, s->second);
    out_.push_back(t);
    if (!t.is("\\\\")) return i + 1;
    const std::size_t k = i + 1 < in_.size() && in_[i + 1].is("*") ? i + 2 : i + 1;
    return k < in_.size() ? behind_length(k) : k;
  }

  std::size_t begin(std::size_t i) {
    const std::string name = environment(i + 1);
    std::size_t end = behind_group(i + 1);
    if (unprinted.count(name) != 0) return behind_environment(end, name);
    for (; i < end; ++i) out_.push_back(in_[i]);
    const auto a = arranged.find(name);
    return a == arranged.end() ? end : behind_arguments(end, a->second);
  }

  const std::vector<token>& in_;
  std::vector<std::size_t> ends_;
  std::vector<token> out_;
  int printed_ = 0;  // how many \else branches are open
};

// White text, a formula in a footnote or in a number, a stacked note that takes back.
void look_for_hidden(const std::vector<token>& in, const std::vector<std::size_t>& ends, std::size_t i) {
  const token& t = in[i];
  const bool colour = t.is("\\color") || t.is("\\textcolor");
  const bool note = t.is("\\footnote") || t.is("\\tag");
  if (!colour && !note) return;
  std::string inside;
  std::size_t open = i + 1;
  while (open < in.size() && in[open].kind == token_kind::space) ++open;
  const std::size_t end = open < in.size() && ends[open] > 0 ? ends[open] : std::min(open + 1, in.size());
  bool formula = false;
  for (std::size_t k = i + 1; k < end; ++k) {
    if (in[k].kind == token_kind::letter) inside += in[k].text;
    formula = formula || in[k].kind == token_kind::math || in[k].is("\\(");
  }
  if ((colour && inside == "white") || (note && formula))
    throw complaint(trouble::not_understood, t.where, t.text + " here; expected nothing that is not printed plainly");
}

}  // namespace

std::vector<token> only_printed(const std::vector<token>& tokens) { return sieve(tokens).run(); }

bool changes_what_is_printed(const std::string& t) {
  static const std::set<std::string> commands = words_of(
      R"(\sout \st \xout \uwave \cancel \xcancel \bcancel \hcancel \hide \deleted \replaced \rlap \llap \mathrlap
      \mathllap \mathclap \raisebox \scalebox \fontsize \onslide \only \setbox \kern \hskip \tikz \smash \catcode
      \csname)");
  return commands.count(t) != 0 || (t.rfind("\\if", 0) == 0 && t != "\\iff");
}

void refuse_hidden(const std::vector<token>& tokens) {
  const std::vector<std::size_t> ends = ends_of_groups(tokens);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const token& t = tokens[i];
    if (t.kind == token_kind::command && changes_what_is_printed(t.text))
      throw complaint(trouble::not_understood, t.where, t.text + " here; expected nothing that is not printed plainly");
    look_for_hidden(tokens, ends, i);
  }
}

}  // namespace write_up
