// Named arrays in files, whatever the format: what is written, what was found, and how it is checked against a model.
#pragma once

#include <cstddef>
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

void write_safetensors(const std::string& path, std::span<const tensor> tensors);
/// The arrays in a file's bytes. Throws io_error, naming the file, for whatever is not as the format says.
std::vector<tensor> read_safetensors(std::span<const unsigned char> file, const std::string& path);
void write_npz(const std::string& path, std::span<const tensor> tensors);
/// `unpacked` holds what was compressed, at most `most` bytes of it.
std::vector<tensor> read_npz(std::span<const unsigned char> file, const std::string& path,
                             std::vector<std::string>& unpacked, std::size_t most);

}  // namespace xg::nn::detail
