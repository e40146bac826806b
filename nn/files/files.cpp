#include <xgrad/nn/files/files.hpp>

#include <algorithm>
#include <cstring>
#include <map>

#include <xgrad/nn/files/tensors.hpp>

namespace xg::nn::detail {

namespace {

enum class format { safetensors, npz };

format format_of(const std::string& path, const char* op, const std::source_location& where) {
  if (path.ends_with(".safetensors")) return format::safetensors;
  if (path.ends_with(".npz")) return format::npz;
  throw io_error(std::string(op) + ": " + path + ": the ending says the format; write .safetensors or .npz" +
                 at_line(where));
}

std::string listed(const char* title, const std::vector<std::string>& lines) {
  if (lines.empty()) return {};
  constexpr std::size_t most = 20;
  std::string text = std::string("\n  ") + title;
  for (std::size_t i = 0; i < std::min(lines.size(), most); ++i) text += "\n    " + lines[i];
  if (lines.size() > most) text += "\n    ... and " + std::to_string(lines.size() - most) + " more";
  return text;
}

}  // namespace

template <class T>
std::vector<tensor> tensors_of(const std::vector<named_parameter<T>>& all, const std::string& prefix) {
  std::vector<tensor> tensors;
  for (const auto& p : all)
    tensors.push_back({prefix + p.path, dtype_of<T>, p.memory->shape,
                       reinterpret_cast<const unsigned char*>(p.memory->value), p.size() * sizeof(T)});
  return tensors;
}

template <class T>
void save(const std::vector<named_parameter<T>>& all, const std::string& path, const std::source_location& where) {
  const std::vector<tensor> tensors = tensors_of(all);
  if (format_of(path, "save", where) == format::safetensors)
    write_safetensors(path, tensors);
  else
    write_npz(path, tensors);
}

template <class T>
void assign_all(const std::vector<named_parameter<T>>& all, std::span<const tensor> tensors, const std::string& path,
                const std::source_location& where) {
  std::map<std::string, const tensor*, std::less<>> in_file;
  for (const tensor& t : tensors) in_file[t.name] = &t;
  std::vector<std::string> missing, different;
  std::vector<const tensor*> found;
  for (const auto& p : all) {
    const auto at = in_file.find(p.path);
    found.push_back(at == in_file.end() ? nullptr : at->second);
    if (at == in_file.end()) {
      missing.push_back(p.path + " " + to_string(p.shape()));
      continue;
    }
    const tensor& t = *at->second;
    const char* wanted = dtype_of<T> == dtype::f32 ? "float (F32)" : "double (F64)";
    if (!(p.shape() == t.shape))
      different.push_back(p.path + " is " + to_string(p.shape()) + " in the model, " + to_string(t.shape) +
                          " in the file");
    else if (t.type != dtype_of<T>)
      different.push_back(p.path + " is " + wanted + " in the model, " + t.type_name + " in the file");
    in_file.erase(at);
  }
  std::vector<std::string> left;
  for (const auto& [name, t] : in_file) left.push_back(name + " " + to_string(t->shape));
  if (!missing.empty() || !different.empty() || !left.empty())
    throw io_error("load: " + path + " does not fit the model" + at_line(where) + listed("not in the file:", missing) +
                   listed("not in the model:", left) + listed("different:", different));
  for (std::size_t i = 0; i < all.size(); ++i) {
    ++all[i].memory->version;
    if (found[i]->bytes != 0) std::memcpy(all[i].memory->value, found[i]->data, found[i]->bytes);
  }
}

template <class T>
void load(const std::vector<named_parameter<T>>& all, const std::string& path, const std::source_location& where) {
  const format how = format_of(path, "load", where);
  const std::vector<unsigned char> file = read_file(path);
  std::vector<std::string> unpacked;
  std::size_t most = 1 << 20;
  for (const auto& p : all) most += 2 * p.size() * sizeof(double);
  const std::vector<tensor> tensors =
      how == format::safetensors ? read_safetensors(file, path) : read_npz(file, path, unpacked, most);

  assign_all(all, std::span(tensors), path, where);
}

template std::vector<tensor> tensors_of(const std::vector<named_parameter<float>>&, const std::string&);
template void assign_all(const std::vector<named_parameter<float>>&, std::span<const tensor>, const std::string&,
                         const std::source_location&);
template void save(const std::vector<named_parameter<float>>&, const std::string&, const std::source_location&);
template std::vector<tensor> tensors_of(const std::vector<named_parameter<double>>&, const std::string&);
template void assign_all(const std::vector<named_parameter<double>>&, std::span<const tensor>, const std::string&,
                         const std::source_location&);
template void save(const std::vector<named_parameter<double>>&, const std::string&, const std::source_location&);
template void load(const std::vector<named_parameter<float>>&, const std::string&, const std::source_location&);
template void load(const std::vector<named_parameter<double>>&, const std::string&, const std::source_location&);

}  // namespace xg::nn::detail
