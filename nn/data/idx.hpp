// The idx files of MNIST and its relatives, as they are or packed with gzip.
#pragma once

#include <span>
#include <string>

#include <xgrad/nn/data/dataset.hpp>

namespace xg::nn {

namespace detail {

/// The array in the bytes of a file.
xt::xarray<std::uint8_t> idx_array(std::span<const unsigned char> file, const std::string& path);

}  // namespace detail

/// An array of bytes from an idx file (LeCun, "The MNIST database"). Throws io_error, naming the file, for what is
/// damaged, cut off, or of another number type.
xt::xarray<std::uint8_t> read_idx(const std::string& path);

/// Images of shape (n, rows, columns), as numbers in [0, 1], with their labels (n). Throws io_error.
template <class T>
dataset<T> mnist(const std::string& images, const std::string& labels);

extern template dataset<float> mnist(const std::string&, const std::string&);
extern template dataset<double> mnist(const std::string&, const std::string&);

}  // namespace xg::nn
