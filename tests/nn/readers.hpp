// The readers of files, given any bytes: what the fuzz targets run for long and reader_fuzz_test.cpp runs for a moment.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace test {

/// A reader reads the bytes, or refuses them with one of the library's errors; anything else goes on to the caller.
struct reader {
  const char* name;
  void (*read)(std::span<const unsigned char> bytes);
  /// Files that are right, to begin with.
  std::vector<std::string> (*examples)();
};
const std::vector<reader>& readers();

/// Puts the examples of the reader of this name into the folder that a fuzz target is given for its corpus.
int put_examples(const char* name, int argc, char** argv);
/// The one of this name, on libFuzzer's bytes.
int fuzz(const char* name, const std::uint8_t* data, std::size_t size);

}  // namespace test
