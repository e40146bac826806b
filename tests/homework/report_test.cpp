// The LaTeX report.
#include <doctest/doctest.h>

#include "compiles.hpp"
#include "program.hpp"
#include "questions.hpp"
#include "report.hpp"

using test::contains;

TEST_CASE("the report has every question with its formula and numbers") {
  const test::folder f;
  const test::outcome r = test::run_program({"--report", f.file("r.tex")});
  CHECK(r.status == 0);
  CHECK(contains(r.out, "report written to"));
  const std::string text = test::text_of(f.file("r.tex"));
  CHECK(text.starts_with("\\documentclass"));
  CHECK(text.ends_with("\\end{document}\n"));
  CHECK(contains(text, "25 of 25 agree"));
  for (const homework::question_text& q : homework::sheet_texts()) {
    CAPTURE(q.id);
    CHECK(contains(text, "\\paragraph{" + q.id + "}\n\\[ " + q.latex_quantity + " = " + q.latex_formula + " = "));
  }
  for (const char* number : {"0.279873", "1.16886", "2.7951", "0.2309925", "-0.0168"}) CHECK(contains(text, number));
  CHECK(test::count_of(text, "\\usepackage") == 1);
  CHECK(f.names() == std::vector<std::string>{"r.tex"});
  test::check_compiles(f, "r.tex");
}

TEST_CASE("reports of other networks compile too, whatever the files are called") {
  const test::folder f;
  const std::string odd = f.write("a_b%c&d#e$f{g}~^\\\"<>|é.csv", "1,2,3,4\n-1,2,1e-9,1\n\n1,-1e12\n");
  CHECK(test::run_program({"--weights", odd, "--report", f.file("odd.tex")}).status == 0);
  test::check_compiles(f, "odd.tex");
  CHECK(test::run_program(
            {"--layers", "4,30,20,3", "--batch", "20", "--precision", "float", "--report", f.file("big.tex")})
            .status == 0);
  test::check_compiles(f, "big.tex");
}

TEST_CASE("a report replaces the one before, with the usual permissions") {
  const test::folder f;
  const std::string file = f.write("r.tex", "before");
  homework::write_whole(file, "after");
  CHECK(test::text_of(file) == "after");
  CHECK((std::filesystem::status(file).permissions() & std::filesystem::perms::owner_read) !=
        std::filesystem::perms::none);
  CHECK(f.names().size() == 1);
}
