// Unpacking, through zlib; for the library's own files.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace xg::nn::detail {

/// The content of gzip data (several members one after the other too), at most `most` bytes of it. Throws io_error,
/// which calls the data `name`, where it is damaged, cut off or longer than that.
std::string unzipped(std::span<const unsigned char> data, std::size_t most, const std::string& name);
/// Its first bytes, `most` at most.
std::string unzipped_start(std::span<const unsigned char> data, std::size_t most, const std::string& name);
/// The same for the bare stream of a zip file's entry, which must have this size.
std::string inflated(std::span<const unsigned char> data, std::size_t size, const std::string& name);

}  // namespace xg::nn::detail
