// The annotated report for pdflatex.
#include <ostream>
#include <utility>

#include "report/show.hpp"

namespace write_up {
namespace {

// Plain text for LaTeX. Signs its text fonts lack are put in mathematics.
std::string latex_text(const std::string& s) {
  static const std::vector<std::pair<std::string, std::string>> signs{
      {"δ", "$\\delta$"},  {"σ", "$\\sigma$"}, {"∂", "$\\partial$"}, {"½", "$\\frac12$"},
      {"≥", "$\\ge$"},     {"×", "$\\times$"}, {"⊙", "$\\odot$"},    {"⟨", "$\\langle$"},
      {"⟩", "$\\rangle$"}, {"…", "\\dots{}"},  {"⊗", "$\\otimes$"}};
  std::string out;
  for (std::size_t i = 0; i < s.size(); ++i) {
    bool done = false;
    for (const auto& [sign, tex] : signs)
      if (s.compare(i, sign.size(), sign) == 0) {
        out += tex;
        i += sign.size() - 1;
        done = true;
        break;
      }
    if (done) continue;
    const char c = s[i];
    if (c == '\\') {
      out += "\\textbackslash{}";
    } else if (c == '^' || c == '~') {
      out += std::string("\\") + c + "{}";
    } else if (std::string("{}$&#_%").find(c) != std::string::npos) {
      out += std::string("\\") + c;
    } else if (c == '<' || c == '>' || c == '|') {
      out += std::string("$") + c + "$";
    } else if (static_cast<unsigned char>(c) < 0x80) {
      out += c;
    } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
      out += '?';
    }
  }
  return out;
}

}  // namespace

void print_latex(std::ostream& out, const std::vector<report>& all) {
  out << "\\documentclass{article}\n\\usepackage[margin=25mm]{geometry}\n\\usepackage{amsmath,amssymb}\n"
         "\\setlength{\\parindent}{0pt}\n\\setlength{\\parskip}{4pt}\n\\begin{document}\n";
  for (const report& r : all) {
    out << "\\section*{" << latex_text(r.file) << "}\n";
    if (!r.unreadable.empty()) {
      out << "Not readable: " << latex_text(r.unreadable) << "\n\n";
      continue;
    }
    out << r.points() << " of " << r.full_points() << " points\n\n";
    for (const finding& f : r.findings) {
      out << "\\medskip\\textbf{" << f.id << "}\\quad $\\displaystyle " << find_question(f.id)->latex
          << "$\\quad \\textbf{" << to_string(f.result) << "}, " << f.points << " points\n\n";
      if (!f.echo.empty()) out << "$\\displaystyle " << f.echo << "$\n\n";
      if (!f.message.empty()) out << latex_text(f.message) << "\n\n";
      if (f.shown) out << "Example: " << latex_text(example_text(f)) << ".\n\n";
      if (!f.hint.empty()) out << "\\emph{" << latex_text(f.hint) << "}\n\n";
    }
  }
  out << "\\end{document}\n";
}

}  // namespace write_up
