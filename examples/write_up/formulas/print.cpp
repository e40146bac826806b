#include "formulas/parser.hpp"

#include <iomanip>
#include <sstream>

namespace write_up {
namespace {

// Numbers of at most 12 digits, as they were written: never 1e-10.
std::string number_text(double v) {
  std::ostringstream out;
  out << std::fixed << std::setprecision(12) << v;
  std::string text = out.str();
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string subscripts_text(const std::vector<subscript>& sub) {
  if (sub.empty()) return "";
  std::string out = "_{";
  for (std::size_t i = 0; i < sub.size(); ++i) {
    if (i > 0) out += ",";
    out += sub[i].kind == subscript::what::all      ? "\\cdot"
           : sub[i].kind == subscript::what::number ? std::to_string(sub[i].number)
                                                    : sub[i].letter;
  }
  return out + "}";
}

std::string name_text(const node& n) {
  static const std::string latin = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  std::string out = n.text == "f" ? "h^{3}" : n.text;
  if (out.size() > 1 && out[0] != '\\' && out != "h^{3}" && latin.find(out[0]) != std::string::npos &&
      out.back() != '\'')
    out = "\\" + out;
  if (n.layered) {
    std::string layer = n.layer_letter;
    if (layer.empty()) {
      layer = std::to_string(n.layer);
    } else if (n.layer != 0) {
      layer += (n.layer > 0 ? "+" : "") + std::to_string(n.layer);
    }
    out += "^{" + layer + "}";
  }
  return out + subscripts_text(n.sub);
}

std::string inside_brackets(const node& n) {
  const bool has_own = n.kind == node_kind::matrix || n.kind == node_kind::cases || n.kind == node_kind::relation ||
                       (n.kind == node_kind::product && n.ops.size() == 1 && n.ops[0] == "/");
  const bool loose = n.kind == node_kind::sum || n.kind == node_kind::negate || n.kind == node_kind::product ||
                     n.kind == node_kind::big_sum;
  const std::string text = to_latex(n);
  return loose && !has_own ? "\\left(" + text + "\\right)" : text;
}

// In brackets unless a script can stand right behind it.
std::string base_text(const node& n) {
  const bool plain = n.kind == node_kind::name && n.sub.empty() && !n.layered && n.text.back() != '\'' && n.text != "f";
  const bool has_own = n.kind == node_kind::matrix || n.kind == node_kind::relation;
  const std::string text = to_latex(n);
  return plain || has_own ? text : "\\left(" + text + "\\right)";
}

}  // namespace

std::string to_latex(const node& n) {
  const auto child = [&](std::size_t i) { return to_latex(n.child[i]); };
  switch (n.kind) {
    case node_kind::number:
      return number_text(n.number);
    case node_kind::name:
      return name_text(n);
    case node_kind::index:
      return base_text(n.child[0]) + subscripts_text(n.sub);
    case node_kind::transpose:
      return base_text(n.child[0]) + "^{\\top}";
    case node_kind::power:
      return base_text(n.child[0]) + "^{" + child(1) + "}";
    case node_kind::negate:
      return "-" + inside_brackets(n.child[0]);
    case node_kind::sum: {
      std::string out = child(0);
      for (std::size_t i = 1; i < n.child.size(); ++i) out += " " + n.ops[i - 1] + " " + inside_brackets(n.child[i]);
      return out;
    }
    case node_kind::product: {
      if (n.ops.size() == 1 && n.ops[0] == "/") return "\\frac{" + child(0) + "}{" + child(1) + "}";
      std::string out = inside_brackets(n.child[0]);
      for (std::size_t i = 1; i < n.child.size(); ++i)
        out += (n.ops[i - 1].empty() ? "\\, " : " " + n.ops[i - 1] + " ") + inside_brackets(n.child[i]);
      return out;
    }
    case node_kind::apply: {
      std::string out = n.text == "relu"                     ? "\\sigma"
                        : n.text == "relu'"                  ? "\\sigma'"
                        : n.text == "step"                   ? "H"
                        : n.text == "max" || n.text == "min" ? "\\" + n.text
                                                             : "\\operatorname{" + n.text + "}";
      out += "\\left(";
      for (std::size_t i = 0; i < n.child.size(); ++i) out += (i > 0 ? ", " : "") + child(i);
      return out + "\\right)";
    }
    case node_kind::relation: {
      std::string out = "\\left[" + child(0);
      for (std::size_t i = 0; i < n.ops.size(); ++i) out += " " + n.ops[i] + " " + child(i + 1);
      return out + "\\right]";
    }
    case node_kind::all_of: {
      std::string out;
      for (std::size_t i = 0; i < n.child.size(); ++i) out += (i > 0 ? " \\wedge " : "") + child(i);
      return out;
    }
    case node_kind::otherwise:
      return "\\text{otherwise}";
    case node_kind::derivative:
      return "\\frac{\\partial " + child(0) + "}{\\partial " + child(1) + "}";
    case node_kind::big_sum: {
      std::string letters;
      for (const std::string& l : n.letters) letters += (letters.empty() ? "" : ",") + l;
      std::string out = "\\sum";
      if (!letters.empty()) out += "_{" + letters + (n.child.size() == 3 ? "=" + child(1) : "") + "}";
      if (n.child.size() == 3) out += "^{" + child(2) + "}";
      return out + " " + inside_brackets(n.child[0]);
    }
    case node_kind::cases: {
      std::string out = "\\begin{cases} ";
      for (std::size_t i = 0; i + 1 < n.child.size(); i += 2)
        out += (i > 0 ? " \\\\ " : "") + child(i) + " & " + child(i + 1);
      return out + " \\end{cases}";
    }
    case node_kind::matrix: {
      std::string out = "\\begin{bmatrix} ";
      for (std::size_t i = 0; i < n.child.size(); ++i)
        out += (i == 0 ? "" : i % static_cast<std::size_t>(n.columns) == 0 ? " \\\\ " : " & ") + child(i);
      return out + " \\end{bmatrix}";
    }
    case node_kind::inner:
      return "\\langle " + child(0) + ", " + child(1) + " \\rangle";
  }
  return "";
}

}  // namespace write_up
