#include <xgrad/core/derivative/dependence.hpp>

#include <algorithm>
#include <deque>

#include <xgrad/core/tape/dependence.hpp>
#include <xgrad/core/tape/structured.hpp>

namespace xg::detail {

namespace {

/// Elements of x, in order; null for none. Sets are shared: most elements depend on what their operand depends on.
using set = const std::vector<std::uint32_t>*;

/// The sets of the elements of one variable: one for each, one for all, or none.
struct sets {
  std::vector<set> each;  // [size], [1] or []
  set of(std::size_t i) const { return each.empty() ? nullptr : each[each.size() == 1 ? 0 : i]; }
};

class pool {
 public:
  set single(std::uint32_t i) { return &all_.emplace_back(1, i); }
  /// Takes the list apart.
  set unite(std::vector<set>& list) {
    std::erase(list, nullptr);
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
    if (list.empty()) return nullptr;
    if (list.size() == 1) return list.front();
    std::vector<std::uint32_t> united;
    for (const set s : list) united.insert(united.end(), s->begin(), s->end());
    std::sort(united.begin(), united.end());
    united.erase(std::unique(united.begin(), united.end()), united.end());
    for (const set s : list)
      if (s->size() == united.size()) return s;
    return &all_.emplace_back(std::move(united));
  }

 private:
  std::deque<std::vector<std::uint32_t>> all_;
};

template <class T>
class reader {
 public:
  reader(const ledger<T>& l, const slot<T>& x) : of_(l.slots.size()) {
    auto& each = of_[x.id].each;
    for (std::size_t i = 0; i < x.size; ++i) each.push_back(pool_.single(std::uint32_t(i)));
  }

  void read(const node<T>& n) {
    bool depends = false;
    n.for_each_live_input([&](const slot<T>& s) { depends |= !of_[s.id].each.empty(); });
    if (!depends || !n.out->adjoint) return;  // recorded where no gradient should flow
    if (const auto* s = dynamic_cast<const statement_base<T>*>(&n))
      read_statement(*s);
    else if (const auto* p = dynamic_cast<const part<T>*>(&n))
      read_part(*p);
    else if (const auto* t = dynamic_cast<const tells_dependence*>(&n))
      read_links(n, *t);
    else
      read_dense(n);
  }

  sparsity result(const slot<T>& y, const slot<T>& x) const {
    sparsity s;
    s.rows = y.size;
    s.columns = x.size;
    for (std::size_t i = 0; i < y.size; ++i) {
      if (const set d = of_[y.id].of(i)) s.column.insert(s.column.end(), d->begin(), d->end());
      s.row_start.push_back(s.column.size());
    }
    return s;
  }

 private:
  // The walk of the statement, with the sets in the place of the values.
  void read_statement(const statement_base<T>& s) {
    const auto inputs = s.inputs();
    std::vector<std::size_t> live;
    for (std::size_t k = 0; k < inputs.size(); ++k)
      if (s.live_inputs() >> k & 1 && !of_[inputs[k]->id].each.empty()) live.push_back(k);
    std::vector<std::vector<set>> lists(s.out->size);
    const walk* w = s.plan;
    if (!w || w->single) {
      for (const std::size_t k : live) lists[0].push_back(of_[inputs[k]->id].of(0));
    } else {
      const std::size_t operands = inputs.size() + 1;
      std::vector<std::size_t> index(w->outer, 0);
      const auto at = [&](std::size_t operand, std::size_t i) {
        std::ptrdiff_t offset = w->fixed >> operand & 1 ? 0 : std::ptrdiff_t(i);
        for (std::uint32_t d = 0; d < w->outer; ++d)
          offset += std::ptrdiff_t(index[d]) * w->stride[d * operands + operand];
        return std::size_t(offset);
      };
      for (bool more = w->count > 0; more;) {
        for (std::size_t i = 0; i < w->row; ++i) {
          std::vector<set>& to = lists[at(0, i)];
          for (const std::size_t k : live) to.push_back(of_[inputs[k]->id].of(at(k + 1, i)));
        }
        more = false;
        for (std::uint32_t d = w->outer; d-- > 0 && !more;) {
          more = ++index[d] < w->extent[d];
          if (!more) index[d] = 0;
        }
      }
    }
    put(*s.out, lists);
  }

  // A part's elements are some of the packed slot's.
  void read_part(const part<T>& p) {
    const slot<T>& packed = *p.inputs()[0];
    const auto first = std::size_t(p.out->value - packed.value);
    auto& each = of_[p.out->id].each;
    for (std::size_t i = 0; i < p.out->size; ++i) each.push_back(of_[packed.id].of(first + i));
  }

  void read_links(const node<T>& n, const tells_dependence& teller) {
    struct links final : element_links {
      void add_to(std::size_t r, std::size_t i, std::size_t k, std::size_t j, std::size_t count,
                  std::size_t stride) override {
        const sets& from = (*of)[inputs[k]->id];
        if (from.each.empty()) return;
        if (results) i += std::size_t(results->arrays()[r].data - out->value);
        for (std::size_t m = 0; m < count; ++m) lists[i].push_back(from.of(j + m * stride));
      }
      const std::vector<sets>* of = nullptr;
      std::span<slot<T>* const> inputs;
      const slot<T>* out = nullptr;
      const packed<T>* results = nullptr;
      std::vector<std::vector<set>> lists;
    } l;
    l.of = &of_;
    l.inputs = n.inputs();
    l.out = n.out;
    l.results = dynamic_cast<const packed<T>*>(&n);
    l.lists.resize(n.out->size);
    teller.tell_dependence(l);
    put(*n.out, l.lists);
  }

  void read_dense(const node<T>& n) {
    std::vector<set> all;
    n.for_each_live_input(
        [&](const slot<T>& s) { all.insert(all.end(), of_[s.id].each.begin(), of_[s.id].each.end()); });
    of_[n.out->id].each = {pool_.unite(all)};
  }

  void put(const slot<T>& out, std::vector<std::vector<set>>& lists) {
    auto& each = of_[out.id].each;
    for (std::vector<set>& list : lists) each.push_back(pool_.unite(list));
  }

  pool pool_;
  std::vector<sets> of_;  // [slot]
};

}  // namespace

template <class T>
sparsity dependence_of_elements(const ledger<T>& l, const slot<T>& y, const slot<T>& x) {
  reader<T> r(l, x);
  for (std::size_t n = 0; n < y.producer; ++n) r.read(*l.nodes[n]);
  return r.result(y, x);
}

template sparsity dependence_of_elements(const ledger<float>&, const slot<float>&, const slot<float>&);
template sparsity dependence_of_elements(const ledger<double>&, const slot<double>&, const slot<double>&);

}  // namespace xg::detail
