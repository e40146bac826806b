// The checker of write-ups. `homework check` and `homework template` run it under the name homework.
#include "command.hpp"
#include "homework/commands.hpp"

int main(int argc, char** argv) {
  const std::string path = argc > 0 ? argv[0] : "write_up";
  CLI::App app("Reads a LaTeX write-up of the homework and says of every answer whether it is right.",
               path.substr(path.find_last_of('/') + 1));
  int status = 0;
  write_up::add_commands(app, status);
  app.require_subcommand(1);
  return homework::run(app, argc, argv, status);
}
