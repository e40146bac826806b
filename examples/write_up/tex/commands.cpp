#include "tex/commands.hpp"

#include "tex/word_list.hpp"

namespace write_up {
namespace {

const std::set<std::string> spacing = words_of(
    R"(\, \; \: \! \ \> \/ \thinspace \left \right \big \Big \bigg \Bigg \bigl \bigr \Bigl \Bigr \biggl \biggr \Biggl
    \Biggr \limits \nolimits \displaystyle \textstyle \scriptstyle \nonumber \notag \middle \therefore \because
    \enspace \negthinspace \strut \mathstrut \medspace \thickspace \bigm \noindent \hfill \par \smallskip \medskip
    \bigskip \centering \boxed \fbox \newline \underline \uline \ensuremath \hline \allowbreak \mathbin \mathrel
    \IEEEyesnumber \IEEEnonumber)");

const std::set<std::string> dropped_with_argument{"\\label",   "\\tag",      "\\hspace",   "\\vspace", "\\color",
                                                  "\\phantom", "\\hphantom", "\\vphantom", "\\kern"};

const std::map<std::string, std::string> synonyms = pairs_of(
    R"(\nicefrac \frac \sfrac \frac \tfrac \frac \dfrac \frac \cfrac \frac \geq \ge \geqslant \ge \leq \le \leqslant \le
    \neq \ne \ast * \star * \intercal \top \gt > \lt < \lbrack [ \rbrack ] \lbrace \{ \rbrace \} \lparen ( \rparen )
    \colon : \widehat \hat \prime ' \circ \odot \land \wedge \llbracket [ \rrbracket ] \coloneqq = \triangleq = \equiv
    = \bullet \cdot \centerdot \cdot \lvert | \rvert | \vert | \bm \boldsymbol \pmb \boldsymbol \odot \odot \dots
    \dots \ldots \dots \cdots \dots \vdots \dots \ddots \dots \mathop \mathord)");

const std::set<std::string> texts = words_of(
    R"(\text \textrm \textit \mbox \textnormal \textsf \hbox \textbf \intertext \emph \texttt \shortintertext)");

const std::set<std::string> displays = words_of(
    R"(equation align gather multline displaymath eqnarray aligned split gathered flalign alignat math IEEEeqnarray
    empheq dmath)");

// Commands that part formulas: the next one follows from the one before.
const std::set<std::string> arrows =
    words_of(R"(\implies \Rightarrow \iff \Leftrightarrow \Longrightarrow \to \forall \rightarrow \longrightarrow
    \Longleftrightarrow \leadsto \hookrightarrow \square \Box \blacksquare \checkmark \qed \qedhere \leftrightarrow)");

}  // namespace

bool only_spaces(const std::string& t) { return spacing.count(t) != 0; }

bool vanishes_with_argument(const std::string& t) { return dropped_with_argument.count(t) != 0; }

bool is_text_command(const std::string& t) { return texts.count(t) != 0; }

std::string usual_name(const std::string& t) {
  const auto usual = synonyms.find(t);
  return usual == synonyms.end() ? t : usual->second;
}

bool parts_formulas(const std::string& t) { return arrows.count(t) != 0; }

bool is_display_environment(std::string name) {
  std::erase(name, '*');
  return displays.count(name) != 0;
}

}  // namespace write_up
