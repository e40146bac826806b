// Comparing the two roads: what agrees must be said to agree, and what is wrong must be found.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <sstream>

#include "answers.hpp"
#include "program.hpp"
#include "sweep.hpp"
#include "text.hpp"

using homework::matrix;

namespace {

// The sheet with one closed form replaced.
template <class T>
std::vector<homework::question<T>> with_wrong(std::size_t k,
                                              std::function<matrix<T>(const homework::point<T>&)> wrong) {
  auto questions = homework::sheet_questions<T>();
  questions[k].by_formula = std::move(wrong);
  return questions;
}

template <class T>
void check_planted_errors(double size) {
  const homework::problem p = homework::make_problem({});
  for (std::size_t k = 0; k < 25; ++k) {
    const auto right = homework::sheet_questions<T>()[k];
    CAPTURE(right.text.id);
    const auto wrong = [&](const homework::point<T>& at) {
      matrix<T> a = right.by_formula(at);
      a.flat(a.size() - 1) += T(size);
      return a;
    };
    const homework::solution s = homework::solve<T>(p, with_wrong<T>(k, wrong));
    CHECK(s.exit_status() == 1);
    CHECK(s.agreeing() == 24);
    CHECK(!s.answers[k].ok);
    CHECK(s.answers[k].difference == doctest::Approx(size).epsilon(0.1));
  }
}

}  // namespace

TEST_CASE("a wrong closed form is a disagreement and status 1") {
  check_planted_errors<double>(1e-9);
  check_planted_errors<float>(1e-2);
}

TEST_CASE("mistakes people make") {
  using point = homework::point<double>;
  const homework::problem p = homework::make_problem({});
  const std::vector<std::pair<std::size_t, std::function<matrix<double>(const point&)>>> mistakes{
      {10, [](const point& a) { return matrix<double>(-homework::q1_11(a)); }},     // the sign
      {16, [](const point& a) { return matrix<double>(2 * homework::q1_17(a)); }},  // the ½ of the loss
      {15,
       [](const point& a) {  // relu' forgotten
         return matrix<double>(xt::view(xt::transpose(homework::q1_15(a)), xt::all(), xt::all()) * a.h[0]);
       }},
      {10, [](const point& a) { return matrix<double>(xt::transpose(homework::q1_11(a))); }},  // the transpose
      {17, [](const point& a) { return matrix<double>(a.h[3] - a.y); }},                       // the 1/m
      {7, [](const point& a) { return homework::q1_7(a); }},                                   // the wrong row
  };
  for (const auto& [k, wrong] : mistakes) {
    const homework::solution s = homework::solve<double>(p, with_wrong<double>(k, wrong));
    CAPTURE(k);
    CHECK(s.exit_status() == 1);
    CHECK(!s.answers[k].ok);
    std::ostringstream out;
    homework::print_answers(out, s, {});
    CHECK(test::contains(out.str(), "24 of 25 agree"));
    CHECK(test::count_of(out.str(), "DISAGREE") == 1);
  }
}

TEST_CASE("NaN agrees with nothing") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  auto questions = with_wrong<double>(0, [=](const auto&) { return matrix<double>({1, 1}, nan); });
  questions[0].by_tape = [=](const auto&) { return matrix<double>({1, 1}, nan); };
  const homework::solution s = homework::solve<double>(homework::make_problem({}), questions);
  CHECK(s.exit_status() == 1);
  CHECK(std::isnan(s.answers[0].difference));
}

TEST_CASE("every flower of iris agrees, in both precisions") {
  for (std::size_t k = 1; k <= 150; ++k) {
    homework::problem_options options;
    options.sample = k;
    options.batch = 1 + k % 7;
    const homework::problem p = homework::make_problem(options);
    if (homework::distance_to_kink(p.weights, p.x2) < homework::kink_margin) continue;
    CAPTURE(k);
    CHECK(homework::solve<double>(p, homework::sheet_questions<double>()).ok());
    CHECK(homework::solve<float>(p, homework::sheet_questions<float>()).ok());
  }
}

TEST_CASE("an iris batch has one flower of each species in turn, none twice") {
  std::vector<bool> seen(150);
  for (std::size_t k = 0; k < 150; ++k) {
    const std::size_t row = homework::iris_row(50, k);
    CHECK(!seen[row]);
    seen[row] = true;
    CHECK(row / 50 != homework::iris_row(50, k + 1) / 50);
  }
}

TEST_CASE("sweep finds a planted error") {
  // Wrong only where all of h2 is dead and h1 is not.
  const auto wrong = [](const homework::point<double>& p) {
    matrix<double> a = homework::q1_15(p);
    if (p.z[2](0, 0) <= 0 && p.z[2](0, 1) <= 0 && p.h[1](0, 0) > 0) a(0, 0) += 1e-8;
    return a;
  };
  const homework::sweep_result r = homework::sweep<double>({.points = 2, .seed = 3}, with_wrong<double>(14, wrong));
  CHECK(!r.ok());
  CHECK(r.disagreeing == 4 * 2 * 2);  // 4 patterns with h1_1 alive, 2 kinds of numbers, 2 points
  CHECK(r.reached.size() == 29);
  REQUIRE(!r.disagreements.empty());
  CHECK(test::contains(r.disagreements[0], "1.15"));
}

TEST_CASE("sweep: 29 patterns, and nothing wrong") {
  CHECK(homework::reachable_patterns().size() == 29);
  const homework::sweep_result r =
      homework::sweep<double>({.points = 3, .seed = 11}, homework::sheet_questions<double>());
  CHECK(r.ok());
  CHECK(r.exact == r.integer_comparisons);
  CHECK(r.integer_comparisons > 0);
  CHECK(r.worst > 0);  // real numbers do round: the roads are two
  CHECK(r.worst <= 1e-12);
}
