#include <xgrad/core/tape/store.hpp>

#include <string>

namespace xg::detail {

namespace {

template <class T>
class store_node final : public node<T> {
 public:
  static constexpr bool owns_memory = true;  // of the parameter, a share
  store_node(slot<T>& of, const std::shared_ptr<parameter_memory<T>>& to) : input_(&of), to_(to) {}

  slot<T>& prepare(ledger<T>& l, bool) { return l.new_alias(input_->shape(), input_->size, input_->value, false); }
  void forward(ledger<T>& l) override {
    if (l.recomputes) return;
    std::copy_n(input_->value, input_->size, to_->value);
    ++to_->version;
  }
  void backward(ledger<T>&) override {}
  void record_backward(ledger<T>&, adjoint_vars<T>&) override {}
  std::span<slot<T>* const> inputs() const override { return {&input_, 1}; }
  std::uint64_t live_inputs() const override { return 0; }
  std::string text(const variable_names& names) const override { return "store(" + names.of(input_->id) + ")"; }
  void destroy() override { to_.reset(); }

 private:
  slot<T>* input_;
  std::shared_ptr<parameter_memory<T>> to_;
};

}  // namespace

template <class T>
void record_store(const var<T>& x, const std::shared_ptr<parameter_memory<T>>& to, const std::source_location& where) {
  ledger<T>& l = x.ledger(where);
  slot<T>& s = *l.slot_of(x, where, "store");
  if (!to) throw tape_error("store: the parameter is empty; give it values of the shape of x first" + at_line(where));
  if (!(s.shape() == to->shape))
    throw shape_error("store: " + l.the_variable(s) + " has shape " + to_string(s.shape()) + ", the parameter " +
                      to_string(to->shape) + "; they must be equal" + at_line(where));
  push_node<store_node<T>>(l, where, s, to);
}

template void record_store(const var<float>&, const std::shared_ptr<parameter_memory<float>>&,
                           const std::source_location&);
template void record_store(const var<double>&, const std::shared_ptr<parameter_memory<double>>&,
                           const std::source_location&);

}  // namespace xg::detail
