// Hostile write-ups: each must end soon, with a report that says why, and never crash.
#include <doctest/doctest.h>

#include <sstream>
#include <string>

#include "brief.hpp"
#include "check.hpp"
#include "report/show.hpp"

namespace {

namespace check = write_up;

std::string times(std::size_t n, const std::string& s) {
  std::string out;
  for (std::size_t i = 0; i < n; ++i) out += s;
  return out;
}

// The work is counted in steps, not in seconds, which differ from machine to machine.
check::report bounded(const std::string& text, const check::options& o = {}) {
  const check::report r = check::check_write_up(text, o);
  INFO(text.substr(0, 60));
  CHECK(r.steps <= o.cap.all_steps + 25);  // the step that is one too many, in every answer
  std::ostringstream out;
  check::print_table(out, r);
  check::print_json(out, {r});
  check::print_html(out, {r});
  check::print_latex(out, {r});
  CHECK(r.findings.size() == 25);
  return r;
}

// The answer to 1.1 must be unsure, with these words.
void unsure(const std::string& answer, const std::string& why, const std::string& before = "") {
  const check::report r = bounded(before + "\\answer{1.1}{" + answer + "}");
  CAPTURE(answer.substr(0, 60));
  CAPTURE(r.findings[0].message);
  CHECK(r.unreadable.empty());
  CHECK(check::to_string(r.findings[0].result) == std::string("unsure"));
  CHECK(r.findings[0].message.find(why) != std::string::npos);
  CHECK(r.exit_code() == 1);
}

}  // namespace

TEST_CASE("macros that grow or never end are stopped") {
  unsure(
      "\\a", "grows beyond", "\\def\\a{\\b\\b}" + [] {
        std::string s;
        for (char c = 'b'; c < 'z'; ++c)
          s += std::string("\\def\\") + c + "{\\" + static_cast<char>(c + 1) + "\\" + static_cast<char>(c + 1) + "}";
        return s + "\\def\\z{h}";
      }());
  unsure("\\a", "never ends", "\\newcommand{\\a}{\\a}");
  unsure("\\a{x}", "", "\\newcommand{\\a}[1]{\\a{#1#1}}");
  unsure("\\a", "expand too long",
         "\\def\\a{\\b\\b}\\def\\b{\\c\\c}\\def\\c{\\d\\d}\\def\\d{\\e\\e}\\def\\e{\\f\\f}"
         "\\def\\f{\\g\\g}\\def\\g{\\h\\h}\\def\\h{\\i\\i}\\def\\i{\\j\\j}\\def\\j{\\k\\k}"
         "\\def\\k{\\l\\l}\\def\\l{\\m\\m}\\def\\m{\\n\\n}\\def\\n{\\o\\o}\\def\\o{\\p\\p}"
         "\\def\\p{\\q\\q}\\def\\q{\\r\\r}\\def\\r{\\s\\s}\\def\\s{}");
  unsure("\\a", "lacks an argument", "\\newcommand{\\a}[2]{#1#2}");
}

TEST_CASE("deep nesting is stopped") {
  const std::string deep = "nested more than 120 deep";
  unsure(times(5000, "(") + "x" + times(5000, ")"), deep);
  unsure(times(5000, "{") + "x" + times(5000, "}"), deep);
  unsure(times(3000, "\\frac{1}{") + "x" + times(3000, "}"), deep);
  unsure(times(5000, "-") + "x", deep);
  unsure("h^" + times(5000, "{") + "2" + times(5000, "}"), deep);
  unsure("h_" + times(5000, "{") + "1" + times(5000, "}"), deep);
  unsure(times(3000, "\\sum_i "), deep);
  unsure(times(5000, "\\mathbf{") + "x" + times(5000, "}"), deep);
  unsure(times(3000, "\\partial_{") + "x" + times(3000, "}"), "");
  unsure(times(3000, "\\text{$") + "x" + times(3000, "$}"), "");
  unsure(times(3000, "\\underbrace{") + "x" + times(3000, "}"), "nested too deeply");
}

TEST_CASE("what may begin a derivative is tried once") {
  unsure(times(100, "d(") + "x" + times(100, ")"), "");
  unsure(times(100, "\\partial l(") + "x" + times(100, ")"), "");
  unsure(times(50, "d(") + "x" + times(50, ")/dh^2"), "");
}

TEST_CASE("long sums, products and definitions are stopped") {
  unsure("\\sum_{i=1}^{1000} \\sum_{j=1}^{1000} \\delta", "more than 100 terms");
  unsure("\\sum_{a=1}^{99}\\sum_{b=1}^{99}\\sum_{c=1}^{99}\\sum_{d=1}^{99}\\delta", "steps");
  unsure("\\sum_{i=1}^{(10)^8} \\delta", "whole number");
  unsure("(((((10^8)^8)^8)^8)^8)^8 \\delta", "");
  unsure(times(30'000, "\\delta "), "grows beyond 20000 tokens");
  unsure("\\delta" + times(9000, "+\\delta\\delta") + " q", "");
  std::string doubling = "$a_0 = \\delta$, ";
  for (int i = 1; i < 60; ++i) {
    const std::string before = "a_{" + std::to_string((i - 1) % 10) + "}";
    doubling += "let $b^{" + std::to_string(i % 10) +
                "} = " + (i == 1 ? "\\delta" : "b^{" + std::to_string((i - 1) % 10) + "}") + " + " +
                (i == 1 ? "\\delta" : "b^{" + std::to_string((i - 1) % 10) + "}") + "$. ";
  }
  unsure(doubling + "Then $b^9 h^2_{11}$", "steps");
  const std::string many = times(90, "Let $a = \\delta$. ") + "$a$";
  unsure(many, "too many definitions", "\\answer{1.2}{" + many + "}\\answer{1.3}{" + many + "}");
  unsure("\\begin{bmatrix}" + times(500, "0 &") + "0\\end{bmatrix}", "smaller matrix");
  unsure("1" + times(200, "0"), "more than 12 digits");
}

TEST_CASE("25 slow answers together end soon") {
  check::options o;
  if (test::brief) o.cap.all_steps /= 10;
  const auto all = [&](const std::string& answer) {
    std::string text;
    for (const check::question& q : check::all_questions()) text += "\\answer{" + q.id + "}{" + answer + "}";
    return bounded(text, o);
  };
  unsure(times(1000, "\\delta h^2_{11} = ") + "\\delta h^2_{11}", "more than 30 sides");
  unsure(times(200, "$z^2 = h^1 (W^2)^T$, so ") + "$\\delta h^2_{11}$", "more than 100 formulas");
  (void)all(times(99, "$z^2 = h^1 (W^2)^T$, so ") + "$\\delta h^2_{11}$");
  (void)all(times(30, "\\delta h^2_{11} = ") + "\\delta h^2_{11}");
  (void)all("\\delta h^2_{11}" + times(300, "+ h^2_{11} - h^2_{11}") + "+ 1");
  (void)all(
      "\\sum_{a=1}^{9}\\sum_{b=1}^{9}\\sum_{c=1}^{9} (\\delta h^2_{11} + W^3_{11})(W^3_{12} - y)(x_{11} + x_{12})");
  // Where the work of the whole write-up runs out, the answers from there on are unsure, not judged on a part of it.
  const check::report r = all("\\delta h^2_{11}" + times(300, "+ h^2_{11} - h^2_{11}") + "+ \\delta");
  CHECK(r.count(check::verdict::right) == 0);
  CHECK(r.findings.back().message.find("steps to evaluate") != std::string::npos);
}

TEST_CASE("unclosed and repeated constructs over hundreds of thousands of bytes end soon") {
  const std::size_t most = test::brief ? 15'000 : 300'000;
  for (const char* part : {"\\answer{",
                           "\\answer{1.1}{",
                           "\\answer{9.9}{}",
                           "\\begin{",
                           "\\section{",
                           "\\subsection{1.1}",
                           "\\newcommand{",
                           "\\newcommand{\\a}[1][",
                           "\\def\\a",
                           "\\def\\a{",
                           "\\let\\a",
                           "\\iffalse ",
                           "\\begin{comment}",
                           "\\begin{enumerate}\\item ",
                           "\\item[",
                           "1.1 ",
                           "1.1\n",
                           "(1.1",
                           "$",
                           "$$",
                           "{",
                           "}",
                           "\\[",
                           "\\text{",
                           "\\text{$",
                           "%",
                           "\\",
                           "^",
                           "_{",
                           "&",
                           "\\left(",
                           "\xE2\x88\x82",
                           "let $a = 1$. ",
                           "\n\n",
                           "\\frac",
                           "=",
                           "a=",
                           "\\answer{1.1}{a=",
                           "\\if",
                           "\\fi",
                           "x,"}) {
    const std::string s(part);
    CAPTURE(part);
    (void)bounded(times(most / s.size(), s));
    (void)bounded("\\answer{1.1}{" + times((most - 50) / s.size(), s) + "}");
    (void)bounded("\\answer{1.1}{" + times(6000 / s.size(), s) + "}\\answer{1.2}{$" + times(6000 / s.size(), s) + "$}");
  }
}
