// The checker against answers whose verdict was worked out by hand, one per line in answers/*.txt.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "brief.hpp"
#include "check.hpp"
#include "compiles.hpp"
#include "report/show.hpp"

namespace {

namespace check = write_up;

struct entry {
  std::string where, id, verdict, mistake, reason, text;
};

std::string trimmed(const std::string& s) {
  const std::size_t from = s.find_first_not_of(' ');
  return from == std::string::npos ? "" : s.substr(from, s.find_last_not_of(' ') - from + 1);
}

std::vector<entry> corpus() {
  std::vector<entry> all;
  for (const auto& file : std::filesystem::directory_iterator(WRITE_UP_ANSWERS)) {
    if (file.path().extension() != ".txt") continue;
    std::ifstream in(file.path());
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
      if (line.empty() || line[0] == '#') continue;
      std::vector<std::string> field;
      std::size_t from = 0;
      for (int k = 0; k < 4; ++k) {
        const std::size_t bar = line.find('|', from);
        REQUIRE(bar != std::string::npos);
        field.push_back(trimmed(line.substr(from, bar - from)));
        from = bar + 1;
      }
      all.push_back({file.path().filename().string() + ':' + std::to_string(number), field[0], field[1],
                     field[2] == "-" ? "" : field[2], field[3], line.substr(from)});
    }
  }
  return all;
}

check::report report_on(const std::string& id, const std::string& text) {
  const bool whole = text.find("\\answer") != std::string::npos;
  return check::check_write_up(whole ? text : "\\answer{" + id + "}{" + text + "}");
}

check::finding finding_of(const check::report& r, const std::string& id) {
  for (const check::finding& f : r.findings)
    if (f.id == id) return f;
  return {};
}

struct checked_entry {
  entry e;
  check::report r;
  check::finding f;
};

// The corpus, checked once for all test cases.
const std::vector<checked_entry>& checked_corpus() {
  static const std::vector<checked_entry> all = [] {
    std::vector<checked_entry> out;
    for (const entry& e : corpus()) {
      const check::report r = report_on(e.id, e.text);
      out.push_back({e, r, finding_of(r, e.id)});
    }
    return out;
  }();
  return all;
}

}  // namespace

TEST_CASE("every answer of the corpus gets the verdict worked out by hand") {
  std::size_t right = 0, refused = 0, accepted = 0, named = 0, to_name = 0, other = 0, differs = 0;
  const std::vector<checked_entry>& all = checked_corpus();
  for (const auto& [e, r, f] : all) {
    const std::string got = check::to_string(f.result);
    const bool good = e.verdict == "right" || e.verdict == "layout";
    const bool taken = got == "right" || got == "layout";
    right += good;
    refused += good && !taken;
    accepted += !good && taken;
    other += !good && e.verdict != "wrong" && e.verdict != "refused";
    if (!e.mistake.empty() && e.mistake != "*") {
      ++to_name;
      named += f.mistake == e.mistake;
    }
    if (!(got == e.verdict || (e.verdict == "refused" && (got == "wrong" || got == "unsure"))) ||
        (e.mistake != "*" && f.mistake != e.mistake)) {
      ++differs;
      MESSAGE(e.where << ": " << e.id << " " << e.text << "\n  expected " << e.verdict << " " << e.mistake << " ("
                      << e.reason << "), got " << got << " " << f.mistake << ": " << f.message);
    }
  }
  std::cout << all.size() << " answers: " << right << " right, " << refused << " of them refused; "
            << all.size() - right << " not right, " << accepted << " of them accepted; " << named << " of " << to_name
            << " mistakes named; " << other << " not understood or missing; " << differs << " verdicts differ\n";
  CHECK(all.size() >= 300);
  CHECK(accepted == 0);
  CHECK(named == to_name);
  CHECK(50 * refused <= right);
  CHECK(differs == 0);
}

TEST_CASE("every named mistake is met, shown by an example and followed by a hint") {
  std::set<std::string> met;
  for (const auto& [e, r, f] : checked_corpus()) {
    if (e.verdict != "wrong") continue;
    CAPTURE(e.where);
    met.insert(f.mistake);
    if (!f.mistake.empty()) CHECK(!f.hint.empty());
    if (f.mistake == "unevaluated_chain") continue;  // it may have the right value
    REQUIRE(f.shown.has_value());
    const check::example& shown = *f.shown;
    CHECK((!shown.given || !check::agrees(*shown.given, shown.expected)));
  }
  std::ostringstream readme;
  readme << std::ifstream(WRITE_UP_README).rdbuf();
  for (const check::mistake& m : check::all_mistakes()) {
    CAPTURE(m.id);
    CHECK(readme.str().find("| `" + m.id + "` | " + m.name + " |\n") != std::string::npos);
    CHECK(met.count(m.id) == 1);
    CHECK(!m.name.empty());
  }
}

TEST_CASE("the echo of a formula is read as the same formula") {
  int read_again = 0, echoes = 0;
  for (const auto& [e, r, first] : checked_corpus()) {
    std::string text = e.text;  // names of one's own, letters and parts said on a left side are not in the echo
    for (std::size_t at = 0; (at = text.find("=1}")) != std::string::npos;) text.erase(at, 1);
    if (text.find('=') != std::string::npos || text.find("\\answer") != std::string::npos) continue;
    if (first.echo.empty() || first.result == check::verdict::unsure) continue;
    if (test::brief && echoes++ % 8 != 0) continue;
    const check::finding again = finding_of(report_on(e.id, first.echo), e.id);
    CAPTURE(e.where);
    CAPTURE(first.echo);
    CAPTURE(again.message);
    CHECK(check::to_string(again.result) == std::string(check::to_string(first.result)));
    CHECK(again.mistake == first.mistake);
    ++read_again;
  }
  CHECK(read_again > (test::brief ? 50 : 400));
}

TEST_CASE("reports of every answer of the corpus compile") {
  std::vector<check::report> all;
  for (const auto& [e, r, f] : checked_corpus()) all.push_back(r);
  for (std::size_t i = 0; i < all.size(); ++i) all[i].file = std::to_string(i);
  std::ostringstream latex;
  check::print_latex(latex, all);
  CHECK(latex.str().find("\\end{document}") != std::string::npos);
  if (test::brief) return;
  const test::folder f;
  f.write("r.tex", latex.str());
  test::check_compiles(f, "r.tex");
}
