// Structured ops on the tape: the node of an op as contract.hpp describes it.
#pragma once

#include <array>
#include <memory>
#include <utility>

#include <xgrad/core/derivative/forward.hpp>
#include <xgrad/core/export/describe.hpp>
#include <xgrad/core/tape/dependence.hpp>
#include <xgrad/core/tape/op_name.hpp>
#include <xgrad/core/tape/operands.hpp>
#include <xgrad/core/tape/part.hpp>

namespace xg {

/// The node of an Op on N operands (any_number: a list) and I of whole numbers.
template <class Op, class T, std::size_t N, std::size_t I, class Arch>
class structured final
    : public std::conditional_t<detail::contract<Op, T, N, I>::several, detail::packed<T>, node<T>>,
      public std::conditional_t<detail::contract<Op, T, N, I>::has_dependence,
                                detail::dependence_of<structured<Op, T, N, I, Arch>>, detail::tells_nothing> {
  using contract = detail::contract<Op, T, N, I>;
  using ledger = detail::ledger<T>;
  using operands_type = detail::operands<T, N, I>;
  static constexpr bool is_list = N == detail::any_number;

 public:
  static constexpr bool owns_memory = !std::is_trivially_destructible_v<Op>;

  /// `make()` gives the op, which is made in its place.
  structured(ledger& l, const auto& inputs, const auto& make) : op_(make()), operands_(l, inputs) {}

  /// Works out shapes and plan; makes the slot of the result. Throws what the op throws: see `named`; with the
  /// operands, where they have names.
  slot<T>& prepare(ledger& l, bool gradient) {
    if constexpr (is_list) adjoints_ = l.memory.template array<adjoint<T>>(operands_.count());
    try {
      return operands_.with_shapes(l, [&](const auto&... shapes) -> slot<T>& {
        if constexpr (contract::several) {
          const auto results = op_.shapes(shapes...);
          make_plan(l, shapes...);
          return this->pack(l, results, gradient);
        } else {
          const shape_t shape = op_.shape(shapes...);
          make_plan(l, shapes...);
          if constexpr (contract::has_alias)
            if (const std::optional<std::size_t> at = op_.alias()) {
              aliases_ = true;
              return l.new_alias(l.own(shape), count_of(shape), operands_[0].value + *at, gradient);
            }
          return l.new_slot(l.own(shape), count_of(shape), gradient);
        }
      });
    } catch (...) {
      bool has = false;
      for (const slot<T>* s : inputs()) has |= l.names.has(s->id);
      rethrow_named(label(op_), l.line, has ? text(l.names) : "");
    }
  }

  void forward(ledger&) override {
    if (aliases_) return;
    named(this->where, [&] {
      operands_.with_values([&](const auto&... x) {
        if constexpr (contract::several)
          op_.forward(this->arrays(), x...);
        else
          op_.forward(array<T>{this->out->value, this->out->shape(), this->out->size}, x...);
      });
    });
  }

  void backward(ledger& l) override {
    if constexpr (contract::has_backward)
      run_backward(l);
    else
      evaluate_vjp(l);
  }

  void record_backward(ledger& l, adjoint_vars<T>& adjoints) override {
    std::vector<char> wanted(operands_.count());
    for (std::size_t k = 0; k < operands_.count(); ++k) wanted[k] = adjoints.wants(operands_[k]);
    const auto give = [&](std::size_t k, const var<T>& d) { adjoints.add(operands_[k], d); };
    if constexpr (contract::several) {
      std::vector<var<T>> g;
      for (const slot<T>* s : this->results()) {
        g.push_back(adjoints.reached(*s) ? adjoints.of(*s) : var<T>());
        if (!g.back().valid()) g.back() = detail::filled(l, T(0), s->shape(), this->where);
      }
      each_gradient(l, wanted, std::span<const var<T>>(g), give);
    } else {
      each_gradient(l, wanted, adjoints.of(*this->out), give);
    }
  }

  void record_forward(ledger& l, tangent_vars<T>& tangents) override {
    if constexpr (contract::linear) {
      apply_to(l, tangents);
    } else if constexpr (contract::has_jvp) {
      for (std::size_t k = 0; k < operands_.count(); ++k)
        if (const var<T>& u = tangents.of(operands_[k]); u.valid()) tangents.add(*this->out, jvp(l, k, u));
    } else {
      node<T>::record_forward(l, tangents);
    }
  }

  std::span<slot<T>* const> inputs() const override { return operands_.all(); }

  std::string text(const variable_names& names) const override { return this->call_text(label(op_), names); }

  void describe(node_writer& w) const override {
    w.function(label(op_));
    if constexpr (requires { op_.describe(w); }) op_.describe(w);
    if constexpr (contract::has_c) w.c() ? op_.write_c(*w.c()) : void();
  }

  /// Of an op with a member `dependence`.
  void write(element_links& links) const {
    if constexpr (contract::has_dependence)
      operands_.with_values([&](const auto&... x) { op_.dependence(links, x...); });
  }

  void destroy() override { op_.~Op(); }

 private:
  static std::string label(const Op& op) { return detail::label_of(op); }
  [[gnu::always_inline]] auto named(const std::source_location& line, const auto& f) const {
    return detail::told_with_name(op_, line, f);
  }

  void make_plan(ledger& l, const auto&... shapes) {
    if constexpr (contract::has_plan) {
      workspace w(l.memory, l.threads());
      op_.plan(w, shapes...);
    }
  }

  // ---- Numbers

  static array<const T> read(const T* data, const slot<T>& s) { return {data, s.shape(), s.size}; }
  static adjoint<T> start_adjoint(ledger& l, slot<T>& s, bool can_assign = true) {
    if (!s.adjoint) return {};
    return {s.adjoint, s.shape(), s.size, l.begin_adjoint(s, can_assign)};
  }

  void run_backward(ledger& l) {
    const bool alike = operands_.alike();
    if constexpr (is_list) {
      for (std::size_t k = 0; k < operands_.count(); ++k) adjoints_[k] = start_adjoint(l, operands_[k], !alike);
      call_backward(std::span<const adjoint<T>>(adjoints_, operands_.count()));
    } else {
      [&]<std::size_t... K>(std::index_sequence<K...>) {
        const std::array<adjoint<T>, N> dx{start_adjoint(l, operands_[K], !alike)...};
        call_backward(dx[K]...);
      }
      (std::make_index_sequence<N>{});
    }
  }
  [[gnu::always_inline]] void call_backward(const auto&... dx) {
    named(this->where, [&] {
      operands_.with_values([&](const auto&... x) {
        if constexpr (contract::several) {
          const auto list = this->arrays();
          std::vector<array<const T>> y, g;
          for (std::size_t k = 0; k < list.size(); ++k) {
            y.push_back({list[k].data, list[k].shape, list[k].size});
            g.push_back({this->adjoint_of(k), list[k].shape, list[k].size});
          }
          op_.backward(std::span<const array<const T>>(g), std::span<const array<const T>>(y), x..., dx...);
        } else {
          op_.backward(read(this->out->adjoint, *this->out), read(this->out->value, *this->out), x..., dx...);
        }
      });
    });
  }

  // ---- Variables

  /// The result, or the list of results, as handles.
  auto result_vars(ledger& l) const {
    if constexpr (contract::several) {
      std::vector<var<T>> y;
      for (const slot<T>* s : this->results()) y.push_back(l.handle(*s));
      return y;
    } else {
      return l.handle(*this->out);
    }
  }

  /// Calls give(k, dL/dx) for each operand that is wanted; g is dL/dy.
  void each_gradient(ledger& l, const std::vector<char>& wanted, const auto& g, const auto& give) {
    const auto results = result_vars(l);
    const std::conditional_t<contract::several, std::span<const var<T>>, var<T>> y(results);
    const auto checked = [&](std::size_t k, const var<T>& d) {
      const slot<T>* s = d.valid() ? l.slot_of(d, this->where) : nullptr;
      if (!s) detail::reject_empty_gradient(label(op_), k, this->where);
      if (!(s->shape() == operands_[k].shape()))
        detail::reject_gradient(label(op_), k, s->shape(), operands_[k].shape(), this->where);
      give(k, l.handle(*s));
    };
    if constexpr (contract::has_vjps) {
      const auto flags = std::make_unique<bool[]>(operands_.count());
      std::copy_n(wanted.begin(), operands_.count(), flags.get());
      const typename contract::gradients d = named(this->where, [&] {
        return operands_.with_vars(l, [&](const auto&... x) -> typename contract::gradients {
          return op_.vjps(std::span<const bool>(flags.get(), operands_.count()), g, y, x...);
        });
      });
      if (d.size() != operands_.count()) detail::reject_gradients(label(op_), d.size(), operands_.count(), this->where);
      for (std::size_t k = 0; k < operands_.count(); ++k)
        if (wanted[k]) checked(k, d[k]);
    } else {
      for (std::size_t k = 0; k < operands_.count(); ++k) {
        if (!wanted[k]) continue;
        checked(k, named(this->where, [&] {
                  return operands_.with_vars(l, [&](const auto&... x) -> var<T> {
                    if constexpr (N == 1)
                      return op_.vjp(g, y, x...);
                    else
                      return op_.vjp(k, g, y, x...);
                  });
                }));
      }
    }
  }

  var<T> jvp(ledger& l, std::size_t k, const var<T>& u) {
    const var<T> y = l.handle(*this->out);
    const var<T> d = named(this->where, [&] {
      return operands_.with_vars(l, [&](const auto&... x) -> var<T> {
        if constexpr (N == 1)
          return op_.jvp(u, y, x...);
        else
          return op_.jvp(k, u, y, x...);
      });
    });
    if (!(d.shape() == this->out->shape()))
      detail::reject_tangent(label(op_), k, d.shape(), this->out->shape(), this->where);
    return d;
  }

  /// The op itself, which is linear, recorded on the tangents.
  void apply_to(ledger& l, tangent_vars<T>& tangents) {
    auto moving = operands_.like(l);
    for (std::size_t k = 0; k < operands_.count(); ++k) {
      const slot<T>& x = operands_[k];
      var<T> u = tangents.of(x);
      if (!u.valid()) u = detail::filled(l, T(0), x.shape(), this->where);
      moving[k] = l.slot_of(u, this->where);
    }
    auto& n = detail::push_node<structured>(l, this->where, l, moving, [&] { return Op(std::as_const(op_)); });
    if constexpr (contract::several) {
      for (std::size_t k = 0; k < this->results().size(); ++k)
        tangents.add(
            *this->results()[k],
            l.handle(*detail::push_node<detail::part<T>>(l, this->where, static_cast<detail::packed<T>&>(n), k).out));
    } else {
      tangents.add(*this->out, l.handle(*n.out));
    }
  }

  void evaluate_vjp(ledger& l) {
    const detail::gradient_scope constants(l, false);
    const detail::attempt scratch(l);
    const detail::line_scope line(l, this->where, true);
    std::vector<char> wanted(operands_.count());
    for (std::size_t k = 0; k < operands_.count(); ++k) wanted[k] = operands_[k].adjoint != nullptr;
    const auto give = [&](std::size_t k, const var<T>& d) {
      const slot<T>& s = *l.find(d);
      start_adjoint(l, operands_[k]).add_each([&](std::size_t i) { return s.value[i]; });
    };
    const auto constant = [&](const T* data, shape_view shape, std::size_t size) {
      slot<T>& s = l.new_slot(shape, size, false);
      std::copy_n(data, size, s.value);
      return l.handle(s);
    };
    if constexpr (contract::several) {
      std::vector<var<T>> g;
      for (std::size_t k = 0; k < this->arrays().size(); ++k)
        g.push_back(constant(this->adjoint_of(k), this->arrays()[k].shape, this->arrays()[k].size));
      each_gradient(l, wanted, std::span<const var<T>>(g), give);
    } else {
      each_gradient(l, wanted, constant(this->out->adjoint, this->out->shape(), this->out->size), give);
    }
  }

  Op op_;
  operands_type operands_;
  bool aliases_ = false;
  struct none {};
  [[no_unique_address]] std::conditional_t<is_list, adjoint<T>*, none> adjoints_;
};

template <class T>
void detail::part<T>::record_backward(ledger<T>&, adjoint_vars<T>& adjoints) {
  if (adjoints.wants(*input_)) adjoints.reach(*input_);
}

}  // namespace xg
