// The code of the values in order, and their memory.
#include <algorithm>

#include <xgrad/core/export/c_files.hpp>
#include <xgrad/core/export/c_program.hpp>
#include <xgrad/core/tape/structured.hpp>

namespace xg {

namespace detail {

namespace {

/// What a node is called, and where it writes its C.
class teller final : public node_writer {
 public:
  explicit teller(c_writer& to) : to_(to) {}
  std::string name;
  bool told = false;

  void function(std::string_view text) override { name = text; }
  void attribute(std::string_view, const std::string&) override {}
  void number(double) override {}
  void step(std::string_view, std::span<const int>) override {}
  c_writer* c() override {
    told = true;
    return &to_;
  }

 private:
  c_writer& to_;
};

std::string file_of(const std::source_location& where) {
  const std::string text = at_line(where);  // " (net.cpp:7)"
  return text.size() < 4 ? "" : text.substr(2, text.size() - 3);
}

/// "h = relu(W * x + b), shape (3), net.cpp:7".
template <class T>
std::string comment_of(const c_value<T>& v, const variable_names& names) {
  std::string text = names.of(v.of->id) + " = " + v.by->text(names);
  if (text.size() > 90) text = text.substr(0, 87) + "...";
  text += "; " + to_string(v.of->shape());
  const std::string line = file_of(v.by->where);
  return "/* " + c_comment(text + (line.empty() ? "" : "; " + line)) + " */";
}

}  // namespace

// ---- The code of a value

/// The first element, as an expression.
template <class T>
std::string c_program<T>::pointer(const slot<T>& s) const {
  const c_value<T>& v = value(s);
  if (!v.base) return v.name;
  const std::string& name = value(*v.base).name;
  return v.offset == 0 ? name : "(" + name + " + " + std::to_string(v.offset) + ")";
}

template <class T>
c_writer::array_name c_program<T>::named(const slot<T>& s) const {
  if (!is_index_leaf(s)) return {pointer(s), s.shape()};
  return {"", s.shape(), {ledger_.index_data(s), s.size}};
}

template <class T>
void c_program<T>::write_structured(const c_value<T>& v) {
  std::vector<array_name> operands, results;
  for (const slot<T>* in : v.by->inputs()) operands.push_back(named(*in));
  if (const auto* several = dynamic_cast<const packed<T>*>(v.by)) {
    for (const array<T>& part : several->arrays()) {
      const std::ptrdiff_t at = part.data - v.of->value;
      results.push_back({at == 0 ? v.name : "(" + v.name + " + " + std::to_string(at) + ")", part.shape});
    }
  } else {
    results.push_back(named(*v.of));
  }
  const std::string text = v.by->text(ledger_.names), name = text.substr(0, text.find('('));
  begin(name, std::move(operands), std::move(results));
  teller tells(*this);
  try {
    v.by->describe(tells);
  } catch (...) {
    rethrow_named("export_c", v.by->where);
  }
  if (!tells.told) fail(tells.name + " has no C", v.by->where);
}

template <class T>
std::vector<std::string> c_program<T>::code_of(const c_value<T>& v) {
  if (v.uniform) {  // a constant that an op reads as an array
    begin("constant", {}, {});
    loop(v.of->size, [&](const std::string& i) { line(v.name + "[" + i + "] = " + c_number(*v.of->value) + ";"); });
  } else if (v.statement) {
    write_statement(v);
  } else {
    write_structured(v);
  }
  return end();
}

// ---- Memory

/// What gets code, in order: the numbers of the values.
template <class T>
std::vector<std::uint32_t> c_program<T>::computed() const {
  std::vector<std::uint32_t> ids;
  for (const c_value<T>& v : values_)
    if (v.needed && !v.is_input && !v.base && v.of->size != 0 && (v.varies || v.uniform)) ids.push_back(v.of->id);
  return ids;
}

/// Where each value lies in the caller's memory, from its number: first fit, by how long it is read. Returns the size.
template <class T>
std::size_t c_program<T>::plan_memory(std::vector<std::size_t>& offsets) {
  std::vector<std::uint32_t> last(values_.size(), 0);  // the value in whose code it is read last
  const auto read = [&](const slot<T>& s, std::uint32_t by) {
    const c_value<T>& v = value(s);
    last[v.base ? v.base->id : s.id] = std::max(last[v.base ? v.base->id : s.id], by);
  };
  const std::vector<std::uint32_t> ids = computed();
  for (const std::uint32_t id : ids) {
    const c_value<T>& v = values_[id];
    last[id] = std::max(last[id], id);
    if (v.statement) {
      for (const c_leaf<T>& leaf : leaves_of(*v.statement)) read(*leaf.of, id);
    } else if (v.by && v.varies) {
      for (const slot<T>* in : v.by->inputs()) read(*in, id);
    }
  }
  for (const slot<T>* y : outputs_) read(*y, ~std::uint32_t(0));
  struct place {
    std::size_t begin, end;
    std::uint32_t last;
  };
  std::vector<place> live;  // by their beginnings
  offsets.assign(values_.size(), 0);
  std::size_t all = 0;
  for (const std::uint32_t id : ids) {
    if (std::ranges::find(output_names_, values_[id].name) != output_names_.end()) continue;
    std::erase_if(live, [&](const place& p) { return p.last < id; });
    const std::size_t size = (values_[id].of->size + 7) / 8 * 8;
    std::size_t at = 0;
    auto before = live.begin();
    for (; before != live.end() && before->begin < at + size; ++before) at = before->end;
    live.insert(before, {at, at + size, last[id]});
    offsets[id] = at;
    all = std::max(all, at + size);
  }
  return all;
}

template <class T>
std::string c_program<T>::constant_array(const c_value<T>& v) const {
  std::string text =
      "static const double " + v.name + "[" + std::to_string(std::max<std::size_t>(v.of->size, 1)) + "] = {";
  std::size_t column = text.size();
  for (std::size_t i = 0; i < v.of->size; ++i) {
    const std::string number = c_number(v.of->value[i]);
    if (i != 0) text += ',';
    column += number.size() + 3;
    text += column > 118 ? "\n    " : i != 0 ? " " : "";
    if (column > 118) column = 4 + number.size();
    text += number;
  }
  return text + (v.of->size == 0 ? "0" : "") + "}; /* " + to_string(v.of->shape()) + " */";
}

// ---- The function

template <class T>
c_code c_program<T>::code() {
  c_code code{options_.name, "", "", {}, {}, 0, is_float()};
  for (const slot<T>* x : inputs_) code.inputs.push_back({value(*x).name, x->shape(), x->size});
  for (std::size_t k = 0; k < outputs_.size(); ++k)
    code.outputs.push_back({output_names_[k], outputs_[k]->shape(), outputs_[k]->size});

  std::vector<std::size_t> offsets;
  std::size_t on_stack = 0;
  const auto is_result = [&](const c_value<T>& v) {
    return std::ranges::find(output_names_, v.name) != output_names_.end();
  };
  for (const std::uint32_t id : computed())
    if (!is_result(values_[id])) on_stack += values_[id].of->size;
  const bool with_work = on_stack * sizeof(T) > options_.stack;
  if (with_work) code.work = plan_memory(offsets);
  const std::string work = with_work ? names_.give("work") : "";

  std::string body;
  std::vector<std::string> constants;
  for (const std::uint32_t id : computed()) {
    const c_value<T>& v = values_[id];
    if (v.by && v.varies) body += "\n  " + comment_of(v, ledger_.names) + "\n";
    if (!is_result(v) && with_work)
      body += "  double *const " + v.name + " = " + work + " + " + std::to_string(offsets[id]) + ";\n";
    else if (!is_result(v))
      body += "  double " + v.name + "[" + std::to_string(v.of->size) + "];\n";
    for (const std::string& line : code_of(v)) body += "  " + line + "\n";
  }
  for (const c_value<T>& v : values_)
    if (v.needed && !v.is_input && !v.varies && !(v.uniform && v.of->size != 0)) constants.push_back(constant_array(v));
  for (std::size_t k = 0; k < outputs_.size(); ++k) {  // what is computed elsewhere
    if (value(*outputs_[k]).name == output_names_[k] || outputs_[k]->size == 0) continue;
    begin("output", {}, {});
    const slot<T>& s = *outputs_[k];
    loop(s.size,
         [&](const std::string& i) { line(output_names_[k] + "[" + i + "] = " + pointer(s) + "[" + i + "];"); });
    body += "\n";
    for (const std::string& line : end()) body += "  " + line + "\n";
  }
  write_files(code, {body, std::move(constants), functions_, tables_}, work);
  return code;
}

template class c_program<float>;
template class c_program<double>;

}  // namespace detail

template <class T>
c_code make_c(std::span<const var<T>> outputs, std::span<const var<T>> inputs, const c_options& options,
              const std::source_location& where) {
  if (outputs.empty()) throw value_error("export_c: there are no outputs" + at_line(where));
  return detail::c_program<T>(outputs.front().ledger(where), outputs, inputs, options, where).code();
}
template c_code make_c(std::span<const var<float>>, std::span<const var<float>>, const c_options&,
                       const std::source_location&);
template c_code make_c(std::span<const var<double>>, std::span<const var<double>>, const c_options&,
                       const std::source_location&);

}  // namespace xg
