#include <xgrad/nn/module.hpp>

#include <algorithm>

namespace xg::nn::detail {

namespace {

bool glob(std::string_view pattern, std::string_view text) {
  // After a mismatch the last star takes one character more; no need to go back further.
  std::size_t p = 0, t = 0, star = std::string_view::npos, after = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      after = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p, ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++after;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

/// The number of letters to change, add or leave out (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i] != b[j]);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, changed});
    }
  }
  return row[b.size()];
}

/// What a user may have meant: a path, or a part of the model with `.*` where the pattern had that.
template <class T>
std::string meant(const std::vector<named_parameter<T>>& all, std::string_view pattern) {
  const bool part = pattern.ends_with(".*");
  const std::string_view typed = part ? pattern.substr(0, pattern.size() - 2) : pattern;
  std::string best;
  std::size_t least = std::max<std::size_t>(2, typed.size() / 3) + 1;
  const auto consider = [&](std::string_view path) {
    if (const std::size_t d = distance(typed, path); d < least) least = d, best = path;
  };
  for (const auto& p : all) {
    if (!part) consider(p.path);
    for (std::size_t dot = p.path.find('.'); dot != std::string::npos; dot = p.path.find('.', dot + 1))
      consider(std::string_view(p.path).substr(0, dot));
  }
  if (!best.empty() && part) best += ".*";
  return best;
}

template <class T>
std::string list_of_paths(const std::vector<named_parameter<T>>& all) {
  constexpr std::size_t most = 12;
  std::string text;
  for (std::size_t i = 0; i < std::min(all.size(), most); ++i) text += (i ? ", " : "") + all[i].path;
  if (all.size() > most) text += ", ... (" + std::to_string(all.size()) + " in all)";
  return text;
}

/// Rows of a path, a shape, a number and a remark, one below the other.
class text_table {
 public:
  void add(std::string path, std::string shape, std::size_t numbers, std::string remark) {
    path_ = std::max(path_, path.size());
    shape_ = std::max(shape_, shape.size());
    rows_.push_back({std::move(path), std::move(shape), std::to_string(numbers), std::move(remark)});
  }
  std::string text() const {
    std::string all;
    for (const row& r : rows_)
      all += r.path + std::string(path_ - r.path.size() + 2, ' ') + r.shape +
             std::string(shape_ - r.shape.size() + 2, ' ') +
             std::string(r.numbers.size() < 9 ? 9 - r.numbers.size() : 0, ' ') + r.numbers + r.remark + "\n";
    return all;
  }

 private:
  struct row {
    std::string path, shape, numbers, remark;
  };
  std::vector<row> rows_;
  std::size_t path_ = 4, shape_ = 5;
};

}  // namespace

void throw_empty(const std::string& path) {
  throw value_error("the parameter " + path +
                    " has no shape: its layer was never given its sizes; write nn::linear<float>(64, 32), say, or "
                    "{.hidden = {64, 32}}");
}

bool matches(std::string_view pattern, std::string_view path) {
  if (glob(pattern, path)) return true;
  for (std::size_t dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.', dot + 1))
    if (glob(pattern, path.substr(0, dot))) return true;
  return false;
}

template <class T>
std::vector<std::size_t> matching(const std::vector<named_parameter<T>>& all, std::string_view pattern, const char* op,
                                  const std::source_location& where) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (matches(pattern, all[i].path)) found.push_back(i);
  if (!found.empty()) return found;
  const std::string hint = meant(all, pattern);
  throw value_error(std::string(op) + ": the pattern \"" + std::string(pattern) + "\" matches no parameter" +
                    (hint.empty() ? "" : "; did you mean \"" + hint + "\"?") + " The model has " + list_of_paths(all) +
                    at_line(where));
}

template <class T>
void freeze(const named_parameter<T>& p, bool on, const std::source_location& where) {
  if (p.buffer) return;
  if (!p.of)
    throw value_error("freeze: " + p.path +
                      " is only seen as const; its model's visit(m, f) has to take m as it is: visit(auto& m, auto f)" +
                      at_line(where));
  p.of->freeze(on);
}

template <class T>
std::string summary(const std::vector<named_parameter<T>>& all) {
  std::size_t trained = 0, frozen = 0;
  text_table table;
  for (const auto& p : all) {
    (p.trained ? trained : frozen) += p.size();
    table.add(p.path, to_string(p.shape()), p.size(), p.trained ? "" : "  not trained");
  }
  table.add("sum", "", trained + frozen, frozen ? "  of which " + std::to_string(trained) + " are trained" : "");
  return table.text();
}

template <class T>
std::string summary(const std::vector<named_parameter<T>>& all, const var<T>& x, const var<T>& result) {
  const auto& l = result.ledger();
  struct layer {
    std::string path, output = {};
    std::size_t numbers = 0, trained = 0;
    std::vector<std::uint32_t> leaves = {};
  };
  std::vector<layer> layers;
  std::size_t numbers = 0, trained = 0;
  for (const auto& p : all) {
    const std::size_t dot = p.path.rfind('.');
    const std::string path = dot == std::string::npos ? p.path : p.path.substr(0, dot);
    if (layers.empty() || layers.back().path != path) layers.push_back({path});
    layers.back().numbers += p.size(), numbers += p.size();
    if (p.trained) layers.back().trained += p.size(), trained += p.size();
    for (const auto& leaf : l.borrowed)
      if (leaf.memory == p.memory) layers.back().leaves.push_back(leaf.id);
  }
  // A layer's result is the last one computed from data and from its parameters, or what is made of these alone.
  constexpr std::size_t nobody = std::size_t(-1);
  std::vector<std::size_t> owner(l.slots.size(), nobody);
  std::vector<bool> data(l.slots.size(), false);
  data[x.id()] = true;
  for (std::size_t k = 0; k < layers.size(); ++k)
    for (const std::uint32_t leaf : layers[k].leaves) owner[leaf] = k;
  for (std::size_t i = 0; i < l.nodes.size(); ++i) {
    const slot<T>& out = *l.nodes[i]->out;
    for (const slot<T>* in : l.nodes[i]->inputs())
      if (data[in->id]) data[out.id] = true;
    for (const slot<T>* in : l.nodes[i]->inputs())
      if (const std::size_t k = owner[in->id]; k != nobody) {
        if (data[out.id])
          layers[k].output = to_string(out.shape());
        else
          owner[out.id] = k;
      }
  }
  text_table table;
  for (const layer& of : layers)
    table.add(of.path, of.output.empty() ? "not used" : of.output, of.numbers,
              of.trained == of.numbers ? "" : "  of which " + std::to_string(of.trained) + " are trained");
  table.add("sum", to_string(result.shape()), numbers,
            trained == numbers ? "" : "  of which " + std::to_string(trained) + " are trained");
  return table.text();
}

template <class T>
void name_by_path(const std::vector<named_parameter<T>>& all) {
  for (const auto& p : all) p.memory->name = p.path;
}

template <class T>
void require_initialised(const std::vector<named_parameter<T>>& all, const char* op,
                         const std::source_location& where) {
  for (const auto& p : all)
    if (p.trained && p.shape().size() >= 2 && p.memory->version == 0 &&
        std::all_of(p.memory->value, p.memory->value + p.size(), [](T x) { return x == 0; }) && p.size() != 0)
      throw value_error(std::string(op) + ": " + p.path +
                        " is all zeros: it was never initialised; name a scheme first: nn::he(net, rng), "
                        "nn::xavier(net, rng), ... (nn::constant(net, 0) if you mean it)" +
                        at_line(where));
}

template std::vector<std::size_t> matching(const std::vector<named_parameter<float>>&, std::string_view, const char*,
                                           const std::source_location&);
template std::vector<std::size_t> matching(const std::vector<named_parameter<double>>&, std::string_view, const char*,
                                           const std::source_location&);
template void freeze(const named_parameter<float>&, bool, const std::source_location&);
template void freeze(const named_parameter<double>&, bool, const std::source_location&);
template std::string summary(const std::vector<named_parameter<float>>&);
template std::string summary(const std::vector<named_parameter<float>>&, const var<float>&, const var<float>&);
template std::string summary(const std::vector<named_parameter<double>>&);
template std::string summary(const std::vector<named_parameter<double>>&, const var<double>&, const var<double>&);
template void name_by_path(const std::vector<named_parameter<float>>&);
template void name_by_path(const std::vector<named_parameter<double>>&);
template void require_initialised(const std::vector<named_parameter<float>>&, const char*, const std::source_location&);
template void require_initialised(const std::vector<named_parameter<double>>&, const char*,
                                  const std::source_location&);

}  // namespace xg::nn::detail
