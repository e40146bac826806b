// The safetensors format: https://github.com/huggingface/safetensors. Eight bytes of length, a JSON header, the data.
#include <bit>
#include <cstdint>
#include <cstring>
#include <map>

#include <nlohmann/json.hpp>

#include <xgrad/core/memory/error.hpp>
#include <xgrad/nn/files/tensors.hpp>

namespace xg::nn::detail {

static_assert(std::endian::native == std::endian::little, "xgrad: nn/files writes numbers as they lie in memory");

namespace {

using nlohmann::json;

const std::map<std::string, std::size_t, std::less<>> element_sizes = {
    {"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"F8_E5M2", 1}, {"F8_E4M3", 1}, {"I16", 2}, {"U16", 2}, {"F16", 2},
    {"BF16", 2}, {"I32", 4}, {"U32", 4}, {"F32", 4},     {"F64", 8},     {"I64", 8}, {"U64", 8}};

[[noreturn]] void not_safetensors(const std::string& path, const std::string& why) {
  throw io_error(path + ": is not a safetensors file, or damaged: " + why);
}

std::size_t whole_number(const json& j, const std::string& path, const std::string& of) {
  if (!j.is_number_unsigned()) not_safetensors(path, of + " is " + j.dump().substr(0, 40) + ", not a whole number");
  return j.get<std::size_t>();
}

tensor entry(const std::string& name, const json& j, std::span<const unsigned char> data, const std::string& path) {
  const std::string of = "\"" + name + "\"";
  if (!j.is_object() || !j.contains("dtype") || !j.contains("shape") || !j.contains("data_offsets") ||
      !j["dtype"].is_string() || !j["shape"].is_array() || !j["data_offsets"].is_array() ||
      j["data_offsets"].size() != 2)
    not_safetensors(path, "the header's entry " + of + " is not {dtype, shape, data_offsets: [begin, end]}");
  tensor t;
  t.name = name;
  t.type_name = j["dtype"].get<std::string>();
  const auto size = element_sizes.find(t.type_name);
  if (size == element_sizes.end()) not_safetensors(path, of + " has the unknown dtype \"" + t.type_name + "\"");
  t.type = t.type_name == "F32" ? dtype::f32 : t.type_name == "F64" ? dtype::f64 : dtype::other;
  std::size_t bytes = size->second;
  if (j["shape"].size() > 32) not_safetensors(path, of + " has " + std::to_string(j["shape"].size()) + " dimensions");
  for (const json& extent : j["shape"]) {
    t.shape.push_back(whole_number(extent, path, "an extent of " + of));
    if (__builtin_mul_overflow(bytes, t.shape.back(), &bytes)) not_safetensors(path, of + " is larger than any memory");
  }
  const std::size_t begin = whole_number(j["data_offsets"][0], path, "an offset of " + of),
                    end = whole_number(j["data_offsets"][1], path, "an offset of " + of);
  if (begin > end || end > data.size())
    not_safetensors(path, of + " is said to lie at bytes " + std::to_string(begin) + " to " + std::to_string(end) +
                              " of the data, of which there are " + std::to_string(data.size()) +
                              (begin <= end ? "; was the file cut off?" : ""));
  if (end - begin != bytes)
    not_safetensors(path, of + " has " + std::to_string(end - begin) + " bytes; its shape " + to_string(t.shape) +
                              " and dtype " + t.type_name + " need " + std::to_string(bytes));
  t.data = data.data() + begin;
  t.bytes = bytes;
  return t;
}

}  // namespace

void write_safetensors(const std::string& path, std::span<const tensor> tensors, const texts& about) {
  nlohmann::ordered_json header;
  header["__metadata__"] = {{"format", "pt"}};  // so that other tools' loaders take it
  for (const auto& [key, text] : about) header["__metadata__"][key] = text;
  std::size_t offset = 0;
  for (const tensor& t : tensors) {
    header[t.name] = {{"dtype", t.type == dtype::f32 ? "F32" : "F64"},
                      {"shape", std::vector<std::size_t>(t.shape.begin(), t.shape.end())},
                      {"data_offsets", {offset, offset + t.bytes}}};
    offset += t.bytes;
  }
  std::string text = header.dump();
  text.append(-text.size() & 7, ' ');  // the data is aligned to 8 bytes
  const std::uint64_t length = text.size();
  std::vector<std::span<const unsigned char>> pieces{
      {reinterpret_cast<const unsigned char*>(&length), 8},
      {reinterpret_cast<const unsigned char*>(text.data()), text.size()}};
  for (const tensor& t : tensors) pieces.emplace_back(t.data, t.bytes);
  write_file(path, pieces);
}

std::vector<tensor> read_safetensors(std::span<const unsigned char> file, const std::string& path, texts* about) {
  if (file.size() < 8)
    not_safetensors(path, "it has " + std::to_string(file.size()) + " bytes, less than its first number");
  std::uint64_t length = 0;
  std::memcpy(&length, file.data(), 8);
  if (length > file.size() - 8)
    not_safetensors(path, "its header is said to have " + std::to_string(length) + " bytes, but only " +
                              std::to_string(file.size() - 8) + " follow; was it cut off?");
  constexpr std::uint64_t most = 100'000'000;  // the format's own limit
  if (length > most)
    not_safetensors(path, "its header has " + std::to_string(length) + " bytes, more than the format allows");
  const auto* text = file.data() + 8;
  int depth = 0, deepest = 0;
  for (std::size_t i = 0; i < length; ++i) {  // the parser recurses when it gives up the tree
    depth += (text[i] == '{' || text[i] == '[') - (text[i] == '}' || text[i] == ']');
    deepest = std::max(deepest, depth);
  }
  if (deepest > 1000) not_safetensors(path, "its header is nested too deeply");
  const json header = json::parse(text, text + length, nullptr, false);
  if (!header.is_object()) not_safetensors(path, "its header is not a JSON object");
  const auto data = file.subspan(8 + std::size_t(length));
  std::vector<tensor> tensors;
  std::vector<std::pair<const unsigned char*, const tensor*>> in_order;
  for (const auto& [name, j] : header.items())
    if (name != "__metadata__") {
      tensors.push_back(entry(name, j, data, path));
    } else if (about && j.is_object()) {
      for (const auto& [key, value] : j.items())
        if (value.is_string()) (*about)[key] = value.get<std::string>();
    }
  for (const tensor& t : tensors)
    if (t.bytes != 0) in_order.emplace_back(t.data, &t);
  std::sort(in_order.begin(), in_order.end());
  for (std::size_t i = 1; i < in_order.size(); ++i)
    if (in_order[i - 1].first + in_order[i - 1].second->bytes > in_order[i].first)
      not_safetensors(path,
                      "\"" + in_order[i - 1].second->name + "\" and \"" + in_order[i].second->name + "\" overlap");
  return tensors;
}

}  // namespace xg::nn::detail
