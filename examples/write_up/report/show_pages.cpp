// The annotated reports: a web page and a LaTeX document.
#include <algorithm>
#include <ostream>
#include <utility>

#include "report/show.hpp"

namespace write_up {
namespace {

std::string html(const std::string& s) {
  std::string out;
  for (const char c : s) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

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

// The answer with the part the finding is about set off.
std::string marked_source(const finding& f) {
  const std::string& s = f.source;
  if (f.result != verdict::unsure || f.where.begin.offset < f.source_offset) return html(s);
  const std::size_t from = std::min(f.where.begin.offset - f.source_offset, s.size());
  const std::size_t to = std::min(std::max(f.where.end.offset, f.where.begin.offset + 1) - f.source_offset, s.size());
  return html(s.substr(0, from)) + "<mark>" + html(s.substr(from, to - from)) + "</mark>" + html(s.substr(to));
}

}  // namespace

void print_html(std::ostream& out, const std::vector<report>& all) {
  out << "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Homework</title>\n<style>\n"
         "body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}\n"
         "section{border-left:.4em solid #999;padding:.1em 1em;margin:1em 0}\n"
         ".right,.layout{border-color:#2a7}.wrong{border-color:#c33}.unsure{border-color:#d90}\n"
         "pre{white-space:pre-wrap;background:#f4f4f4;padding:.5em}mark{background:#fc9}h3{margin:.3em 0}\n"
         "</style></head><body>\n";
  for (const report& r : all) {
    out << "<h1>" << html(r.file) << "</h1>\n";
    if (!r.unreadable.empty()) {
      out << "<p>Not readable: " << html(r.unreadable) << "</p>\n";
      continue;
    }
    out << "<p>" << html(summary_text(r)) << "</p>\n<p>" << r.points() << " of " << r.full_points() << " points</p>\n";
    for (const std::string& remark : r.remarks) out << "<p>" << html(remark) << "</p>\n";
    for (const finding& f : r.findings) {
      out << "<section class=\"" << to_string(f.result) << "\"><h3>" << f.id << " &mdash; " << to_string(f.result)
          << ", " << f.points << " points</h3>\n<p><code>" << html(find_question(f.id)->latex) << "</code></p>\n";
      if (f.result != verdict::missing) out << "<pre>" << f.where.begin.line << ": " << marked_source(f) << "</pre>\n";
      if (!f.message.empty()) out << "<p>" << html(f.message) << "</p>\n";
      if (!f.echo.empty() && f.result != verdict::right) out << "<p>Read as <code>" << html(f.echo) << "</code></p>\n";
      if (f.shown) {
        out << "<p>For example x = "
            << (f.shown->point->h[0].data.size() > 1 ? one_line(f.shown->point->h[0])
                                                     : std::to_string(f.shown->point->argument));
        if (f.shown->point->h[0].data.size() > 1) {
          out << ", y = " << one_line(f.shown->point->y);
          for (std::size_t i = 1; i <= 3; ++i) out << ", W<sup>" << i << "</sup> = " << one_line(f.shown->point->W[i]);
        }
        out << ":" << place_text(*find_question(f.id), f.shown->at) << " the gradient is "
            << one_line(f.shown->expected) << ", the answer gives "
            << (f.shown->given ? one_line(*f.shown->given) : std::string("nothing")) << ".</p>\n";
      }
      if (!f.hint.empty()) out << "<p><em>" << html(f.hint) << "</em></p>\n";
      out << "</section>\n";
    }
  }
  out << "</body></html>\n";
}

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
