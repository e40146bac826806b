#include "command.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <xgrad/core/error.hpp>

#include "show.hpp"

namespace homework::check {
namespace {

struct choice {
  std::vector<std::string> files;
  bool json = false;
  bool csv = false;
  std::string explain, html, latex, credit;
};

credit_table read_credit(const std::string& path) {
  credit_table table = default_credit();
  if (path.empty()) return table;
  std::ifstream in(path);
  if (!in) throw xg::io_error(path + ": cannot be opened");
  const nlohmann::json j = nlohmann::json::parse(in, nullptr, false);
  if (!j.is_object()) throw xg::io_error(path + ": expected a JSON object such as {\"layout\": 1.5, \"sign\": 1}");
  for (const auto& [key, points] : j.items()) {
    const bool known = default_credit().count(key) != 0 || !find_mistake(key).id.empty();
    if (!known) throw xg::io_error(path + ": \"" + key + "\" is neither a verdict nor a mistake");
    if (!points.is_number()) throw xg::io_error(path + ": the points of \"" + key + "\" are not a number");
    table[key] = points.get<double>();
  }
  return table;
}

// At most one byte more than allowed is read: the checker then says that the file is too long.
report check_file(const std::string& path, const options& o) {
  std::ifstream in(path, std::ios::binary);
  report r;
  std::string text;
  bool readable = static_cast<bool>(in);
  if (readable) {
    text.resize(o.cap.bytes + 1);
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    readable = in.gcount() > 0 || in.eof();
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, in.gcount())));
  }
  if (readable) {
    r = check_write_up(text, o);
  } else {
    r.unreadable = "cannot be opened";
  }
  r.file = path;
  return r;
}

void write(const std::string& path, void (*print)(std::ostream&, const std::vector<report>&),
           const std::vector<report>& all) {
  if (path.empty()) return;
  std::ofstream out(path);
  print(out, all);
  if (!out.flush()) throw xg::io_error(path + ": cannot be written");
}

int run(const choice& c) {
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
      if (c.explain.empty() || !r.unreadable.empty()) {
        print_table(std::cout, r);
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
  check->add_option("files", c->files, "LaTeX write-ups")->required();
  CLI::Option* json = check->add_flag("--json", c->json, "as JSON");
  CLI::Option* csv = check->add_flag("--csv", c->csv, "as CSV, one line per file and question")->excludes(json);
  check->add_option("--explain", c->explain, "one question at length, for example 1.11")->excludes(json)->excludes(csv);
  check->add_option("--html", c->html, "also write an annotated web page to this file");
  check->add_option("--latex", c->latex, "also write an annotated LaTeX report to this file");
  check->add_option("--credit", c->credit, "JSON table of points by verdict or mistake");
  check->callback([c, &status] { status = run(*c); });

  CLI::App* blank = app.add_subcommand("template", "Prints a LaTeX write-up with all 25 questions, to be filled in.");
  blank->callback([] { print_template(std::cout); });
}

}  // namespace homework::check
