// `homework check` and `homework template`: the checker of write-ups is a program of its own, beside this one.
#pragma once

#include <CLI/CLI.hpp>

namespace homework {

/// Lists both in the help text.
void add_write_up_commands(CLI::App& app);

/// True if the first argument is one of them.
bool is_for_write_up(int argc, const char* const* argv);

/// Runs write_up, which lies in the folder of this program, with the same arguments in place of this program. Returns
/// only if that cannot be done: 2, after a line on standard error.
int run_write_up(char** argv);

}  // namespace homework
