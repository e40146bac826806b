#include "forward.hpp"

#include <unistd.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <string>

namespace homework {
namespace {

constexpr std::array<const char*, 2> names{"check", "template"};
constexpr std::array<const char*, 2> says{"Checks LaTeX write-ups: a verdict for every answer, and the likely mistake.",
                                          "Prints a LaTeX write-up with all 25 questions, to be filled in."};

}  // namespace

void add_write_up_commands(CLI::App& app) {
  for (std::size_t k = 0; k < names.size(); ++k) app.add_subcommand(names[k], says[k])->allow_extras();
}

bool is_for_write_up(int argc, const char* const* argv) {
  if (argc < 2) return false;
  for (const char* name : names)
    if (std::strcmp(argv[1], name) == 0) return true;
  return false;
}

int run_write_up(char** argv) {
  std::error_code error;
  std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) self = argv[0];  // no such file system: the name it was called by
  const std::string program = (self.parent_path() / "write_up").string();
  std::string name = "homework";
  argv[0] = name.data();
  execv(program.c_str(), argv);
  std::cerr << "homework: " << program << ": " << std::strerror(errno) << "; expected the checker of write-ups there\n";
  return 2;
}

}  // namespace homework
