// homework check and homework template, run as their users run them.
#include <doctest/doctest.h>

#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>

#include "check.hpp"
#include "compiles.hpp"
#include "program.hpp"
#include "report/show.hpp"
#include "write_ups.hpp"

namespace {

namespace check = write_up;
using test::contains;

using test::flawed;
using test::solved;

}  // namespace

TEST_CASE("the exit status says whether all is right, something is not, or nothing could be read") {
  const test::folder f;
  const std::string good = f.write("good.tex", solved());
  const std::string bad = f.write("bad.tex", flawed());
  const test::outcome right = test::run_program({"check", good});
  CHECK(right.status == 0);
  CHECK(contains(right.out, "25 of 25 right, 0 wrong, 0 unsure, 0 missing; 50 of 50 points"));
  const test::outcome wrong = test::run_program({"check", bad});
  CHECK(wrong.status == 1);
  CHECK(contains(wrong.out, "21 of 25 right, 3 wrong, 1 unsure, 0 missing; 43 of 50 points"));
  CHECK(contains(wrong.out, "[missing_mask]"));
  CHECK(contains(wrong.out, "[missing_1/m]"));
  CHECK(contains(wrong.out, "[follow_through (2.1)]"));
  CHECK(contains(wrong.out, "12:29: the formula ends here; expected )"));
  CHECK(test::run_program({"check", good, bad}).status == 1);
  CHECK(test::run_program({"check", bad, f.file("none.tex"), good}).status == 2);
  CHECK(test::run_program({"check"}).status == 2);
}

TEST_CASE("what is no write-up gets one clear line each") {
  const test::folder f;
  const auto says = [&](const std::string& file, const std::string& what) {
    const test::outcome r = test::run_program({"check", file});
    CAPTURE(r.out);
    CHECK(r.status == 2);
    CHECK(r.err == file + ": " + what + "\n");
    CHECK(r.out.empty());
  };
  says(f.file("none.tex"), "cannot be opened; expected a LaTeX write-up");
  says("/", "is a directory; expected a LaTeX write-up");
  says(f.write("empty.tex", ""), "the file is empty; expected a LaTeX write-up");
  says(f.write("binary.tex", std::string("\x7f"
                                         "ELF\0\1\2",
                                         7)),
       "no text: byte 5 is zero; expected LaTeX in UTF-8");
  says(f.write("huge.tex", std::string((1 << 20) + 1, 'x')), "the file has more than 1048576 bytes");
  const std::string expected =
      "no answers found; expected \\answer{1.1}{…} marks, or sections and items numbered 1.1, 1.2, …";
  says(f.write("prose.tex", "Dear teacher, the dog ate it."), expected);
}

TEST_CASE("line ends, byte order marks and Latin-1 make no difference") {
  const test::folder f;
  std::string text = "% Lösung für alle\n" + flawed();
  const test::outcome plain = test::run_program({"check", f.write("plain.tex", text)});
  const auto same = [&](const std::string& name, const std::string& other) {
    test::outcome r = test::run_program({"check", f.write(name, other)});
    r.out.replace(0, r.out.find('\n'), plain.out.substr(0, plain.out.find('\n')));
    CHECK(r.out == plain.out);
  };
  same("bom.tex", "\xEF\xBB\xBF" + text);
  std::string crlf, cr, latin;
  for (std::size_t i = 0; i < text.size(); ++i) {
    crlf += text[i] == '\n' ? std::string("\r\n") : std::string(1, text[i]);
    cr += text[i] == '\n' ? '\r' : text[i];
    const bool wide = static_cast<unsigned char>(text[i]) == 0xC3;
    latin += wide ? static_cast<char>(static_cast<unsigned char>(text[i + 1]) + 0x40) : text[i];
    i += wide ? 1 : 0;
  }
  same("crlf.tex", crlf);
  same("cr.tex", cr);
  same("latin.tex", latin);
}

TEST_CASE("JSON has the documented fields") {
  const test::folder f;
  const std::string bad = f.write("bad.tex", flawed());
  const test::outcome r = test::run_program({"check", bad, f.file("none.tex"), "--json"});
  CHECK(r.status == 2);
  const nlohmann::json j = nlohmann::json::parse(r.out);
  REQUIRE(j.size() == 2);
  CHECK(j[0]["file"] == bad);
  CHECK(j[0]["readable"] == true);
  CHECK(j[0]["points"] == 43);
  CHECK(j[0]["of"] == 50);
  CHECK(j[0]["remarks"].empty());
  CHECK(j[1]["readable"] == false);
  CHECK(j[1]["error"] == "cannot be opened; expected a LaTeX write-up");
  const nlohmann::json& answers = j[0]["answers"];
  REQUIRE(answers.size() == 25);
  CHECK(answers[0]["question"] == "1.1");
  CHECK(answers[0]["verdict"] == "right");
  CHECK(answers[0]["points"] == 2);
  CHECK(answers[0]["line"] == 1);
  CHECK(answers[0]["column"] == 15);
  CHECK(answers[0]["as_written"] == "$\\delta h^2_{11}$");
  CHECK(answers[0]["as_read"] == "\\delta\\, h^{2}_{1,1}");
  const nlohmann::json& mask = answers[6];
  CHECK(mask["mistake"] == "missing_mask");
  CHECK(mask["message"] == "the condition of the relu is missing");
  CHECK(!mask["hint"].get<std::string>().empty());
  const nlohmann::json& e = mask["example"];
  CHECK(e["x"][0].size() == 4);
  CHECK(e["W1"].size() == 3);
  CHECK(e["W2"].size() == 2);
  CHECK(e["W3"].size() == 1);
  CHECK(e["indices"].size() == 1);
  CHECK(e["expected"][0][0] == 0);  // the unit is dead,
  CHECK(e["given"][0][0] != 0);     // and the answer does not see it
  CHECK(answers[19]["after"] == "2.1");
}

TEST_CASE("CSV has one line per file and question") {
  const test::folder f;
  const std::string odd = f.write("a,\"b\".tex", flawed());
  const test::outcome r = test::run_program({"check", odd, f.write("good.tex", solved()), f.file("none"), "--csv"});
  CHECK(r.status == 2);
  CHECK(test::count_of(r.out, "\n") == 1 + 25 + 25 + 1);
  CHECK(r.out.starts_with("file,question,verdict,mistake,points,line,column,message\n\""));
  CHECK(contains(r.out, "a,\"\"b\"\".tex\",1.7,wrong,missing_mask,0,7,15,the condition of the relu is missing\n"));
  CHECK(contains(r.out, "good.tex,2.8,right,,2,25,20,\n"));
  CHECK(contains(r.out, "none,,unreadable,,0,,,cannot be opened; expected a LaTeX write-up\n"));
}

TEST_CASE("--explain shows the answer as read, both values and where they part") {
  const test::folder f;
  const std::string bad = f.write("bad.tex", flawed());
  const test::outcome r = test::run_program({"check", bad, "--explain", "1.7"});
  CHECK(r.status == 1);
  for (const char* part : {"question 1.7: ", "verdict:    wrong, missing_mask\n", "as written (7:15): $h^1_{1j}$\n",
                           "as read:    h^{1}_{1,j}\n", "they part at for j = ", "  x = [", "  z2 = [",
                           "  the gradient is   0\n", "  the answer gives  ", "hint:       "})
    CHECK(contains(r.out, part));
  const test::outcome none = test::run_program({"check", bad, "--explain", "1.18"});
  CHECK(none.status == 2);
  CHECK(contains(none.err, "--explain 1.18: there is no such question"));
  CHECK(test::run_program({"check", bad, "--explain", "1.7", "--json"}).status == 2);
}

TEST_CASE("points follow the credit table") {
  const test::folder f;
  const std::string bad = f.write("bad.tex", flawed());
  const auto points = [&](const std::string& table) {
    return test::run_program({"check", bad, "--credit", f.write("credit.json", table)});
  };
  CHECK(contains(points("{\"missing_1/m\": 1.5, \"unsure\": 0.25}").out, "; 44.75 of 50 points"));
  CHECK(contains(points("{\"right\": 4, \"follow_through\": 0}").out, "; 84 of 100 points"));
  for (const char* broken : {"", "[1]", "{\"right\": \"x\"}", "{\"sing\": 1}", "{\"sign\": -1}", "{\"sign\": 1e9}"}) {
    const test::outcome r = points(broken);
    CAPTURE(broken);
    CHECK(r.status == 2);
    CHECK(r.out.empty());
    CHECK(contains(r.err, "credit.json: "));
    CHECK(contains(r.err, "expected"));
    CHECK(test::count_of(r.err, "\n") == 1);
  }
}

TEST_CASE("the template compiles, and nothing in it counts as an answer") {
  const test::folder f;
  const test::outcome t = test::run_program({"template"});
  CHECK(t.status == 0);
  CHECK(test::count_of(t.out, "\n\\answer{") == 25);
  f.write("t.tex", t.out);
  test::check_compiles(f, "t.tex");
  const test::outcome r = test::run_program({"check", f.file("t.tex")});
  CHECK(r.status == 1);
  CHECK(contains(r.out, "0 of 25 right, 0 wrong, 0 unsure, 25 missing; 0 of 50 points"));
}

TEST_CASE("the template filled in is a write-up that compiles and is right") {
  const test::folder f;
  std::string text = test::run_program({"template"}).out;
  const std::string answers = solved();
  for (std::size_t at = 0; (at = answers.find("\\answer{", at)) != std::string::npos; ++at) {
    const std::string mark = answers.substr(at, answers.find('}', at) + 1 - at);
    const std::string whole = answers.substr(at, answers.find('\n', at) - at);
    const std::size_t place = text.find(mark + "{$ \\dots $}");
    REQUIRE(place != std::string::npos);
    text.replace(place, mark.size() + 11, whole);
  }
  f.write("filled.tex", text);
  CHECK(test::run_program({"check", f.file("filled.tex")}).status == 0);
  test::check_compiles(f, "filled.tex");
}

TEST_CASE("a whole write-up takes few steps, far below a second") {
  const std::string text = flawed();
  (void)check::check_write_up(text);  // the points are drawn once
  const auto start = std::chrono::steady_clock::now();
  const check::report r = check::check_write_up(text);
  const std::chrono::duration<double> in_library = std::chrono::steady_clock::now() - start;
  CHECK(r.count(check::verdict::right) == 21);
  const test::folder f;
  const std::string file = f.write("bad.tex", text);
  const auto from = std::chrono::steady_clock::now();
  CHECK(test::run_program({"check", file}).status == 1);
  const std::chrono::duration<double> program = std::chrono::steady_clock::now() - from;
  std::cout << "a write-up of 25 answers: " << r.steps << " steps, " << 1000 * in_library.count()
            << " ms; the whole program: " << 1000 * program.count() << " ms\n";
  CHECK(r.steps < 300'000);  // 5,000,000 take a second or two
}
