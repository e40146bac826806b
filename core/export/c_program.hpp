// From nodes of the tape to C: what make_c works with. For the library's own sources.
//
// Every value on the way is an array of C, but for what need not be one: constants of one number, elementwise
// statements that are used once, which become part of the loop that uses them, and values that are another one's
// memory.
#pragma once

#include <xgrad/core/export/c_code.hpp>
#include <xgrad/core/export/c_writer.hpp>
#include <xgrad/core/export/describe.hpp>
#include <xgrad/core/tape/plan.hpp>

namespace xg::detail {

/// A piece of an expression in C.
struct c_piece {
  std::string text;
  int precedence = 10;      // how tightly it binds: 10 is a name, a literal or a call; 7 a sum; 0 a condition
  bool repeats = false;     // may stand in the text several times: there is nothing to compute
  std::string condition{};  // of `condition ? 1.0 : 0.0`
  double number = 0;        // of a literal
  bool literal = false;
};

/// A value of the tape.
template <class T>
struct c_value {
  const slot<T>* of = nullptr;
  const node<T>* by = nullptr;                   // null: a leaf
  const statement_base<T>* statement = nullptr;  // `by`, if that is a statement
  bool reached = false;                          // by the outputs, going back up to the inputs
  bool is_input = false, varies = false;         // depends on an input; else it is a constant
  bool uniform = false;                          // a constant, the same number everywhere
  bool is_output = false;
  bool needed = false;            // as memory
  const slot<T>* base = nullptr;  // whose memory it is, from this element on
  std::ptrdiff_t offset = 0;
  std::size_t uses = 0;
  std::string name{};  // of its array
};

/// An operand of a loop: an array, read as a shape that broadcasts to the loop's.
template <class T>
struct c_leaf {
  const slot<T>* of;
  shape_t reading;
};

/// A dimension of a loop: how far apart the elements are in the result, and in each leaf.
struct c_dimension {
  std::size_t extent;
  std::vector<std::ptrdiff_t> strides;
  bool folded() const { return strides.front() == 0; }
};

template <class T>
class c_program final : public c_writer {
 public:
  c_program(ledger<T>& l, std::span<const var<T>> outputs, std::span<const var<T>> inputs, const c_options& options,
            const std::source_location& where);
  c_code code();

 private:
  // ---- What becomes of the values (c_program.cpp)
  void reach(std::span<const var<T>> outputs, std::span<const var<T>> inputs);
  void find_constants();
  void find_aliases();
  void find_needed();
  void need(const slot<T>& s);
  void give_names();
  c_value<T>& value(const slot<T>& s) { return values_[s.id]; }
  const c_value<T>& value(const slot<T>& s) const { return values_[s.id]; }
  bool is_index_leaf(const slot<T>& s) const;
  [[noreturn]] void fail(const std::string& why, const std::source_location& where) const;

  // ---- The code of a value (c_nodes.cpp)
  std::vector<std::string> code_of(const c_value<T>& v);
  void write_structured(const c_value<T>& v);
  array_name named(const slot<T>& s) const;
  std::string pointer(const slot<T>& s) const;

  // ---- Statements (c_statement.cpp)
  struct loops {
    shape_view space;
    bool collects = true;  // leaves are listed; else their texts are asked for
    std::vector<c_leaf<T>> leaves{};
    std::vector<c_dimension> dimensions{};
    std::vector<std::string> indices{};  // the names, where in the loops we are
    std::size_t next = 0, steps = 0;     // leaves and steps that were passed
  };
  void write_statement(const c_value<T>& v);
  void write_fold(loops& c, const c_value<T>& v, const c_fold& fold);
  void write_sum(loops& c, const c_value<T>& v, const c_fold& fold, std::size_t terms);
  std::vector<c_leaf<T>> leaves_of(const statement_base<T>& s);
  c_piece value_of(loops& c, const statement_base<T>& s);
  c_piece operand_of(loops& c, const slot<T>& s, shape_view reading);
  c_piece stepped(const loops& c, const statement_base<T>& s, const op_info<T>& op, std::span<const c_piece> x);
  c_piece substituted(const std::string& code, std::span<const c_piece> x);
  bool is_part_of_loop(const loops& c, const slot<T>& s, shape_view reading) const;
  std::string element(const slot<T>& s, const loops& c, std::size_t operand) const;
  template <class F>
  void each_dimension(loops& c, bool folded, const F& body, std::size_t d = 0);

  // ---- The files (c_nodes.cpp)
  std::vector<std::uint32_t> computed() const;
  std::size_t plan_memory(std::vector<std::size_t>& offsets);
  std::string constant_array(const c_value<T>& v) const;

  ledger<T>& ledger_;
  c_options options_;
  std::source_location where_;
  std::vector<c_value<T>> values_;  // by the slots' numbers
  std::vector<const slot<T>*> inputs_, outputs_;
  std::vector<std::string> output_names_;
};

}  // namespace xg::detail
