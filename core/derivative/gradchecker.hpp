// What gradcheck does, step by step; for its own files only.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <xgrad/core/derivative/differences.hpp>
#include <xgrad/core/derivative/gradcheck.hpp>

namespace xg {

template <class T>
class gradchecker {
 public:
  using arrays = std::vector<xt::xarray<T>>;
  using numbers = std::vector<std::vector<double>>;  // [input or result][flat index]

  gradchecker(const gradcheck_options& options, const detail::checked_function<T>& f, const arrays& x);
  gradcheck_result run();

 private:
  using kind = gradcheck_result::kind;
  using variables = std::vector<var<T>>;
  /// A gradient by all inputs, and how it was computed.
  struct candidate {
    std::string by;
    numbers gradient;
  };
  /// A function of the inputs whose gradient is known in several ways.
  struct subject {
    int order;
    std::function<double(const arrays&)> value;
    std::vector<candidate> candidates;
    double magnitude = 0;  // of what the value is a sum of
  };
  /// Elements of an input, which move together.
  struct part {
    std::size_t input, begin, end;
  };
  enum class verdict { right, wrong, kink, unclear };
  struct comparison {
    verdict what = verdict::right;
    const candidate* by = nullptr;
    double got = 0;
    detail::difference differences;
  };
  /// f, recorded at some point.
  struct recording {
    variables x, y;
  };

  // ---- gradchecker.cpp
  recording record(tape<T>& t, const arrays& x, const char* what) const;
  bool values_are_sound();
  subject first_order();
  subject second_order();
  numbers backward_of(tape<T>& t, const variables& ys, const numbers& weights, const variables& xs) const;
  variables gradient_of(const variables& ys, const numbers& weights, const variables& xs) const;
  void check_replay();

  // ---- gradcheck_parts.cpp
  void check(const subject& s);
  bool check_part(const subject& s, const part& p);
  comparison compare(const subject& s, const part& p, double scale);
  void report(const subject& s, const part& p, const comparison& c);
  std::string place(const part& p) const;

  // ---- gradcheck_blame.cpp: here_, on tape_
  struct blamed {
    std::string text;
    std::source_location where;
  };
  /// The first statement whose derivative of this order, that the candidate was computed by, is wrong.
  blamed blame(int order);
  bool is_wrong(const std::function<var<T>()>& target, slot<T>& by, const node<T>& n, std::string& how);

  double random();  // in ±[0.5, 1]
  std::vector<double> random(std::size_t n);
  xt::xarray<T> as_array(const std::vector<double>& numbers, shape_view shape) const;
  void complain(kind k, const std::string& text) {
    auto& f = result_.findings_.emplace_back();
    f.what = k;
    f.text = text;
  }

  gradcheck_options options_;
  const detail::checked_function<T>& f_;
  const arrays& x_;
  std::uint64_t random_;
  tape<T> tape_, scratch_;
  recording here_;                        // on tape_
  std::size_t nodes_ = 0;                 // of f alone
  numbers weights_, moves_;               // of the results; of the inputs, for the second order
  std::vector<std::vector<char>> kinks_;  // [input][flat index]: found by the first order, left out of the second
  gradcheck_result result_;
};

}  // namespace xg
