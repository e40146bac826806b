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
