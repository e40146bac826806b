// Named arrays in files, whatever the format: what is written, what was found, and how it is checked against a model.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <xgrad/core/memory/shape.hpp>
#include <xgrad/nn/module.hpp>

namespace xg::nn::detail {

enum class dtype { f32, f64, other };

/// An array in memory: one to be written, or one in the bytes of a file that was read.
struct tensor {
  std::string name;
  dtype type = dtype::other;
  shape_t shape;
  const unsigned char* data = nullptr;  // little-endian, row-major, not aligned
  std::size_t bytes = 0;
  std::string type_name = {};  // as the file says it
};

template <class T>
inline constexpr dtype dtype_of = std::same_as<T, float> ? dtype::f32 : dtype::f64;

/// A whole file. Throws io_error, with the reason; nothing is allocated beyond the file's size.
std::vector<unsigned char> read_file(const std::string& path);
/// Writes a file so that at any time, even after a crash, the path holds the whole old content or the whole new one:
/// to a temporary file beside it, which is brought to the disk and then takes its name. Throws io_error.
void write_file(const std::string& path, std::span<const std::span<const unsigned char>> pieces);

/// What a file says of itself beside the arrays.
using texts = std::map<std::string, std::string>;

void write_safetensors(const std::string& path, std::span<const tensor> tensors, const texts& about = {});
/// The arrays in a file's bytes. Throws io_error, naming the file, for whatever is not as the format says.
std::vector<tensor> read_safetensors(std::span<const unsigned char> file, const std::string& path,
                                     texts* about = nullptr);
/// Writes the arrays into the parameters of their names. Every array must find its parameter, and every parameter its
/// array, of its shape and number type: else io_error, which lists all that differs, and nothing is changed.
template <class T>
void assign_all(const std::vector<named_parameter<T>>& all, std::span<const tensor> tensors, const std::string& path,
                const std::source_location& where);
/// The parameters as arrays, to be written.
template <class T>
std::vector<tensor> tensors_of(const std::vector<named_parameter<T>>& all, const std::string& prefix = {});

void write_npz(const std::string& path, std::span<const tensor> tensors);
/// `unpacked` holds what was compressed, at most `most` bytes of it.
std::vector<tensor> read_npz(std::span<const unsigned char> file, const std::string& path,
                             std::vector<std::string>& unpacked, std::size_t most);

}  // namespace xg::nn::detail
