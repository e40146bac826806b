#include <xgrad/core/export/c_files.hpp>

#include <algorithm>
#include <string_view>

#include <xgrad/core/export/c_text.hpp>

namespace xg::detail {

namespace {

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = char(c - 'a' + 'A');
  return text;
}

/// "void net(const double *x, double *y)"; `qualifier` stands before each name.
std::string prototype(const c_code& code, const std::string& work, const std::string& qualifier) {
  std::string text = "void " + code.name + "(";
  const std::size_t indent = text.size();
  std::size_t column = indent;
  bool first = true;
  const auto add = [&](const std::string& type, const std::string& name) {
    const std::string parameter = type + " *" + qualifier + name;
    if (!first) text += ',';
    column += parameter.size() + 2;
    if (!first && column > 110) {
      text += "\n";
      text.append(indent, ' ');
      column = indent + parameter.size();
    } else if (!first) {
      text += ' ';
    }
    text += parameter;
    first = false;
  };
  for (const c_parameter& p : code.inputs) add("const double", p.name);
  for (const c_parameter& p : code.outputs) add("double", p.name);
  if (!work.empty()) add("double", work);
  return text + ")";
}

std::string row(const std::string& name, const std::string& shape, const char* what) {
  std::string text = " *   " + name;
  text.append(name.size() < 12 ? 12 - name.size() : 1, ' ');
  text += shape;
  text.append(shape.size() < 16 ? 16 - shape.size() : 1, ' ');
  return text + what + "\n";
}

std::string header_text(const c_code& code, const std::string& work) {
  const std::string guard = upper(code.name) + "_H", prefix = "#define " + upper(code.name) + "_";
  std::string text =
      "/* " + code.name + ": recorded by xgrad, written as C99. Arrays are row-major and do not overlap.\n";
  text += " * The function keeps nothing from call to call; threads can call it at the same time.\n *\n";
  for (const c_parameter& p : code.inputs) text += row(p.name, to_string(p.shape), "input");
  for (const c_parameter& p : code.outputs) text += row(p.name, to_string(p.shape), "output");
  if (!work.empty())
    text += row(work, "(" + std::to_string(code.work) + ")", "memory to work in, for each call that runs");
  text += " */\n#ifndef " + guard + "\n#define " + guard + "\n\n";
  for (const auto* list : {&code.inputs, &code.outputs})
    for (const c_parameter& p : *list) text += prefix + upper(p.name) + "_SIZE " + std::to_string(p.size) + "\n";
  if (!work.empty()) text += prefix + upper(work) + "_SIZE " + std::to_string(code.work) + "\n";
  text += "\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n" + prototype(code, work, "") + ";\n\n";
  return text + "#ifdef __cplusplus\n}\n#endif\n\n#endif\n";
}

}  // namespace

void write_files(c_code& code, const c_parts& parts, const std::string& work) {
  std::string text = "/* " + code.name +
                     ": recorded by xgrad. The header says what it takes and gives. */\n#include \"" + code.name +
                     ".h\"\n\n#include <math.h>\n\n";
  for (const std::string& function : parts.functions) text += function + "\n\n";
  bool any = false;
  const auto add = [&](const std::string& definition) {  // what an op gets and does not read is left out
    const std::size_t end = definition.find('['), begin = definition.rfind(' ', end) + 1;
    if (c_count(parts.body, std::string_view(definition).substr(begin, end - begin)) == 0) return;
    text += definition + "\n";
    any = true;
  };
  for (const std::string& table : parts.tables) add(table);
  for (const std::string& constant : parts.constants) add(constant);
  text += (any ? "\n" : "") + prototype(code, work, "restrict ") + " {\n";
  for (const auto* list : {&code.inputs, &code.outputs})  // what is not read, and what has no elements
    for (const c_parameter& p : *list)
      if (c_count(parts.body, p.name) == 0) text += "  (void)" + p.name + ";\n";
  text += std::string(parts.body.starts_with('\n') ? std::string_view(parts.body).substr(1) : parts.body) + "}\n";
  code.source = code.is_float ? c_for_float(text) : text;
  const std::string header = header_text(code, work);
  code.header = code.is_float ? c_for_float(header) : header;
}

}  // namespace xg::detail
