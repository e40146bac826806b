// Bad input: one line that says what, where, and what would be right; status 2; nothing half-written.
#include <doctest/doctest.h>

#include "program.hpp"

using test::contains;
using test::run_program;

namespace {

// The program must refuse with one line that contains all the parts.
void check_refused(const std::vector<std::string>& arguments, const std::vector<std::string>& parts) {
  const test::outcome r = run_program(arguments);
  CAPTURE(r.err);
  CHECK(r.status == 2);
  CHECK(r.out == "");
  CHECK(r.err.starts_with("homework: "));
  CHECK(test::count_of(r.err, "\n") == 1);
  CHECK(r.err.ends_with("\n"));
  for (const std::string& part : parts) CHECK_MESSAGE(contains(r.err, part), part);
}

const std::string good_weights = "1,2,3,4\n1,2,3,4\n1,2,3,4\n\n1,2,3\n1,2,3\n\n1,2\n";

}  // namespace

TEST_CASE("options") {
  check_refused({"--sample", "0"}, {"--sample 0", "1 to 150"});
  check_refused({"--sample", "151"}, {"--sample 151", "1 to 150"});
  check_refused({"--sample", "99999999999999999999999"}, {"--sample 99999999999999999999999", "whole number"});
  check_refused({"--sample", "two"}, {"--sample two", "whole number"});
  check_refused({"--sample", "-3"}, {"--sample"});
  check_refused({"--sample"}, {"--sample"});
  check_refused({"--batch", "0"}, {"--batch 0", "1 to 150"});
  check_refused({"--batch", "151"}, {"--batch 151", "1 to 150"});
  check_refused({"--seed", "1.5"}, {"--seed 1.5", "whole number"});
  check_refused({"--precision", "half"}, {"half", "float", "double"});
  check_refused({"--question", "1.18"}, {"--question 1.18", "no such question", "1.17, 2.1"});
  check_refused({"--layers", "4,3,2,1,1", "--question", "1.1"}, {"--question 1.1", "1.W4"});
  for (const char* layers :
       {"", "4", "4,0,1", "4,,1", "4,3,", "4,x", "4,-3,1", "4,1001,1", "4 3", "99999999999999999999,1"})
    check_refused({"--layers", layers}, {"--layers", "such as 4,3,2,1"});
  check_refused({"--layers", "5,3,1"}, {"--layers 5,3,1", "5 inputs", "4 measurements", "--input"});
  check_refused({"--precision", "float", "sweep"}, {"--precision", "before a subcommand", "options of sweep"});
  check_refused({"--json", "check", "answers.tex"}, {"--json", "before a subcommand", "options of check"});
  check_refused({"--question", ""}, {"--question", "is empty"});
  check_refused({"--report", ""}, {"--report", "is empty"});
  check_refused({"--graph", ""}, {"--graph", "is empty"});
  check_refused({"--graph", "net.png"}, {"--graph net.png", "ends in .svg, .dot (for Graphviz) or .txt"});
  check_refused({"--nonsense"}, {"--nonsense", "--help"});
  check_refused({"nonsense"}, {"nonsense", "--help"});
  check_refused({"sweep", "--points", "0"}, {"--points 0", "1 to 10000"});
  check_refused({"sweep", "--points", "many"}, {"--points many", "whole number"});
  check_refused({"sweep", "--precision", "int"}, {"int", "float"});
}

TEST_CASE("weights that do not fit the samples") {
  const test::folder f;
  check_refused({"--weights", f.write("w.csv", "# three inputs\n1,2,3\n\n1\n")},
                {f.file("w.csv") + ": line 2, column 4", "W1 has 3 columns", "expected 4", "--input FILE"});
}

TEST_CASE("files in another notation are met with a hint") {
  const test::folder f;
  check_refused({"--weights", f.write("semicolon.csv", "1;2;3;4\n")}, {"line 1, column 1", "separated by commas"});
  check_refused({"--weights", f.write("tab.csv", "1\t2\t3\t4\n")}, {"line 1, column 1", "separated by commas"});
  check_refused({"--weights", f.write("head.csv", "width,height\n1,2\n")}, {"line 1, column 1", "must begin with #"});
}

TEST_CASE("files that cannot be read") {
  const test::folder f;
  check_refused({"--weights", f.file("none.csv")}, {f.file("none.csv"), "No such file"});
  check_refused({"--weights", f.file("")}, {"is a directory", "CSV file"});
  check_refused({"--target", f.file("none.csv")}, {f.file("none.csv"), "No such file"});
  check_refused({"--input", f.write("x.csv", "1,2,3,4\n")}, {"--target FILE"});
  check_refused({"--input", f.file("none.csv"), "--target", f.write("y.csv", "1\n")},
                {f.file("none.csv"), "No such file"});
}

TEST_CASE("numbers that are none") {
  const test::folder f;
  const std::vector<std::pair<std::string, std::vector<std::string>>> cases{
      {"1,2,abc,4\n", {"line 1, column 3", "'abc' is not a number", "such as 0.5"}},
      {"1,2,3,4\n# comment\n1,2,,4\n", {"line 3, column 3", "nothing there"}},
      {"1,2,3,4,\n", {"line 1, column 5", "nothing there"}},
      {"1,2,3,nan\n", {"line 1, column 4", "'nan' is not finite"}},
      {"1,-inf,3,4\n", {"line 1, column 2", "'-inf' is not finite"}},
      {"1e999,2,3,4\n", {"line 1, column 1", "outside the range"}},
      {"1,2,3,0x10\n", {"line 1, column 4", "'0x10' is not a number"}},
      {"1;2;3;4\n", {"line 1, column 1", "'1;2;3;4' is not a number"}},
      {"1,2,3 4,5\n", {"line 1, column 3", "'3 4'"}},
      {std::string("1,2,\0,4\n", 8), {"line 1, column 3", "'?'"}},
      {"1,2,3,4\n1,2,3\n", {"line 2, column 4", "3 numbers in this row", "expected 4", "line 1"}},
      {"1,2,3,4\n1,2,3,4,5\n", {"line 2, column 5", "5 numbers in this row", "expected 4"}},
      {"", {"line 1, column 1", "no numbers"}},
      {"\n\n# nothing\n", {"no numbers"}},
  };
  for (const auto& [text, parts] : cases) {
    const std::string file = f.write("w.csv", text);
    std::vector<std::string> all = parts;
    all.push_back(file);
    check_refused({"--weights", file}, all);
  }
}

TEST_CASE("shapes that do not fit") {
  const test::folder f;
  const std::string y = f.write("y.csv", "1\n2\n");
  check_refused({"--weights", f.write("w.csv", "1,2,3,4\n1,2,3,4\n\n1,2,3\n")},
                {"w.csv: line 4, column 3", "W2 has 3 columns", "expected 2"});
  check_refused({"--weights", f.write("w.csv", "1,2,3\n")},
                {"W1 has 3 columns", "expected 4, one for each measurement"});
  check_refused({"--input", f.write("x.csv", "1,2,3\n"), "--target", y},
                {"x.csv: line 1, column 4", "3 columns", "expected 4"});
  check_refused({"--input", f.write("x.csv", "\n1,2,3,4,5\n"), "--target", y},
                {"x.csv: line 2, column 5", "5 columns"});
  check_refused({"--input", f.write("x.csv", "1,2,3,4\n\n1,2,3,4\n"), "--target", y},
                {"x.csv: line 3, column 1", "second matrix"});
  check_refused({"--input", f.write("x.csv", "1,2,3,4\n"), "--target", y},
                {"y.csv: line 2, column 1", "2 rows", "expected 1"});
  check_refused({"--target", f.write("t.csv", "1,2\n1,2\n")}, {"t.csv: line 1, column 2", "2 columns", "expected 1"});
  check_refused({"--target", f.write("t.csv", "1\n")}, {"t.csv: line 2, column 1", "1 row", "expected 2"});
  const std::string x = f.write("x.csv", "1,2,3,4\n5,6,7,8\n");
  check_refused({"--input", x, "--target", y, "--sample", "3"}, {"--sample 3", "1 to 2"});
  check_refused({"--input", x, "--target", y, "--sample", "2", "--batch", "2"}, {"--batch 2", "1 to 1"});
  const std::string w = f.write("w.csv", good_weights);
  check_refused({"--weights", w, "--layers", "4,2,1"}, {"--layers 4,2,1", "4,3,2,1"});
  check_refused({"--weights", w, "--seed", "1"}, {"--weights and --seed"});
  check_refused({"--precision", "float", "--weights", f.write("w.csv", "1e300,1,1,1\n")},
                {"outside the range of float"});
}

TEST_CASE("a report is written whole or not at all") {
  const test::folder f;
  check_refused({"--report", f.file("no/such/r.tex")}, {"no/such/r.tex", "cannot be written"});
  check_refused({"--report", f.file("")}, {"is a directory"});
  const std::string report = f.write("r.tex", "as it was");
  check_refused({"--report", report, "--weights", f.write("w.csv", "1,x\n")}, {"w.csv", "'x'"});
  check_refused({"--report", report, "--question", "9.9"}, {"9.9"});
  CHECK(test::text_of(report) == "as it was");
  CHECK(f.names().size() == 2);
}

TEST_CASE("standard output that is full") {
  const test::outcome r = test::run_command("sh -c " + test::quoted(test::quoted(HOMEWORK_PROGRAM) + " >/dev/full"));
  CHECK(r.status == 2);
  CHECK(contains(r.err, "standard output: cannot be written"));
}
