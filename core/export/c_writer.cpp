#include <xgrad/core/export/c_writer.hpp>

#include <algorithm>

#include <xgrad/core/memory/error.hpp>

namespace xg {

std::string c_position(std::ptrdiff_t offset, std::span<const c_index> indices) {
  std::string text;
  for (const c_index& i : indices) {
    if (i.stride == 0 || i.name == "0") continue;
    const bool atom = std::ranges::all_of(i.name, [](char c) { return detail::c_letter(c) || detail::c_digit(c); });
    text += text.empty() ? (i.stride < 0 ? "-" : "") : (i.stride < 0 ? " - " : " + ");
    if (const auto size = i.stride < 0 ? -i.stride : i.stride; size != 1)
      text += std::to_string(size) + " * " + (atom ? i.name : "(" + i.name + ")");
    else
      text += atom || i.stride > 0 ? i.name : "(" + i.name + ")";
  }
  if (text.empty()) return std::to_string(offset);
  if (offset > 0 && text.front() == '-') return std::to_string(offset) + " - " + text.substr(1);
  if (offset != 0) text += (offset < 0 ? " - " : " + ") + std::to_string(offset < 0 ? -offset : offset);
  return text;
}

std::vector<c_index> c_indices(std::span<const std::string> names, std::span<const std::ptrdiff_t> strides) {
  std::vector<c_index> result;
  for (std::size_t d = 0; d < names.size(); ++d) result.push_back({names[d], strides[d]});
  return result;
}

void c_writer::begin(std::string op, std::vector<array_name> operands, std::vector<array_name> results) {
  op_ = std::move(op);
  operands_ = std::move(operands), results_ = std::move(results);
  lines_.clear(), loops_.clear(), own_.clear();
  declares_ = false;
}

// What is declared outside of any loop gets a block of its own.
std::vector<std::string> c_writer::end() {
  if (declares_) {
    for (std::string& line : lines_) line.insert(0, "  ");
    lines_.insert(lines_.begin(), "{");
    lines_.push_back("}");
  }
  return std::move(lines_);
}

void c_writer::line(const std::string& text) {
  const std::size_t depth = loops_.size();
  lines_.push_back(std::string(2 * depth, ' ') + text);
}

std::string c_writer::fresh(std::string_view wanted) {
  const std::string plain = detail::c_identifier(wanted);
  std::string name = plain;
  for (int k = 2; !names_.is_free(name) || !own_.insert(name).second; ++k) name = plain + '_' + std::to_string(k);
  declares_ |= loops_.empty();
  return name;
}

std::string c_writer::begin_loop(const std::string& first, const std::string& end) {
  const bool declared = declares_;
  std::string wanted = "i";
  const auto used = [&](const std::string& name) {
    return !names_.is_free(name) || own_.contains(name) ||
           std::ranges::any_of(loops_, [&](const auto& l) { return l.second == name; });
  };
  while (used(wanted) && wanted < "n") ++wanted[0];
  for (int k = 2; used(wanted); ++k) wanted = "i_" + std::to_string(k);
  declares_ = declared;
  line("for (int " + wanted + " = " + first + "; " + wanted + " < " + end + "; ++" + wanted + ") {");
  loops_.emplace_back(lines_.size(), wanted);
  return wanted;
}

// One statement needs no braces; a loop around it is one statement as well.
void c_writer::end_loop() {
  const std::size_t begin = loops_.back().first;
  loops_.pop_back();
  std::size_t i = begin;
  while (i < lines_.size() && lines_[i].find_first_not_of(' ') == lines_[i].find("for (") && !lines_[i].ends_with('{'))
    ++i;
  const auto is_one_statement = [](std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    return text.find(';') == text.size() - 1 && !text.starts_with("const ") && !text.starts_with("double ") &&
           !text.starts_with("int ");
  };
  const bool statement = i + 1 == lines_.size() && is_one_statement(lines_[i]);
  if (statement)
    lines_[begin - 1].resize(lines_[begin - 1].size() - 2);
  else
    line("}");
}

std::string c_writer::element(const std::string& array, std::span<const std::string> indices, shape_view shape) {
  std::vector<c_index> at;
  std::ptrdiff_t stride = 1;
  for (std::size_t d = shape.size(); d-- > 0; stride *= std::ptrdiff_t(shape[d]))
    at.insert(at.begin(), {indices[d], stride});
  return array + "[" + c_position(0, at) + "]";
}

std::string c_writer::constants(std::string_view wanted, std::span<const double> numbers) {
  const std::string name = names_.give(wanted);
  std::string text =
      "static const double " + name + "[" + std::to_string(std::max<std::size_t>(numbers.size(), 1)) + "] = {";
  for (std::size_t i = 0; i < numbers.size(); ++i)
    text += (i == 0 ? "" : i % 8 == 0 ? ",\n    " : ", ") + number(numbers[i]);
  tables_.push_back(text + (numbers.empty() ? "0" : "") + "};");
  return name;
}

std::string c_writer::table(std::string_view wanted, std::span<const std::ptrdiff_t> numbers) {
  const std::vector<std::ptrdiff_t> all(numbers.begin(), numbers.end());
  for (const auto& [known, name] : known_tables_)
    if (known == all) return name;
  const std::string name = names_.give(wanted);
  std::string text = "static const int " + name + "[" + std::to_string(std::max<std::size_t>(all.size(), 1)) + "] = {";
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i != 0) text += i % 16 == 0 ? ",\n    " : ", ";
    text += std::to_string(all[i]);
  }
  if (all.empty()) text += "0";
  tables_.push_back(text + "};");
  known_tables_.emplace_back(all, name);
  return name;
}

// The name stands before the first bracket.
std::string c_writer::function(std::string_view text) {
  const std::string all(text);
  const std::size_t start = all.find("static "), end = all.find('(', start);
  std::size_t begin = end;
  while (begin != std::string::npos && begin > 0 &&
         (detail::c_letter(all[begin - 1]) || detail::c_digit(all[begin - 1])))
    --begin;
  const std::string name = end == std::string::npos ? "" : all.substr(begin, end - begin);
  if (start == std::string::npos || name.empty()) refuse("its C is no static function: " + all);
  for (const auto& [known, body] : known_functions_) {
    if (known != name) continue;
    if (body != all) refuse("two functions of C are called " + name);
    return name;
  }
  if (!name.starts_with("xg_") && names_.give(name) != name)
    refuse("its function of C cannot be called " + name + ": the name is taken; xg_" + name + " is not");
  known_functions_.emplace_back(name, all);
  functions_.push_back(all);
  return name;
}

void c_writer::add_with_care(const std::string& sum, const std::string& error, const std::string& x) {
  const std::string name = function(R"(/* Adds x; what rounding made the sum too large by is taken off the next x. */
static void xg_add(double *sum, double *error, double x) {
  const double y = x - *error, total = *sum + y, too_large = (total - *sum) - y;
  *sum = total;
  *error = too_large == too_large ? too_large : 0; /* an infinite total has no error */
})");
  line(name + "(&" + sum + ", &" + error + ", " + x + ");");
}

void c_writer::refuse(const std::string& why) const { throw value_error("export_c: " + op_ + ": " + why); }

}  // namespace xg
