// The pages homework check writes: for a teacher, for a class, for pdflatex.
#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include "compiles.hpp"
#include "program.hpp"
#include "write_ups.hpp"

namespace {

using test::contains;
using test::flawed;
using test::solved;

// The width of a PNG image, 0 if it is none.
std::uint32_t width_of_png(const std::string& bytes) {
  if (bytes.size() < 24 || bytes.compare(1, 3, "PNG") != 0) return 0;
  std::uint32_t width = 0;
  for (std::size_t i = 16; i < 20; ++i) width = 256 * width + static_cast<unsigned char>(bytes[i]);
  return width;
}

}  // namespace

TEST_CASE("the reports are written whole or not at all") {
  const test::folder f;
  const std::string bad = f.write("bad.tex", flawed() + "\\answer{9.9}{<script>alert(1)</script>}");
  const test::outcome r = test::run_program({"check", bad, "--html", f.file("r.html"), "--latex", f.file("r.tex")});
  CHECK(r.status == 1);
  const std::string html = test::text_of(f.file("r.html"));
  CHECK(html.starts_with("<!doctype html>"));
  CHECK(html.ends_with("</html>\n"));
  CHECK(!contains(html, "<script"));
  CHECK(test::count_of(html, "<section class=") == 25);
  CHECK(contains(html, "<mark>"));
  CHECK(contains(html, "there is no question 9.9"));
  const std::string latex = test::text_of(f.file("r.tex"));
  CHECK(contains(latex, "the condition of the relu is missing"));
  CHECK(contains(latex, "Example: for j = "));
  test::check_compiles(f, "r.tex");
  const std::size_t files = f.names().size();
  CHECK(test::run_program({"check", bad, "--html", f.file("none/r.html")}).status == 2);
  CHECK(test::run_program({"check", bad, "--latex", f.file("")}).status == 2);
  CHECK(f.names().size() == files);
}

TEST_CASE("the page of a class has a table of files and questions that leads to every finding") {
  const test::folder f;
  const std::string good = f.write("good.tex", solved()), bad = f.write("bad.tex", flawed());
  const test::outcome r = test::run_program({"check", good, bad, f.file("none.tex"), "--html", f.file("class.html")});
  CHECK(r.status == 2);
  const std::string html = test::text_of(f.file("class.html"));
  CHECK(contains(html, "name=\"viewport\""));
  CHECK(!contains(html, "src="));
  CHECK(!contains(html, "http"));
  CHECK(test::count_of(html, "<tr>") == 4);
  CHECK(test::count_of(html, "<td class=\"right\">") == 25 + 21);
  CHECK(test::count_of(html, "<td class=\"wrong\">") == 3);
  CHECK(contains(html, "<a href=\"#f1-1.7\""));
  CHECK(contains(html, "id=\"f1-1.7\""));
  CHECK(contains(html, "<li>the condition of the relu is missing: 1 "));
  CHECK(contains(html, "not readable"));
}

TEST_CASE("a browser shows the page as wide as a phone, and something on it") {
  if (test::run_command("command -v chromium").status != 0) {
    MESSAGE("no chromium here");
    return;
  }
  const test::folder f;
  const std::string bad = f.write("bad.tex", flawed());
  CHECK(test::run_program({"check", bad, "--html", f.file("r.html")}).status == 1);
  f.write("blank.html", "<!doctype html><title>blank</title>");
  const auto shot = [&](const std::string& page) {
    const std::string image = f.file(page + ".png");
    test::run_command(
        "chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=500,900 --screenshot=" +
        test::quoted(image) + " " + test::quoted("file://" + f.file(page)));
    return test::text_of(image);
  };
  const std::string page = shot("r.html"), blank = shot("blank.html");
  CHECK(width_of_png(page) == 500);
  CHECK(page.size() > 4 * blank.size());
}
