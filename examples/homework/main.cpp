// The homework, answered: every gradient by the tape and by its closed form, side by side.
#include "check/command.hpp"
#include "commands.hpp"

int main(int argc, char** argv) {
  CLI::App app("Backpropagation by hand: every question of the sheet, by its closed form and by the tape.", "homework");
  int status = 0;
  homework::add_answers(app, status);
  homework::add_sweep_command(app, status);
  homework::check::add_commands(app, status);
  return homework::run(app, argc, argv, status);
}
