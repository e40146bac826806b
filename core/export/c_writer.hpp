// What an op writes its C with: `void write_c(c_writer& w) const`.
//
//   /// y = running sums of x.
//   void write_c(xg::c_writer& w) const {
//     const std::string sum = w.fresh("sum");
//     w.line("double " + sum + " = 0;");
//     w.loop(w.shape()[0], [&](const std::string& i) {
//       w.line(sum + " += " + w.operand(0) + "[" + i + "];");
//       w.line(w.result() + "[" + i + "] = " + sum + ";");
//     });
//   }
//
// The code is C99 for double; for float, `double`, literals such as 0.5 and functions of <math.h> are changed. It
// stands in a function, whose arrays are row-major, of fixed shapes, and do not overlap. It allocates nothing.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xgrad/core/export/c_text.hpp>
#include <xgrad/core/memory/shape.hpp>

namespace xg {

/// A factor of an element's position: an index of a loop, and how far apart the elements are.
struct c_index {
  std::string name;
  std::ptrdiff_t stride;
};
/// The position of an element in its array: "12 * i + j + 3".
std::string c_position(std::ptrdiff_t offset, std::span<const c_index> indices);
inline std::string c_position(std::ptrdiff_t offset, std::initializer_list<c_index> indices) {
  return c_position(offset, std::span<const c_index>(indices.begin(), indices.size()));
}
/// Its factors, for one index of each dimension.
std::vector<c_index> c_indices(std::span<const std::string> names, std::span<const std::ptrdiff_t> strides);

class c_writer {
 public:
  // ---- The op's operands and results

  std::size_t operands() const { return operands_.size(); }
  /// The first element of an operand, as an expression: "x", "(h + 12)".
  const std::string& operand(std::size_t k) const { return operands_.at(k).name; }
  shape_view operand_shape(std::size_t k) const { return operands_.at(k).shape; }
  /// The first element of a result.
  const std::string& result(std::size_t k = 0) const { return results_.at(k).name; }
  shape_view shape(std::size_t k = 0) const { return results_.at(k).shape; }
  /// The numbers of an operand that is whole numbers; they are constants of the C.
  std::span<const std::int64_t> whole_numbers(std::size_t k) const { return operands_.at(k).whole; }
  /// Are numbers float? Texts are for double in any case.
  bool is_float() const { return is_float_; }

  // ---- Writing

  /// A line: a declaration, a statement, "if (...) {", "}".
  void line(const std::string& text);
  /// Calls body(index) for each whole number below `count`, in a loop where there is more than one.
  template <class F>
  void loop(std::size_t count, const F& body) {
    if (count != 0) loop("0", std::to_string(count), body);
  }
  /// The same from `first` on, which are expressions: "i", "n - 1".
  template <class F>
  void loop(const std::string& first, const std::string& end, const F& body) {
    if (first == "0" && end == "1") return body(std::string("0"));
    const std::string i = begin_loop(first, end);
    body(i);
    end_loop();
  }
  /// Loops over all positions of a shape: calls body(indices), one for each dimension.
  template <class F>
  void each(shape_view shape, const F& body) {
    std::vector<std::string> indices;
    each_from(0, shape, indices, body);
  }

  /// A name that is free in this op's code, this one if possible.
  std::string fresh(std::string_view wanted);
  /// An element of an array of this shape, by one index of each dimension: "x[3 * i + j]".
  static std::string element(const std::string& array, std::span<const std::string> indices, shape_view shape);
  /// An element of an array by its position: "x[3 * i + 2]".
  static std::string element_at(const std::string& array, std::ptrdiff_t offset, std::initializer_list<c_index> at) {
    return array + "[" + c_position(offset, at) + "]";
  }
  /// The name of a constant array of these numbers.
  std::string constants(std::string_view wanted, std::span<const double> numbers);
  /// The same of whole numbers.
  std::string table(std::string_view wanted, std::span<const std::ptrdiff_t> numbers);
  /// A number as C: "0.5".
  std::string number(double x) const { return is_float_ ? detail::c_number(float(x)) : detail::c_number(x); }
  /// Puts a static function before the code, once for each text. Its name, which begins with xg_ in the library.
  std::string function(std::string_view text);
  /// Adds x, an expression, to `sum`; both names are variables of the code, the second one holds how much too large the
  /// first is.
  void add_with_care(const std::string& sum, const std::string& error, const std::string& x);

  /// Throws value_error: what this op does is not to be had in C.
  [[noreturn]] void refuse(const std::string& why) const;

 protected:
  struct array_name {
    std::string name;
    shape_view shape;
    std::span<const std::int64_t> whole{};
  };
  explicit c_writer(bool is_float) : is_float_(is_float) {}
  ~c_writer() = default;

  /// The code of an op begins, with free names of its own.
  void begin(std::string op, std::vector<array_name> operands, std::vector<array_name> results);
  /// It ends: its lines.
  std::vector<std::string> end();

  detail::c_names names_;               // of the file
  std::vector<std::string> functions_;  // static functions
  std::vector<std::string> tables_;     // constant arrays

 private:
  template <class F>
  void each_from(std::size_t d, shape_view shape, std::vector<std::string>& indices, const F& body) {
    if (d == shape.size()) return body(std::as_const(indices));
    loop(shape[d], [&](const std::string& i) {
      indices.push_back(i);
      each_from(d + 1, shape, indices, body);
      indices.pop_back();
    });
  }
  std::string begin_loop(const std::string& first, const std::string& end);
  void end_loop();

  bool is_float_;
  std::string op_;
  std::vector<array_name> operands_, results_;
  std::vector<std::string> lines_;
  std::vector<std::pair<std::size_t, std::string>> loops_;  // that are open: where each begins, its index
  std::set<std::string> own_;                               // names in this op's code
  bool declares_ = false;
  std::vector<std::pair<std::vector<std::ptrdiff_t>, std::string>> known_tables_;
  std::vector<std::pair<std::string, std::string>> known_functions_;
};

}  // namespace xg
