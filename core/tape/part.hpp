// Several results of one node: they lie one after the other in one packed slot, whose node computes them all. Each is a
// variable by a small node of its own, whose slot has its value and its adjoint in the packed slot's memory, so that
// sweeps, gradients, names and marks need to know nothing of all this.
#pragma once

#include <string>

#include <xgrad/core/export/describe.hpp>
#include <xgrad/core/tape/record.hpp>

namespace xg::detail {

/// What the parts know of the node that computes them.
template <class T>
class packed : public node<T> {
 public:
  /// The results, in the packed slot.
  std::span<const array<T>> arrays() const { return arrays_; }
  /// The slots of the parts.
  std::span<slot<T>* const> results() const final { return parts_; }
  void set_part(std::size_t k, slot<T>& s) { parts_[k] = &s; }

  /// Called by the first part that a sweep reaches, when all contributions to all of them are there: what it has not
  /// reached is zero.
  void reach(ledger<T>& l) {
    slot<T>& whole = *this->out;
    if (!whole.adjoint || whole.sweep == l.sweep) return;
    whole.sweep = l.sweep;
    for (std::size_t k = 0; k < parts_.size(); ++k)
      if (parts_[k]->sweep != l.sweep) std::fill_n(adjoint_of(k), arrays_[k].size, T(0));
  }
  T* adjoint_of(std::size_t k) const { return this->out->adjoint + (arrays_[k].data - this->out->value); }

 protected:
  ~packed() = default;

  /// Makes the slot of results of these shapes.
  slot<T>& pack(ledger<T>& l, std::span<const shape_t> shapes, bool gradient) {
    std::size_t size = 0;
    for (const shape_t& shape : shapes) size += count_of(shape);
    slot<T>& s = l.new_slot(l.own(std::array{size}), size, gradient);
    auto* results = l.memory.template array<array<T>>(shapes.size());
    T* at = s.value;
    for (std::size_t k = 0; k < shapes.size(); ++k) {
      results[k] = {at, l.own(shapes[k]), count_of(shapes[k])};
      at += results[k].size;
    }
    arrays_ = {results, shapes.size()};
    parts_ = {l.memory.template array<slot<T>*>(shapes.size()), shapes.size()};
    return s;
  }

 private:
  std::span<array<T>> arrays_;
  std::span<slot<T>*> parts_;
};

template <class T>
class part final : public node<T> {
 public:
  static constexpr bool owns_memory = false;
  part(packed<T>& of, std::size_t k) : of_(of), k_(k), input_(of.out) {}

  slot<T>& prepare(ledger<T>& l, bool gradient) {
    const array<T>& result = of_.arrays()[k_];
    slot<T>& s = l.bare_slot(result.shape, result.size);
    s.value = result.data;
    s.adjoint = gradient ? of_.adjoint_of(k_) : nullptr;
    of_.set_part(k_, s);
    return s;
  }
  void forward(ledger<T>&) override {}
  void backward(ledger<T>& l) override { of_.reach(l); }
  void record_backward(ledger<T>&, adjoint_vars<T>& adjoints) override;
  void record_forward(ledger<T>&, tangent_vars<T>&) override {}  // the packed node gives each part its tangent
  std::span<slot<T>* const> inputs() const override { return {&input_, 1}; }
  std::string text(const variable_names& names) const override {
    return of_.text(names) + "[" + std::to_string(k_) + "]";
  }
  void describe(node_writer& w) const override {
    w.function("result");
    w.attribute("number", std::to_string(k_));
  }

 private:
  packed<T>& of_;
  std::size_t k_;
  slot<T>* input_;
};

}  // namespace xg::detail
