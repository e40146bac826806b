// The table of docs/accuracy.md: the largest error of each elementary function over a million arguments, and whether
// its special values are right. Prints Markdown; takes some seconds.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "../tests/accuracy.hpp"

namespace {

template <class T>
std::string text(const test::accuracy<T>& a, bool specials) {
  char worst[32];
  std::snprintf(worst, sizeof worst, "%.2f", a.worst);
  return std::string(worst) + (a.same_bits ? "" : " (rows and single numbers differ)") +
         (specials ? "" : " (special values differ)");
}

/// One line: the function's name, then what it is in float and in double.
template <class T>
void collect(std::vector<std::array<std::string, 3>>& lines, std::size_t column, std::size_t count) {
  std::size_t line = 0;
  const auto add = [&](const char* name, const std::string& cell) {
    if (line == lines.size()) lines.push_back({name, "", ""});
    lines[line++][column] = cell;
  };
  const std::vector<T> special = test::special_arguments<T>();
  test::each_function<T>([&](const char* name, auto f, auto reference, double low, double high) {
    bool right = true;
    for (const T x : special) right = right && test::is_right(f(test::one_lane<T>(x)).get(), reference(x));
    add(name, text(test::accuracy_of<T>(f, reference, low, high, count), right));
  });
  test::each_function_of_two<T>([&](const char* name, auto f, auto reference, auto x, auto y) {
    bool right = true;
    for (const T a : special)
      for (const T b : special)
        right = right && test::is_right(f(test::one_lane<T>(a), test::one_lane<T>(b)).get(), reference(a, b));
    add(name, text(test::accuracy_of<T>(f, reference, x, y, count), right));
  });
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  std::vector<std::array<std::string, 3>> lines;
  collect<float>(lines, 1, count);
  collect<double>(lines, 2, count);
  std::printf("| function | float | double |\n|---|---|---|\n");
  for (const auto& [name, in_float, in_double] : lines)
    std::printf("| `%s` | %s | %s |\n", name.c_str(), in_float.c_str(), in_double.c_str());
}
