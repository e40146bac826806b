// The files of examples/data, as the build put them into the library.
#pragma once

#include <cstddef>

namespace xg::nn::detail {

extern const unsigned char digits_csv_gz[];
extern const std::size_t digits_csv_gz_size;
extern const unsigned char iris_csv[];
extern const std::size_t iris_csv_size;

}  // namespace xg::nn::detail
