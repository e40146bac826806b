// The annotated report as one web page: a table of files and questions, the mistakes made most, then file by file. It
// holds its style, needs no script and no other file, and is laid out for a phone as well as for a screen.
#include <algorithm>
#include <map>
#include <ostream>

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

// The answer with the part the finding is about set off.
std::string marked_source(const finding& f) {
  const std::string& s = f.source;
  if (f.result != verdict::unsure || f.where.begin.offset < f.source_offset) return html(s);
  const std::size_t from = std::min(f.where.begin.offset - f.source_offset, s.size());
  const std::size_t to = std::min(std::max(f.where.end.offset, f.where.begin.offset + 1) - f.source_offset, s.size());
  return html(s.substr(0, from)) + "<mark>" + html(s.substr(from, to - from)) + "</mark>" + html(s.substr(to));
}

std::string anchor(std::size_t file, const std::string& id) { return "f" + std::to_string(file) + "-" + id; }

void print_style(std::ostream& out) {
  out << "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Write-ups, checked</title>\n"
         "<style>\n"
         ":root{--good:#1a7f4b;--bad:#b3261e;--open:#8a5a00;--line:#d0d4da}\n"
         "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;color:#1b1f24}\n"
         "h1{font-size:1.4rem}h2{font-size:1.2rem;margin-top:2.5rem;overflow-wrap:anywhere}h3{font-size:1rem;margin:."
         "3rem 0}\n"
         ".table{overflow-x:auto;border:1px solid var(--line);border-radius:.4rem}\n"
         "table{border-collapse:collapse;font-variant-numeric:tabular-nums}\n"
         "th,td{padding:.25rem .45rem;text-align:center;border-bottom:1px solid var(--line);white-space:nowrap}\n"
         "th:first-child{position:sticky;left:0;background:#fff;text-align:left;max-width:9rem;overflow:hidden;"
         "text-overflow:ellipsis}\n"
         "td a{display:block;text-decoration:none;color:inherit;min-width:1rem}\n"
         "td.right,td.layout{color:var(--good)}td.wrong{color:#fff;background:var(--bad)}"
         "td.unsure{color:var(--open);background:#fff1d6}td.missing{color:#68707a}\n"
         "section{border-left:.3rem solid #9aa2ac;padding:.1rem .8rem;margin:.8rem 0}\n"
         "section.right,section.layout{border-color:var(--good)}section.wrong{border-color:var(--bad)}"
         "section.unsure{border-color:#d08a00}\n"
         "pre,code{white-space:pre-wrap;overflow-wrap:anywhere;background:#f3f4f6;border-radius:.2rem}pre{padding:."
         "5rem}\n"
         "mark{background:#ffd28a}p{margin:.3rem 0}\n"
         "@media print{.table{overflow:visible}section{break-inside:avoid}}\n"
         "</style></head><body>\n";
}

// One row per file, one column per question; every cell leads to its finding.
void print_overview(std::ostream& out, const std::vector<report>& all) {
  out << "<div class=\"table\"><table>\n<tr><th>file</th><th>points</th>";
  for (const question& q : all_questions()) out << "<th>" << q.id << "</th>";
  out << "</tr>\n";
  for (std::size_t i = 0; i < all.size(); ++i) {
    const report& r = all[i];
    out << "<tr><th><a href=\"#f" << i << "\">" << html(r.file) << "</a></th>";
    if (!r.unreadable.empty()) {
      out << "<td colspan=\"26\">not readable</td></tr>\n";
      continue;
    }
    out << "<td>" << number_text(r.points()) << "</td>";
    for (const finding& f : r.findings)
      out << "<td class=\"" << to_string(f.result) << "\"><a href=\"#" << anchor(i, f.id) << "\" title=\"" << f.id
          << ": " << to_string(f.result) << "\">" << sign_of(f.result) << "</a></td>";
    out << "</tr>\n";
  }
  out << "</table></div>\n";
}

// The mistakes made most, with the answers they are in.
void print_most_frequent(std::ostream& out, const std::vector<report>& all) {
  std::map<std::string, std::vector<std::pair<std::size_t, std::string>>> where;
  for (std::size_t i = 0; i < all.size(); ++i)
    for (const finding& f : all[i].findings)
      for (std::size_t from = 0; from < f.mistake.size();) {  // two at once are joined by +
        const std::size_t to = std::min(f.mistake.find('+', from), f.mistake.size());
        where[f.mistake.substr(from, to - from)].emplace_back(i, f.id);
        from = to + 1;
      }
  std::vector<std::pair<std::size_t, std::string>> order;
  for (const auto& [mistake, places] : where) order.emplace_back(places.size(), mistake);
  std::sort(order.begin(), order.end(),
            [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
  if (order.empty()) return;
  out << "<h2>Most frequent mistakes</h2>\n<ol class=\"mistakes\">\n";
  for (std::size_t k = 0; k < order.size() && k < 10; ++k) {
    const std::string& id = order[k].second;
    out << "<li>" << html(find_mistake(id).name) << ": " << order[k].first << " (";
    const auto& places = where[id];
    for (std::size_t n = 0; n < places.size() && n < 12; ++n)
      out << (n > 0 ? ", " : "") << "<a href=\"#" << anchor(places[n].first, places[n].second) << "\">"
          << (all.size() > 1 ? html(all[places[n].first].file) + " " : "") << places[n].second << "</a>";
    out << (places.size() > 12 ? ", …)" : ")") << "</li>\n";
  }
  out << "</ol>\n";
}

void print_example(std::ostream& out, const finding& f) {
  const world& w = *f.shown->point;
  out << "<p>For example x = " << (w.h[0].data.size() > 1 ? one_line(w.h[0]) : number_text(w.argument));
  if (w.h[0].data.size() > 1) {
    out << ", y = " << one_line(w.y);
    for (std::size_t i = 1; i <= 3; ++i) out << ", W<sup>" << i << "</sup> = " << one_line(w.W[i]);
  }
  out << ":" << place_text(*find_question(f.id), f.shown->at) << " the gradient is " << one_line(f.shown->expected)
      << ", the answer gives " << (f.shown->given ? one_line(*f.shown->given) : std::string("nothing")) << ".</p>\n";
}

void print_finding(std::ostream& out, const finding& f, std::size_t file) {
  out << "<section class=\"" << to_string(f.result) << "\" id=\"" << anchor(file, f.id) << "\"><h3>" << f.id
      << " &mdash; " << to_string(f.result) << ", " << number_text(f.points) << " points</h3>\n<p><code>"
      << html(find_question(f.id)->latex) << "</code></p>\n";
  if (f.result != verdict::missing) out << "<pre>" << f.where.begin.line << ": " << marked_source(f) << "</pre>\n";
  if (!f.message.empty()) out << "<p>" << html(f.message) << "</p>\n";
  if (!f.echo.empty() && f.result != verdict::right) out << "<p>Read as <code>" << html(f.echo) << "</code></p>\n";
  if (f.shown) print_example(out, f);
  if (!f.hint.empty()) out << "<p><em>" << html(f.hint) << "</em></p>\n";
  out << "</section>\n";
}

}  // namespace

void print_html(std::ostream& out, const std::vector<report>& all) {
  print_style(out);
  out << "<h1>" << (all.size() > 1 ? std::to_string(all.size()) + " write-ups" : "A write-up") << ", checked</h1>\n";
  print_overview(out, all);
  print_most_frequent(out, all);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const report& r = all[i];
    out << "<h2 id=\"f" << i << "\">" << html(r.file) << "</h2>\n";
    if (!r.unreadable.empty()) {
      out << "<p>Not readable: " << html(r.unreadable) << "</p>\n";
      continue;
    }
    out << "<p>" << html(summary_text(r)) << "</p>\n";
    for (const std::string& remark : r.remarks) out << "<p>" << html(remark) << "</p>\n";
    for (const finding& f : r.findings) print_finding(out, f, i);
  }
  out << "</body></html>\n";
}

}  // namespace write_up
