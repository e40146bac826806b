// Whole write-ups in many styles; comments at their beginning say which answers are right, wrong and missing.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>
#include <string>

#include "check.hpp"

namespace {

struct expectation {
  std::set<std::string> right, wrong, missing;
  double most_points = 50;
};

std::set<std::string> ids_in(std::string list) {
  if (const std::size_t end = list.find("-->"); end != std::string::npos) list.erase(end);
  std::istringstream in(list);
  std::set<std::string> out;
  for (std::string id; in >> id;) out.insert(id);
  return out;
}

expectation expected_in(const std::string& text) {
  expectation e;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    for (const auto& [word, ids] : {std::pair{"right: ", &e.right}, {"wrong: ", &e.wrong}, {"missing: ", &e.missing}})
      for (const char* comment : {"% ", "<!-- "})
        if (line.starts_with(std::string(comment) + word)) *ids = ids_in(line.substr(line.find(':') + 1));
  if (const std::size_t at = text.find("% points: "); at != std::string::npos)
    e.most_points = std::stod(text.substr(at + 10));
  return e;
}

}  // namespace

TEST_CASE("whole write-ups: right answers are accepted, wrong ones refused, unfilled ones missing") {
  std::size_t documents = 0, right = 0, refused = 0, wrong = 0, accepted = 0, missing = 0, not_missing = 0;
  for (const auto& file : std::filesystem::directory_iterator(WRITE_UP_DOCUMENTS)) {
    std::ostringstream text;
    text << std::ifstream(file.path()).rdbuf();
    const expectation e = expected_in(text.str());
    const write_up::report r = write_up::check_write_up(text.str());
    const std::string name = file.path().filename().string();
    ++documents;
    CHECK_MESSAGE(!e.right.empty() + !e.missing.empty() > 0, name, " says nothing to check");
    CHECK_MESSAGE(r.points() <= e.most_points, name, " gets ", r.points(), " points");
    for (const write_up::finding& f : r.findings) {
      const bool taken = f.result == write_up::verdict::right || f.result == write_up::verdict::layout;
      bool as_expected = true;
      if (e.right.count(f.id) != 0) {
        ++right;
        refused += !taken;
        as_expected = taken;
      } else if (e.wrong.count(f.id) != 0) {
        ++wrong;
        accepted += taken;
        as_expected = f.result == write_up::verdict::wrong;
      } else if (e.missing.count(f.id) != 0) {
        ++missing;
        not_missing += f.result != write_up::verdict::missing;
        as_expected = f.result == write_up::verdict::missing;
      } else {
        CHECK_MESSAGE(!taken, name, ": ", f.id, " is taken for an answer");
      }
      if (!as_expected)
        MESSAGE(name << ": " << f.id << " " << std::string(write_up::to_string(f.result)) << ' ' << f.mistake << ": "
                     << f.message << "\n  at " << write_up::to_string(f.where.begin) << ": " << f.source);
    }
  }
  std::cout << documents << " documents: " << right << " right, " << refused << " of them refused; " << wrong
            << " wrong, " << accepted << " of them accepted; " << missing << " missing, " << not_missing
            << " of them judged\n";
  CHECK(documents >= 12);
  CHECK(right >= 200);
  CHECK(accepted == 0);
  CHECK(not_missing == 0);
  CHECK(100 * refused <= 3 * right);
}
