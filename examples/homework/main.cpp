// The homework, answered: every gradient by the tape and by its closed form, side by side.
#include "commands.hpp"
#include "forward.hpp"

int main(int argc, char** argv) {
  CLI::App app("Backpropagation by hand: every question of the sheet, by its closed form and by the tape.", "homework");
  int status = 0;
  homework::add_answers(app, status);
  homework::add_sweep_command(app, status);
  homework::add_write_up_commands(app);
  if (homework::is_for_write_up(argc, argv)) return homework::run_write_up(argv);
  return homework::run(app, argc, argv, status);
}
