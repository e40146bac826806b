#include <xgrad/nn/data/csv.hpp>

#include <algorithm>
#include <charconv>
#include <map>

#include <xgrad/nn/files/tensors.hpp>

namespace xg::nn {

namespace {

std::string_view trimmed(std::string_view s) {
  const std::size_t begin = s.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return s.substr(begin, s.find_last_not_of(" \t") - begin + 1);
}

template <class N>
bool read_number(std::string_view text, N& to) {
  std::string_view s = trimmed(text);
  if (s.starts_with('+')) s.remove_prefix(1);
  const auto result = std::from_chars(s.data(), s.data() + s.size(), to);
  return result.ec == std::errc() && result.ptr == s.data() + s.size();
}

/// The text of a cell for a message.
std::string shown(std::string_view cell) {
  constexpr std::size_t most = 40;
  return "\"" + std::string(cell.substr(0, most)) + (cell.size() > most ? "..." : "") + "\"";
}

}  // namespace

csv::csv(const std::string& path, csv_options options) : name_(path) {
  const std::vector<unsigned char> file = detail::read_file(path);
  text_.assign(file.begin(), file.end());
  read(options);
}
csv::csv(std::string text, const std::string& name, csv_options options) : text_(std::move(text)), name_(name) {
  read(options);
}

// Cells stay where they are in the text; one in quotes is rewritten without them in its place.
void csv::read(csv_options options) {
  std::size_t at = text_.starts_with("\xef\xbb\xbf") ? 3 : 0, line = 1;  // after a byte order mark
  std::vector<place> row;
  while (at < text_.size()) {
    const std::size_t started = line;
    row.clear();
    bool more = true;
    while (more) {
      place cell{at, 0};
      if (at < text_.size() && text_[at] == '"') {
        std::size_t to = at++;
        cell.begin = to;
        while (true) {
          if (at == text_.size())
            throw io_error(name_ + ":" + std::to_string(started) + ": a quote (\") is opened and not closed");
          if (text_[at] == '"' && !(at + 1 < text_.size() && text_[at + 1] == '"')) break;
          if (text_[at] == '"') ++at;
          line += text_[at] == '\n';
          text_[to++] = text_[at++];
        }
        ++at;
        cell.size = to - cell.begin;
        if (at < text_.size() && text_[at] != options.separator && text_[at] != '\n' && text_[at] != '\r')
          throw io_error(name_ + ":" + std::to_string(line) + ": after a closing quote comes " +
                         shown(std::string_view(text_).substr(at, 1)) + "; expected a separator or the line's end");
      } else {
        while (at < text_.size() && text_[at] != options.separator && text_[at] != '\n') ++at;
        cell.size = at - cell.begin;
        if (cell.size > 0 && text_[at - 1] == '\r' && (at == text_.size() || text_[at] == '\n')) --cell.size;
      }
      row.push_back(cell);
      if (at < text_.size() && text_[at] == '\r') ++at;
      more = at < text_.size() && text_[at] == options.separator;
      if (at < text_.size()) ++at;
    }
    ++line;
    if (row.size() == 1 && row[0].size == 0) continue;  // an empty line
    const auto text_of = [&](place p) { return std::string(text_.data() + p.begin, p.size); };
    if (columns_.empty()) {
      for (std::size_t i = 0; i < row.size(); ++i)
        columns_.push_back(options.header ? std::string(trimmed(text_of(row[i]))) : std::to_string(i));
      if (options.header) continue;
    }
    if (row.size() != columns_.size())
      throw io_error(name_ + ":" + std::to_string(started) + ": has " + std::to_string(row.size()) +
                     (row.size() == 1 ? " cell" : " cells") + "; expected " + std::to_string(columns_.size()) +
                     ", as in the first line");
    lines_.push_back(started);
    cells_.insert(cells_.end(), row.begin(), row.end());
  }
}

std::string_view csv::cell(std::size_t row, std::size_t column) const {
  const place p = cells_.at(row * columns_.size() + column);
  return {text_.data() + p.begin, p.size};
}

std::size_t csv::column(const std::string& name) const {
  const auto at = std::find(columns_.begin(), columns_.end(), name);
  if (at != columns_.end()) return std::size_t(at - columns_.begin());
  std::string all;
  for (const std::string& c : columns_) all += (all.empty() ? "" : ", ") + c;
  throw value_error(name_ + ": has no column \"" + name + "\"; there are: " + all);
}

std::string csv::where(std::size_t row, std::size_t column) const {
  return name_ + ":" + std::to_string(lines_[row]) + ": " + columns_[column] + ": ";
}

template <class T>
xt::xarray<T> csv::numbers(const std::vector<std::string>& names) const {
  std::vector<std::size_t> wanted;
  for (const std::string& name : names) wanted.push_back(column(name));
  for (std::size_t i = 0; names.empty() && i < columns_.size(); ++i) wanted.push_back(i);
  xt::xarray<T> values = xt::xarray<T>::from_shape({rows(), wanted.size()});
  for (std::size_t i = 0; i < rows(); ++i)
    for (std::size_t j = 0; j < wanted.size(); ++j)
      if (!read_number(cell(i, wanted[j]), values(i, j)))
        throw io_error(where(i, wanted[j]) + shown(cell(i, wanted[j])) + " is not a number");
  return values;
}

xt::xarray<std::int64_t> csv::labels(const std::string& name, std::vector<std::string>& classes) const {
  const std::size_t j = column(name);
  xt::xarray<std::int64_t> values = xt::xarray<std::int64_t>::from_shape({rows()});
  bool whole = true;
  for (std::size_t i = 0; whole && i < rows(); ++i) whole = read_number(cell(i, j), values(i));
  if (whole) return values;
  std::map<std::string, std::int64_t, std::less<>> known;
  for (std::size_t i = 0; i < classes.size(); ++i) known.emplace(classes[i], std::int64_t(i));
  for (std::size_t i = 0; i < rows(); ++i) {
    const std::string word(trimmed(cell(i, j)));
    if (word.empty()) throw io_error(where(i, j) + "the label is empty");
    const auto [at, added] = known.emplace(word, std::int64_t(classes.size()));
    if (added) classes.push_back(word);
    values(i) = at->second;
  }
  return values;
}

template <class T>
dataset<T> csv::labelled(const std::string& label) const {
  const std::size_t at = column(label);
  std::vector<std::string> others;
  for (std::size_t i = 0; i < columns_.size(); ++i)
    if (i != at) others.push_back(columns_[i]);
  if (others.empty()) throw value_error(name_ + ": has no column beside the labels, \"" + label + "\"");
  dataset<T> data;
  data.x = numbers<T>(others);
  data.y = labels(label, data.classes);
  return data;
}

template xt::xarray<float> csv::numbers(const std::vector<std::string>&) const;
template xt::xarray<double> csv::numbers(const std::vector<std::string>&) const;
template dataset<float> csv::labelled(const std::string&) const;
template dataset<double> csv::labelled(const std::string&) const;

}  // namespace xg::nn
