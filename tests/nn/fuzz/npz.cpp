// libFuzzer target: any bytes as a file for the reader of npz.
#include "../readers.hpp"

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) { return test::put_examples("npz", *argc, *argv); }
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return test::fuzz("npz", data, size);
}
