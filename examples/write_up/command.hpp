// The subcommands `homework check` and `homework template`.
#pragma once

#include <CLI/CLI.hpp>

namespace write_up {

/// Adds both. The exit status becomes 0 if everything is right, 1 if something is not, 2 if a file is not readable.
void add_commands(CLI::App& app, int& status);

}  // namespace write_up
