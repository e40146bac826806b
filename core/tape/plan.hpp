// The plan of a statement: from the shapes of its operands, that of its result, and how its loops walk over them.
#pragma once

#include <xgrad/core/expression/fold.hpp>
#include <xgrad/core/expression/program.hpp>
#include <xgrad/core/tape/ledger.hpp>

namespace xg {

/// What becomes of a statement's values.
struct target {
  enum kind_type {
    elementwise,  // one value per position of the broadcast operands
    expand,       // the operand, read as shape `kept`, broadcast to `shape`
    reduce,       // folded over `axes`
    collapse      // folded down to `kept`, which broadcasts to the operand's shape, and returned as `shape`
  } kind = elementwise;
  shape_view shape{}, kept{};
  const axes_t* axes = nullptr;
  bool keep_dims = false;
};

/// Where a part of a statement's backward loops puts its contributions to an input's adjoint; see gradient_row.
template <class T>
struct part_adjoint {
  T* data = nullptr;
  T* error = nullptr;
  bool assign = false;
};

/// The part of a statement that does not depend on the expression; compiled once.
template <class T>
class statement_base : public node<T> {
 public:
  const walk* plan = nullptr;  // null: all operands are scalars

  virtual program_view<T> program() const = 0;
  /// The fold and what is known of it; null for a map.
  virtual std::pair<const void*, const fold_info<T>*> fold() const = 0;
  virtual std::size_t planes() const = 0;
  /// Walks through the program with shapes alone; throws shape_error for the first step whose operands do not fit.
  void check_shapes(const variable_names& names, const std::source_location& where) const;
  void record_backward(detail::ledger<T>& l, adjoint_vars<T>& adjoints) final;
  void record_forward(detail::ledger<T>& l, tangent_vars<T>& tangents) final;
  std::string text(const variable_names& names) const final;
  void describe(node_writer& w) const final;

 protected:
  ~statement_base() = default;

  // ---- A long statement, in parts, on the tape's threads: see statement_parts.cpp

  void forward_in_parts(detail::ledger<T>& l);
  void backward_in_parts(detail::ledger<T>& l);
  /// The loops of one part, every operand beginning at its place. `planes`: where the fold's planes of all results lie.
  virtual void forward_part(const walk& rows, const std::ptrdiff_t* begin, T* planes) = 0;
  virtual void backward_part(const walk& rows, const std::ptrdiff_t* begin, const part_adjoint<T>* adjoints) = 0;
  /// Results begin..end of a fold: their planes at the start, and what they are in the end, their planes in several
  /// parts being merged in order.
  virtual void start_results(T*, std::size_t /*begin*/, std::size_t /*end*/) const {}
  virtual void finish_results(const T*, std::size_t /*parts*/, std::size_t /*begin*/, std::size_t /*end*/) const {}
};

namespace detail {

/// Works out the shapes of a statement and how its loops walk, which becomes its `plan`; makes the slot of its result.
template <class T>
slot<T>& plan_statement(ledger<T>& l, statement_base<T>& s, std::span<slot<T>* const> inputs, const target& how,
                        bool gradient);

extern template slot<float>& plan_statement(ledger<float>&, statement_base<float>&, std::span<slot<float>* const>,
                                            const target&, bool);
extern template slot<double>& plan_statement(ledger<double>&, statement_base<double>&, std::span<slot<double>* const>,
                                             const target&, bool);

}  // namespace detail

}  // namespace xg
