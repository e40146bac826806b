#include "problem.hpp"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>

namespace gradbench {

namespace {

using clock = std::chrono::steady_clock;

void print_time(const char* name, clock::duration d) {
  std::printf("{\"name\": \"%s\", \"nanoseconds\": %lld}\n", name,
              static_cast<long long>(std::chrono::duration_cast<std::chrono::nanoseconds>(d).count()));
}

void fill(const json& j, std::size_t axis, const std::vector<std::size_t>& shape, double*& to) {
  if (axis == shape.size()) {
    *to++ = j.get<double>();
    return;
  }
  if (j.size() != shape[axis]) throw std::runtime_error("rows of different lengths");
  for (const json& part : j) fill(part, axis + 1, shape, to);
}

json listed(const double*& from, std::size_t axis, const std::vector<std::size_t>& shape) {
  if (axis == shape.size()) return *from++;
  json l = json::array();
  for (std::size_t i = 0; i < shape[axis]; ++i) l.push_back(listed(from, axis + 1, shape));
  return l;
}

int run(const std::string& file, const std::string& function, const functions& of) {
  const auto f = of.find(function);
  if (f == of.end()) {
    std::cerr << "there is no function " << function << "; there are:";
    for (const auto& [name, make] : of) std::cerr << ' ' << name;
    std::cerr << '\n';
    return 2;
  }
  std::ifstream stream(file);
  if (!stream) {
    std::cerr << file << ": cannot be read\n";
    return 2;
  }
  const json input = json::parse(stream);
  const double least = input.is_object() ? input.value("min_seconds", 0.0) : 0;
  const int runs = input.is_object() ? input.value("min_runs", 1) : 1;

  const auto start = clock::now();
  const task t = f->second(input);
  const auto prepared = clock::now() - start;
  std::vector<clock::duration> times;
  double seconds = 0;
  while (int(times.size()) < runs || seconds < least) {
    const auto before = clock::now();
    t.run();
    times.push_back(clock::now() - before);
    seconds += std::chrono::duration<double>(times.back()).count();
  }
  std::cout << t.output() << std::endl;
  print_time("prepare", prepared);
  for (const clock::duration d : times) print_time("evaluate", d);
  return 0;
}

}  // namespace

numbers array(const json& j) {
  std::vector<std::size_t> shape;
  for (const json* part = &j; part->is_array(); part = &(*part)[0]) {
    shape.push_back(part->size());
    if (part->empty()) break;
  }
  numbers a = numbers::from_shape(shape);
  double* to = a.data();
  if (a.size() != 0) fill(j, 0, shape, to);
  return a;
}

json list(const numbers& a) {
  const double* from = a.data();
  return listed(from, 0, {a.shape().begin(), a.shape().end()});
}

int main(int argc, char** argv, const functions& of) {
  if (argc != 3) {
    std::cerr << "usage: " << argv[0] << " FILE FUNCTION\n";
    return 2;
  }
  try {
    return run(argv[1], argv[2], of);
  } catch (const std::exception& e) {
    std::cerr << argv[0] << ": " << e.what() << '\n';
    return 1;
  }
}

}  // namespace gradbench
