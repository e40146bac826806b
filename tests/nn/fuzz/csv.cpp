// libFuzzer target: any bytes as a file for the reader of CSV.
#include "../readers.hpp"

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) { return test::put_examples("csv", *argc, *argv); }
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return test::fuzz("csv", data, size);
}
