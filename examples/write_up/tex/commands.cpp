#include "tex/commands.hpp"

#include <algorithm>
#include <map>
#include <sstream>

#include "tex/word_list.hpp"

namespace write_up {
namespace {

const std::map<std::string, role> roles{{"space", role::space},     {"gap", role::gap},        {"length", role::length},
                                        {"silent", role::silent},   {"color", role::colour},   {"font", role::font},
                                        {"shift", role::shift},     {"accent", role::accent},  {"words", role::words},
                                        {"call", role::call},       {"note", role::note},      {"aside", role::aside},
                                        {"hidden", role::hidden},   {"strike", role::strike},  {"arrow", role::arrow},
                                        {"heading", role::heading}, {"defines", role::defines}};

// Role, number of arguments, commands.
const char* const commands_text = R"(
space 0 \, \; \: \! \ \> \/ \thinspace \left \right \middle \big \Big \bigg \Bigg \bigl \bigr \Bigl \Bigr \biggl \biggr
  \Biggl \Biggr \limits \nolimits \displaystyle \textstyle \scriptstyle \nonumber \notag \therefore \because \enspace
  \negthinspace \strut \mathstrut \medspace \thickspace \bigm \noindent \hfill \par \smallskip \medskip \bigskip
  \centering \boxed \fbox \newline \underline \uline \ensuremath \hline \allowbreak \mathbin \mathrel \mathop \mathord
  \IEEEyesnumber \IEEEnonumber \break
gap 0 \quad \qquad
length 0 \mkern \mskip
silent 1 \label \index \nocite \typeout \todo \phantom \hphantom \vphantom \comment \cite \citep \citet \ref \eqref
  \pageref \autoref \cref \Cref \vspace \hspace \caption \includegraphics \newsavebox \input \include \hypertarget
  \usepackage \bibliography \documentclass \title \author \date
silent 2 \savebox \sbox \setlength \resizebox \addtolength
silent 3 \newenvironment \renewenvironment
color 1 \color
color 2 \textcolor
font 1 \mathbf \mathrm \mathsf \mathit \boldsymbol \mathcal \mathbb \mathds \mathbbm \vec \mathscr \mathfrak \mathtt
  \mathnormal \operatorname \mathbbold \vb \va \bold
shift 0 \bf \rm \sf \it \cal \bfseries
accent 1 \hat \tilde \bar \overline \dot
words 1 \text \textrm \textit \mbox \textnormal \textsf \hbox \textbf \intertext \emph \texttt \shortintertext
call 1 \substack
call 2 \frac
note 2 \underset \overset \stackrel
note 1 \underbrace \overbrace
aside 1 \footnote \tag
hidden 1 \hide \deleted \replaced \rlap \llap \mathrlap \mathllap \mathclap \raisebox \scalebox \fontsize \onslide \only
  \setbox \kern \hskip \tikz \smash \catcode \csname \uwave \hcancel
strike 1 \sout \st \xout \cancel \xcancel \bcancel
arrow 0 \implies \Rightarrow \iff \Leftrightarrow \Longrightarrow \to \forall \rightarrow \longrightarrow
  \Longleftrightarrow \leadsto \hookrightarrow \square \Box \blacksquare \checkmark \qed \qedhere \leftrightarrow
heading 1 \section \subsection \subsubsection \paragraph \subparagraph \chapter \part
defines 0 \newcommand \renewcommand \providecommand \DeclareRobustCommand \def \gdef \edef \xdef \let
  \DeclareMathOperator \DeclareMathSymbol \DeclareMathAccent \mathchardef \NewDocumentCommand \RenewDocumentCommand
  \ProvideDocumentCommand \DeclareDocumentCommand)";

const std::map<std::string, std::string> synonyms = pairs_of(
    R"(\nicefrac \frac \sfrac \frac \tfrac \frac \dfrac \frac \cfrac \frac \geq \ge \geqslant \ge \leq \le \leqslant \le
    \neq \ne \ast * \star * \intercal \top \gt > \lt < \lbrack [ \rbrack ] \lbrace \{ \rbrace \} \lparen ( \rparen )
    \colon : \widehat \hat \prime ' \circ \odot \land \wedge \llbracket [ \rrbracket ] \coloneqq = \triangleq = \equiv
    = \bullet \cdot \centerdot \cdot \lvert | \rvert | \vert | \bm \boldsymbol \pmb \boldsymbol \ldots \dots \cdots
    \dots \vdots \dots \ddots \dots \cr \\)");

const char* const environments_text = R"(
display 0 equation align gather multline displaymath eqnarray aligned split gathered flalign math dmath
display 1 alignat IEEEeqnarray empheq
matrix 0 matrix bmatrix pmatrix Bmatrix smallmatrix psmallmatrix bsmallmatrix
matrix 1 array
cases 0 cases dcases rcases
counted 0 enumerate compactenum questions parts tasks
bullets 0 itemize compactitem description
solution 0 solution solutions answer sol loesung Lösung antwort
unprinted 0 comment verbatim Verbatim lstlisting minted filecontents lrbox
arranges 0 figure table tcolorbox
arranges 1 minipage multicols tabular longtable
arranges 2 wrapfigure tabularx)";

}  // namespace

command command_named(const std::string& name) {
  static const std::map<std::string, command> table = [] {
    std::map<std::string, command> all;
    std::istringstream in(commands_text);
    command entry;
    for (std::string word; in >> word;) {
      if (const auto r = roles.find(word); r != roles.end()) {
        entry.what = r->second;
        in >> entry.arguments;
      } else {
        all[word == "\\" ? "\\ " : word] = entry;
      }
    }
    return all;
  }();
  const auto usual = synonyms.find(name);
  const std::string& known = usual == synonyms.end() ? name : usual->second;
  command c;
  if (const auto entry = table.find(known); entry != table.end()) c = entry->second;
  if (name.starts_with("\\if") && name != "\\iff") c.what = role::hidden;
  c.usual = known;
  return c;
}

environment environment_named(std::string name) {
  static const std::map<std::string, environment> table = [] {
    std::map<std::string, environment> all;
    std::istringstream in(environments_text);
    for (std::string line; std::getline(in, line);) {
      std::istringstream words(line);
      environment e;
      words >> e.kind >> e.arguments;
      for (std::string word; words >> word;) all[word] = e;
    }
    return all;
  }();
  std::erase(name, '*');
  const auto e = table.find(name);
  return e == table.end() ? environment{} : e->second;
}

}  // namespace write_up
