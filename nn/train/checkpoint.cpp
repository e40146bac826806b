// A checkpoint is a safetensors file: parameters as model.PATH, of the best model so far as best.PATH, numbers of the
// optimiser as optimiser.NAME and of the training loop as training.NAME.
#include <xgrad/nn/train/checkpoint.hpp>

#include <charconv>
#include <cstring>

#include <xgrad/nn/files/tensors.hpp>

namespace xg::nn::detail {

namespace {

constexpr const char* version_key = "xgrad_checkpoint";
constexpr const char* version = "1";

void add(std::vector<tensor>& to, const std::string& prefix, const number_lists& lists) {
  for (const auto& [name, numbers] : lists) {
    tensor t{prefix + name, dtype::f64, {}, reinterpret_cast<const unsigned char*>(numbers.data()), {}};
    t.shape.push_back(numbers.size());
    t.bytes = numbers.size() * sizeof(double);
    to.push_back(t);
  }
}

/// The arrays whose names begin with the prefix, without it.
std::vector<tensor> part(std::span<const tensor> all, const std::string& prefix) {
  std::vector<tensor> found;
  for (const tensor& t : all)
    if (t.name.starts_with(prefix)) {
      found.push_back(t);
      found.back().name.erase(0, prefix.size());
    }
  return found;
}

number_lists lists(std::span<const tensor> all, const std::string& prefix, const std::string& path) {
  number_lists found;
  for (const tensor& t : part(all, prefix)) {
    if (t.type != dtype::f64) throw io_error(path + ": " + prefix + t.name + " is " + t.type_name + ", not F64");
    std::vector<double>& numbers = found[t.name];
    numbers.resize(t.bytes / sizeof(double));
    if (t.bytes != 0) std::memcpy(numbers.data(), t.data, t.bytes);
  }
  return found;
}

std::uint64_t number(const texts& about, const std::string& key, const std::string& path) {
  const auto at = about.find(key);
  std::uint64_t n = 0;
  const char* end = at == about.end() ? nullptr : at->second.data() + at->second.size();
  if (!end || std::from_chars(at->second.data(), end, n).ptr != end)
    throw io_error(path + ": is no checkpoint, or damaged: \"" + key + "\" is missing or no whole number");
  return n;
}

}  // namespace

template <class T>
void save_checkpoint(const std::string& path, const std::vector<named_parameter<T>>& model,
                     const std::vector<named_parameter<T>>& best, optimiser<T>& opt, const rng& random,
                     const number_lists& training) {
  optimiser_memory memory;
  opt.visit_memory(memory);
  std::vector<tensor> tensors = tensors_of(model, "model.");
  for (const tensor& t : tensors_of(best, "best.")) tensors.push_back(t);
  add(tensors, "optimiser.", memory.lists);
  add(tensors, "training.", training);
  write_safetensors(path, tensors,
                    {{version_key, version},
                     {"optimiser", opt.name()},
                     {"seed", std::to_string(random.seed())},
                     {"streams", std::to_string(random.streams())}});
}

template <class T>
number_lists load_checkpoint(const std::string& path, const std::vector<named_parameter<T>>& model,
                             const std::vector<named_parameter<T>>& best, optimiser<T>& opt, rng& random,
                             const std::source_location& where) {
  return load_checkpoint(read_file(path), path, model, best, opt, random, where);
}

template <class T>
number_lists load_checkpoint(std::span<const unsigned char> file, const std::string& path,
                             const std::vector<named_parameter<T>>& model, const std::vector<named_parameter<T>>& best,
                             optimiser<T>& opt, rng& random, const std::source_location& where) {
  texts about;
  const std::vector<tensor> tensors = read_safetensors(file, path, &about);
  if (!about.contains(version_key))
    throw io_error("load_checkpoint: " + path + " is no checkpoint; a model alone is read by nn::load" +
                   at_line(where));
  if (about[version_key] != version)
    throw io_error("load_checkpoint: " + path + " is of version " + about[version_key] + "; this library reads " +
                   version + at_line(where));
  if (about["optimiser"] != opt.name())
    throw io_error("load_checkpoint: " + path + " was saved with the optimiser " + about["optimiser"] + ", not " +
                   opt.name() + at_line(where));
  const rng then(number(about, "seed", path), std::uint32_t(number(about, "streams", path)));
  if (then.seed() != random.seed())
    throw io_error("load_checkpoint: " + path + " was saved by a program with the seed " + std::to_string(then.seed()) +
                   ", not " + std::to_string(random.seed()) + at_line(where));
  number_lists training = lists(tensors, "training.", path);
  for (const double position : training["position"])
    if (!(position >= 0 && position <= 0x1p53))
      throw io_error("load_checkpoint: " + path + " is damaged: its position is " + std::to_string(position) +
                     at_line(where));

  optimiser_memory before, saved(lists(tensors, "optimiser.", path));
  opt.visit_memory(before);
  const auto restore = [&] {
    optimiser_memory back(before.lists);
    opt.visit_memory(back);
  };
  try {
    opt.visit_memory(saved);
    if (!best.empty()) assign_all(best, std::span<const tensor>(part(tensors, "best.")), path, where);
    assign_all(model, std::span<const tensor>(part(tensors, "model.")), path, where);
  } catch (const value_error& e) {
    restore();
    throw io_error("load_checkpoint: " + path + " does not fit: " + e.what() + at_line(where));
  } catch (...) {
    restore();
    throw;
  }
  random = then;
  return training;
}

template void save_checkpoint(const std::string&, const std::vector<named_parameter<float>>&,
                              const std::vector<named_parameter<float>>&, optimiser<float>&, const rng&,
                              const number_lists&);
template void save_checkpoint(const std::string&, const std::vector<named_parameter<double>>&,
                              const std::vector<named_parameter<double>>&, optimiser<double>&, const rng&,
                              const number_lists&);
template number_lists load_checkpoint(std::span<const unsigned char>, const std::string&,
                                      const std::vector<named_parameter<float>>&,
                                      const std::vector<named_parameter<float>>&, optimiser<float>&, rng&,
                                      const std::source_location&);
template number_lists load_checkpoint(const std::string&, const std::vector<named_parameter<float>>&,
                                      const std::vector<named_parameter<float>>&, optimiser<float>&, rng&,
                                      const std::source_location&);
template number_lists load_checkpoint(std::span<const unsigned char>, const std::string&,
                                      const std::vector<named_parameter<double>>&,
                                      const std::vector<named_parameter<double>>&, optimiser<double>&, rng&,
                                      const std::source_location&);
template number_lists load_checkpoint(const std::string&, const std::vector<named_parameter<double>>&,
                                      const std::vector<named_parameter<double>>&, optimiser<double>&, rng&,
                                      const std::source_location&);

}  // namespace xg::nn::detail
