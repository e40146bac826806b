#include "command.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>
#include <xgrad/core/memory/error.hpp>

#include "homework/report.hpp"
#include "report/show.hpp"

namespace write_up {
namespace {

struct choice {
  std::vector<std::string> files;
  bool json = false;
  bool csv = false;
  std::string explain, html, latex, credit;
};

// The file's bytes, at most `most` of them.
std::string read_file(const std::string& path, std::size_t most, const std::string& expected) {
  if (std::error_code ignored; std::filesystem::is_directory(path, ignored))
    throw xg::io_error("is a directory; expected " + expected);
  std::ifstream in(path, std::ios::binary);
  if (!in) throw xg::io_error("cannot be opened; expected " + expected);
  std::string text(most, '\0');
  in.read(text.data(), static_cast<std::streamsize>(most));
  if (in.bad()) throw xg::io_error("cannot be read; expected " + expected);
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

credit_table read_credit(const std::string& path) {
  credit_table table = default_credit();
  if (path.empty()) return table;
  const auto fail = [&](const std::string& why) { throw xg::io_error(path + ": " + why); };
  nlohmann::json j;
  try {
    j = nlohmann::json::parse(read_file(path, 1 << 16, "a JSON file"), nullptr, false);
  } catch (const xg::io_error& e) {
    fail(e.what());
  }
  if (!j.is_object()) fail("expected a JSON object such as {\"layout\": 1.5, \"sign\": 1}");
  for (const auto& [key, points] : j.items()) {
    const bool known = default_credit().count(key) != 0 || !find_mistake(key).id.empty();
    if (!known) fail("\"" + key + "\" is neither a verdict nor a mistake; expected one such as layout or sign");
    if (!points.is_number() || points.get<double>() < 0 || points.get<double>() > 100)
      fail("the points of \"" + key + "\" are " + points.dump() + "; expected a number from 0 to 100");
    table[key] = points.get<double>();
  }
  return table;
}

report check_file(const std::string& path, const options& o) {
  report r;
  try {
    // One byte more than allowed: the checker then says that the file is too long.
    r = check_write_up(read_file(path, o.cap.bytes + 1, "a LaTeX write-up"), o);
  } catch (const xg::io_error& e) {
    r.unreadable = e.what();
  }
  r.file = path;
  return r;
}

void write(const std::string& path, void (*print)(std::ostream&, const std::vector<report>&),
           const std::vector<report>& all) {
  if (path.empty()) return;
  std::ostringstream out;
  print(out, all);
  homework::write_whole(path, out.str());
}

// A report must not take the place of what it is about.
void refuse_overwriting(const choice& c) {
  for (const auto& [option, report] : {std::pair{"--html", c.html}, std::pair{"--latex", c.latex}})
    for (const std::string& file : c.files)
      if (!report.empty() && homework::same_file(report, file))
        throw xg::value_error(std::string(option) + " " + report +
                              ": this is a write-up to check; expected another file");
  if (!c.html.empty() && !c.latex.empty() && c.html == c.latex && !std::filesystem::is_other(c.html))
    throw xg::value_error("--html and --latex name one file; expected two");
}

int run(const choice& c) {
  if (c.files.empty()) throw xg::value_error("check: which write-up? Expected a LaTeX file, as in: check answers.tex");
  refuse_overwriting(c);
  if (!c.explain.empty() && find_question(c.explain) == nullptr)
    throw xg::value_error("--explain " + c.explain + ": there is no such question; expected 1.1 to 1.17 or 2.1 to 2.8");
  options o;
  o.credit = read_credit(c.credit);
  std::vector<report> all;
  int status = 0;
  for (const std::string& file : c.files) {
    all.push_back(check_file(file, o));
    status = std::max(status, all.back().exit_code());
  }
  write(c.html, print_html, all);
  write(c.latex, print_latex, all);
  if (c.json) {
    print_json(std::cout, all);
  } else if (c.csv) {
    print_csv(std::cout, all);
  } else {
    for (const report& r : all) {
      if (!r.unreadable.empty()) {
        std::cerr << r.file << ": " << r.unreadable << '\n';
      } else if (c.explain.empty()) {
        print_table(std::cout, r, homework::style_of_stdout());
      } else {
        print_explanation(std::cout, r, c.explain);
      }
    }
  }
  return status;
}

}  // namespace

void add_commands(CLI::App& app, int& status) {
  CLI::App* check =
      app.add_subcommand("check", "Checks LaTeX write-ups: a verdict for every answer, and the likely mistake.");
  const auto c = std::make_shared<choice>();
  check->add_option("files", c->files, "LaTeX write-ups")->type_name("FILE");
  CLI::Option* json = check->add_flag("--json", c->json, "as JSON");
  CLI::Option* csv = check->add_flag("--csv", c->csv, "as CSV, one line per file and question")->excludes(json);
  check->add_option("--explain", c->explain, "one question at length, for example 1.11")
      ->type_name("ID")
      ->excludes(json)
      ->excludes(csv);
  check->add_option("--html", c->html, "also write an annotated web page to this file")->type_name("FILE");
  check->add_option("--latex", c->latex, "also write an annotated LaTeX report to this file")->type_name("FILE");
  check->add_option("--credit", c->credit, "JSON table of points by verdict or mistake")->type_name("FILE");
  check->callback([c, &status] { status = run(*c); });

  CLI::App* blank = app.add_subcommand("template", "Prints a LaTeX write-up with all 25 questions, to be filled in.");
  blank->callback([] { print_template(std::cout); });
}

}  // namespace write_up
