// Compiled C against the tape: for whole op tables, and for computations that a test records.
#pragma once

#include <unistd.h>

#include <doctest/doctest.h>

#include <filesystem>
#include <random>

#include "op_checks.hpp"
#include "support.hpp"

namespace test {

/// A folder of this process's own, that goes with it: what tests compile is not to be found by the next run.
inline std::filesystem::path c_folder() {
  struct folder {
    std::filesystem::path path = std::filesystem::temp_directory_path() / ("xgrad_c_" + std::to_string(::getpid()));
    folder() {
      std::filesystem::create_directories(path), std::filesystem::permissions(path, std::filesystem::perms(0700));
    }
    ~folder() { std::filesystem::remove_all(path); }
    folder(const folder&) = delete;
  };
  static const folder own;
  return own.path;
}

/// Compiled without a warning, as strictly as C99 can be asked for.
inline xg::compile_options strictly() {
  xg::compile_options o;
  o.flags = {"-O1",   "-march=native", "-fno-math-errno", "-ffp-contract=off",
             "-Wall", "-Wextra",       "-pedantic",       "-Werror"};
  o.cache = c_folder() / "cache";
  return o;
}

/// Numbers in C are those of the tape but for the last bits: functions of libm are not those of this library's kernels,
/// sums and products go in another order. Relative to the largest element.
template <class T>
double c_difference(std::span<const T> c, std::span<const T> tape) {
  double worst = 0, scale = 1e-3;
  for (std::size_t i = 0; i < tape.size(); ++i) {
    if (std::isnan(c[i]) != std::isnan(tape[i])) return INFINITY;
    if (c[i] == tape[i] || std::isnan(c[i])) continue;
    worst = std::max(worst, std::abs(double(c[i]) - double(tape[i])));
    if (std::isfinite(tape[i])) scale = std::max(scale, std::abs(double(tape[i])));
  }
  return worst / scale;
}

/// Gives the inputs other numbers than those that were exported, replays the tape, and runs the C: the largest
/// difference of an output, by its number.
template <class T>
std::vector<double> differences_from_tape(xg::tape<T>& t, const xg::compiled_c<T>& f,
                                          const std::vector<xg::var<T>>& outputs, const std::vector<xg::var<T>>& inputs,
                                          const std::vector<xt::xarray<T>>& numbers) {
  std::vector<const T*> in;
  std::vector<T*> out;
  std::vector<std::vector<T>> results;
  for (std::size_t k = 0; k < inputs.size(); ++k) t.set(inputs[k], numbers[k]), in.push_back(numbers[k].data());
  t.replay();
  for (const xg::var<T>& y : outputs) results.emplace_back(std::max<std::size_t>(y.size(), 1), T(-77));
  for (auto& r : results) out.push_back(r.data());
  f.call(in, out);
  std::vector<double> found;
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    const auto value = outputs[k].value();
    found.push_back(c_difference<T>({results[k].data(), outputs[k].size()}, {value.data(), outputs[k].size()}));
  }
  return found;
}

/// Many computations on one tape, compiled as one function, since each run of a compiler takes its time.
template <class T>
class c_batch {
 public:
  explicit c_batch(unsigned seed) : engine_(seed) {}

  /// Records op on operands of these shapes, its value and its gradients. Returns why it has no C, or nothing.
  std::string add(const op_case<T>& op, const std::vector<xg::shape_t>& shapes) {
    std::vector<xg::var<T>> x, wanted, y;
    for (std::size_t k = 0; k < shapes.size(); ++k) {
      x.push_back(tape_.variable(draw(op.operands[k], shapes[k])));
      if (!op.operands[k].condition && !op.operands[k].constant) wanted.push_back(x[k]);
    }
    std::string name = op.name, why;
    for (const xg::shape_t& s : shapes) name += " " + to_string(xg::shape_view(s));
    y.push_back(op.record(x));
    if (why = why_not(y, x); !why.empty()) return why;
    if (!op.constant && !wanted.empty() && y[0].requires_grad()) {
      const xg::var<T> seed = tape_.constant(draw(any, y[0].shape()));
      const auto g = xg::gradient(xg::sum(y[0] * seed), std::span<const xg::var<T>>(wanted));
      std::vector<xg::var<T>> all = y;
      all.insert(all.end(), g.begin(), g.end());
      why = why_not(all, x);
      if (why.empty()) y = all;
    }
    for (std::size_t k = 0; k < x.size(); ++k)
      inputs_.push_back(x[k]), numbers_.push_back(draw(op.operands[k], shapes[k]));
    for (std::size_t k = 0; k < y.size(); ++k)
      outputs_.push_back(y[k]), names_.push_back(name + (k == 0 ? "" : ", gradient " + std::to_string(k - 1)));
    if (outputs_.size() > 100) run();
    return why.empty() ? "" : "gradient: " + why;
  }
  void run() {
    if (outputs_.empty()) return;
    const xg::compiled_c<T> f = xg::compile(outputs_, inputs_, strictly());
    const auto d = differences_from_tape(tape_, f, outputs_, inputs_, numbers_);
    for (std::size_t k = 0; k < d.size(); ++k) {
      CHECK_MESSAGE(d[k] <= tolerance, names_[k] << ": differs by " << d[k]);
      worst = std::max(worst, d[k]);
    }
    tape_.clear();
    inputs_.clear(), outputs_.clear(), numbers_.clear(), names_.clear();
  }

  static constexpr double tolerance = 512 * double(std::numeric_limits<T>::epsilon());
  double worst = 0;

 private:
  std::string why_not(const std::vector<xg::var<T>>& y, const std::vector<xg::var<T>>& x) const {
    try {
      xg::make_c<T>(y, x, {}, std::source_location::current());
      return "";
    } catch (const xg::value_error& e) {
      return e.what();
    }
  }
  xt::xarray<T> draw(const domain& d, const xg::shape_t& shape) {
    xt::xarray<T> a = xt::xarray<T>::from_shape(shape);
    std::uniform_real_distribution<double> uniform(d.low, d.high);
    for (T& x : a)
      if (d.condition)
        x = T(engine_() % 2);
      else
        do x = T(float(uniform(engine_)));
        while (std::abs(double(x) - d.avoid) < d.gap);
    return a;
  }

  std::mt19937 engine_;
  xg::tape<T> tape_;
  std::vector<xg::var<T>> inputs_, outputs_;
  std::vector<xt::xarray<T>> numbers_;
  std::vector<std::string> names_;
};

/// Every row that has C, compiled, equals the tape; says which rows have none. Returns how many have.
template <class T>
std::size_t hold_c_to_tape(const std::vector<op_case<T>>& table) {
  std::size_t with = 0, half = 0;
  std::string without, no_gradient;
  c_batch<T> batch(7);
  for (const op_case<T>& op : table) {
    std::vector<std::vector<xg::shape_t>> shapes = op.shapes;
    if (op.elementwise()) {
      const std::size_t n = op.operands.size();
      for (const xg::shape_t& s : {xg::shape_t{}, xg::shape_t{5}, xg::shape_t{2, 0, 3}})
        shapes.push_back(std::vector<xg::shape_t>(n, s));
      std::vector<xg::shape_t> wide{{2, 3, 4}, {3, 1}, {4}};  // these broadcast
      wide.resize(n);
      if (n > 1 && !op.equal_shapes) shapes.push_back(wide);
    }
    std::string why;
    for (const auto& s : shapes)
      if (const std::string w = batch.add(op, s); why.empty()) why = w;
    if (why.empty() || why.starts_with("gradient")) ++with;
    if (why.starts_with("gradient")) ++half, no_gradient += (half == 1 ? "" : ", ") + op.name;
    if (!why.empty() && !why.starts_with("gradient")) without += (without.empty() ? "" : ", ") + op.name;
    CHECK_MESSAGE((why.empty() || contains(why, "has no C") || contains(why, "is random")), why);
  }
  batch.run();
  MESSAGE(with << " of " << table.size() << " rows have C, the largest difference is " << batch.worst
               << "; without: " << without << (half ? "; whose gradient has none: " + no_gradient : ""));
  return with;
}

}  // namespace test
