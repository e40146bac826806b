// Models in files that Python reads, too: safetensors and NumPy's npz, by the ending of the path.
#pragma once

#include <string>
#include <vector>

#include <xgrad/nn/module.hpp>

namespace xg::nn {

namespace detail {

template <class T>
void save(const std::vector<named_parameter<T>>& all, const std::string& path, const std::source_location& where);
template <class T>
void load(const std::vector<named_parameter<T>>& all, const std::string& path, const std::source_location& where);

}  // namespace detail

/// save(net, "net.safetensors"): all parameters, by their paths, in the given order of fields. At any time, even after
/// a crash, the file is the whole old one or the whole new one. Throws io_error, also for an ending that is neither
/// .safetensors nor .npz.
template <class M>
void save(const M& model, const std::string& path,
          const std::source_location& where = std::source_location::current()) {
  detail::save(parameters(model), path, where);
}

/// load(net, "net.safetensors"): into a model of the same paths and shapes. It is strict: unless every parameter is in
/// the file, in its shape and number type, and nothing is left over there, io_error lists all that differs, and the
/// model is as it was. Throws io_error, too, for what cannot be read or is damaged; nothing is allocated beyond the
/// file's size (of what is compressed, beyond a MiB and twice the model).
template <class M>
void load(M& model, const std::string& path, const std::source_location& where = std::source_location::current()) {
  detail::load(parameters(model), path, where);
}

}  // namespace xg::nn
