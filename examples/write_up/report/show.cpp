#include "report/show.hpp"

#include <cstring>
#include <iomanip>
#include <ostream>
#include <sstream>

#include <nlohmann/json.hpp>

namespace write_up {
namespace {

std::string mark(verdict v, const style& colours) {
  const std::string text =
      std::string(sign_of(v)) + ' ' + to_string(v) + std::string(7 - std::strlen(to_string(v)), ' ');
  if (v == verdict::right || v == verdict::layout) return colours.good(text);
  return v == verdict::wrong ? colours.bad(text) : text;
}

// Unicode characters, not bytes, so that columns line up.
std::string padded(const std::string& s, std::size_t width) {
  std::size_t n = 0;
  for (const char c : s) n += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return s + std::string(n < width ? width - n : 0, ' ');
}

std::string csv_field(const std::string& s) {
  if (s.find_first_of(",\"\n\r") == std::string::npos) return s;
  std::string out = "\"";
  for (const char c : s) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

nlohmann::json matrix_json(const matrix& a) {
  nlohmann::json rows = nlohmann::json::array();
  for (std::size_t i = 0; i < a.rows; ++i) rows.push_back(row_of(a, i).data);
  return rows;
}

nlohmann::json example_json(const example& e) {
  nlohmann::json j;
  const world& w = *e.point;
  if (w.h[0].data.size() > 1) {
    j["x"] = matrix_json(w.h[0]);
    j["y"] = matrix_json(w.y);
    for (std::size_t i = 1; i <= 3; ++i) j["W" + std::to_string(i)] = matrix_json(w.W[i]);
  } else {
    j["x"] = w.argument;
  }
  j["indices"] = e.at;
  j["expected"] = matrix_json(e.expected);
  j["given"] = e.given ? matrix_json(*e.given) : nlohmann::json();
  return j;
}

}  // namespace

std::string number_text(double v) {
  std::ostringstream out;
  out << std::setprecision(5) << (v == 0 ? 0.0 : v);  // no -0
  return out.str();
}

std::string place_text(const question& q, const index_values& at) {
  std::string out;
  for (std::size_t k = 0; k < at.size(); ++k)
    out += (k > 0 ? ", " : " for ") + q.indices[k].letter + " = " + std::to_string(at[k]);
  return out;
}

std::string summary_text(const report& r) {
  std::ostringstream out;
  out << r.count(verdict::right) + r.count(verdict::layout) << " of " << r.findings.size() << " right, "
      << r.count(verdict::wrong) << " wrong, " << r.count(verdict::unsure) << " unsure, " << r.count(verdict::missing)
      << " missing; " << number_text(r.points()) << " of " << number_text(r.full_points()) << " points";
  return out.str();
}

std::string one_line(const matrix& a) {
  if (a.scalar()) return number_text(a(0, 0));
  std::string out = "[";
  for (std::size_t i = 0; i < a.rows; ++i) {
    out += i > 0 ? "; " : "";
    for (std::size_t j = 0; j < a.cols; ++j) out += (j > 0 ? " " : "") + number_text(a(i, j));
  }
  return out + "]";
}

std::string mistake_text(const finding& f) {
  std::string out = f.mistake;
  if (!f.after.empty()) out += " (" + f.after + ")";
  return out;
}

std::string example_text(const finding& f) {
  if (!f.shown) return "";
  const question& q = *find_question(f.id);
  std::string place = place_text(q, f.shown->at);
  if (q.what == gradient::slope) place = " at x = " + number_text(f.shown->point->argument);
  return (place.empty() ? "" : place.substr(1) + " ") + "the gradient is " + one_line(f.shown->expected) +
         ", the answer gives " + (f.shown->given ? one_line(*f.shown->given) : "nothing");
}

void print_table(std::ostream& out, const report& r, const style& colours) {
  if (!r.file.empty()) out << r.file << '\n';
  if (!r.unreadable.empty()) {
    out << "not readable: " << r.unreadable << '\n';
    return;
  }
  for (const finding& f : r.findings) {
    out << padded(f.id, 6) << mark(f.result, colours) << "  ";
    std::string text = f.message;
    if (f.result == verdict::unsure || (f.result == verdict::wrong && f.mistake.empty()))
      text = to_string(f.where.begin) + ": " + text;
    if (!f.mistake.empty() && f.result == verdict::wrong) text += "  [" + mistake_text(f) + "]";
    const std::string points = number_text(f.points);
    out << (text.empty() ? points : padded(points, 4) + text) << '\n';
    const std::string margin(23, ' ');
    if (f.shown) out << margin << "Example: " << example_text(f) << " (--explain " << f.id << ")\n";
    if (!f.hint.empty()) out << margin << f.hint << '\n';
  }
  for (const std::string& remark : r.remarks) out << "note: " << remark << '\n';
  out << summary_text(r) << '\n';
}

void print_explanation(std::ostream& out, const report& r, const std::string& id) {
  for (const finding& f : r.findings) {
    if (f.id != id) continue;
    const question& q = *find_question(id);
    out << "question " << id << ": " << q.latex << '\n' << "verdict:    " << to_string(f.result);
    if (!f.mistake.empty()) out << ", " << mistake_text(f);
    out << '\n';
    if (!f.message.empty()) out << "            " << f.message << '\n';
    if (f.result == verdict::missing) return;
    out << "as written (" << to_string(f.where.begin) << "): " << f.source << '\n';
    if (!f.echo.empty()) out << "as read:    " << f.echo << '\n';
    if (f.shown) {
      const world& w = *f.shown->point;
      out << "they part at" << place_text(q, f.shown->at) << ":\n";
      if (q.what == gradient::slope) {
        out << "  x = " << number_text(w.argument) << '\n';
      } else {
        out << "  x = " << one_line(w.h[0]) << ", y = " << one_line(w.y) << '\n';
        for (std::size_t i = 1; i <= 3; ++i) out << "  W" << i << " = " << one_line(w.W[i]) << '\n';
        for (std::size_t i = 1; i <= 3; ++i) out << "  z" << i << " = " << one_line(w.z[i]) << '\n';
      }
      out << "  the gradient is   " << one_line(f.shown->expected) << '\n';
      out << "  the answer gives  " << (f.shown->given ? one_line(*f.shown->given) : std::string("nothing")) << '\n';
    }
    if (!f.hint.empty()) out << "hint:       " << f.hint << '\n';
  }
}

void print_json(std::ostream& out, const std::vector<report>& all) {
  nlohmann::json files = nlohmann::json::array();
  for (const report& r : all) {
    nlohmann::json file;
    file["file"] = r.file;
    file["readable"] = r.unreadable.empty();
    if (!r.unreadable.empty()) file["error"] = r.unreadable;
    file["points"] = r.points();
    file["of"] = r.full_points();
    file["remarks"] = r.remarks;
    file["answers"] = nlohmann::json::array();
    for (const finding& f : r.findings) {
      nlohmann::json a;
      a["question"] = f.id;
      a["verdict"] = to_string(f.result);
      a["points"] = f.points;
      if (!f.mistake.empty()) a["mistake"] = f.mistake;
      if (!f.after.empty()) a["after"] = f.after;
      if (!f.message.empty()) a["message"] = f.message;
      if (!f.hint.empty()) a["hint"] = f.hint;
      if (f.result != verdict::missing) {
        a["line"] = f.where.begin.line;
        a["column"] = f.where.begin.column;
        a["as_written"] = f.source;
      }
      if (!f.echo.empty()) a["as_read"] = f.echo;
      if (f.shown) a["example"] = example_json(*f.shown);
      file["answers"].push_back(a);
    }
    files.push_back(file);
  }
  // Bytes that are no UTF-8 are replaced, not an error: the write-up is not ours.
  out << files.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
}

void print_csv(std::ostream& out, const std::vector<report>& all) {
  out << "file,question,verdict,mistake,points,line,column,message\n";
  for (const report& r : all) {
    if (!r.unreadable.empty()) out << csv_field(r.file) << ",,unreadable,,0,,," << csv_field(r.unreadable) << '\n';
    if (!r.unreadable.empty()) continue;
    for (const finding& f : r.findings) {
      out << csv_field(r.file) << ',' << f.id << ',' << to_string(f.result) << ',' << f.mistake << ','
          << number_text(f.points) << ',';
      if (f.result == verdict::missing) {
        out << ",,";
      } else {
        out << f.where.begin.line << ',' << f.where.begin.column << ',';
      }
      out << csv_field(f.message) << '\n';
    }
  }
}

}  // namespace write_up
