// The points answers are compared at, and the two roads to the gradients there.
#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "sheet/question.hpp"
#include "values/values.hpp"
#include "verdict/right_form.hpp"

namespace check = write_up;

TEST_CASE("one sample: all 29 patterns, on numbers of both kinds, and points on and beside the kink") {
  std::set<unsigned> generic, whole;
  int kinks = 0, beside = 0;
  for (const check::world& w : check::all_worlds().part1) {
    if (!w.at_kink) (w.integer ? whole : generic).insert(check::pattern_of(w, 0));
    kinks += w.at_kink ? 1 : 0;
    for (double z : w.z[2].data) beside += z != 0 && std::abs(z) < 1e-9 && w.h[1].data[0] > 0.5 ? 1 : 0;
    CHECK(w.m == 1);
  }
  CHECK(generic.size() == 29);
  CHECK(whole.size() == 29);
  CHECK(kinks >= 8);
  CHECK(beside >= 2);
}

TEST_CASE("batches of 2, 5 and 7, every pattern in each, so that 1/m cannot hide") {
  for (const std::size_t m : {2U, 5U, 7U}) {
    std::set<unsigned> patterns;
    int points = 0;
    for (const check::world& w : check::all_worlds().part2) {
      if (w.m != m) continue;
      ++points;
      for (std::size_t k = 0; k < m; ++k) patterns.insert(check::pattern_of(w, k));
    }
    CAPTURE(m);
    CHECK(points > 4);
    CHECK(patterns.size() == 29);
  }
  CHECK(check::all_worlds().part2.front().m == 5);  // where shapes are unmistakable
}

TEST_CASE("the tape and the closed forms agree at every point, exactly where arithmetic is exact") {
  std::size_t exact = 0;
  for (const check::question& q : check::all_questions())
    for (const check::world& w : check::worlds_of(q)) {
      if (q.what == check::gradient::slope) {
        CHECK(check::truth(q, w)(0, 0) == (w.argument > 0 ? 1 : 0));
        continue;
      }
      const check::matrix closed = check::right_form(q, {}).at(w);
      const check::matrix tape = check::truth(q, w);
      CHECK(check::agrees(closed, tape));
      if (!w.exact()) continue;
      ++exact;
      CHECK(closed.data == tape.data);
    }
  CHECK(exact > 500);
}

TEST_CASE("two samples whose mean divides by another number: every gradient is another one") {
  const check::question& q = *check::find_question("2.1");
  for (std::size_t i = 0; i < check::all_worlds().two.size(); ++i) {
    const check::world& apart = check::all_worlds().two_apart[i];
    const check::matrix error =
        check::zipped(apart.h[3], apart.y, [&](double h, double y) { return (h - y) / apart.mean; });
    CHECK(check::agrees(check::truth(q, apart), error));
    CHECK(apart.mean != 2);
  }
}
