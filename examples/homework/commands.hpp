// What the program can be asked to do. A subcommand is a function that adds itself to the command line and, when it was
// chosen, leaves the exit status: 0 all agree, 1 something disagrees, 2 bad input.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

namespace homework {

/// The program without a subcommand: answers the questions, in text, in JSON or in a report.
void add_answers(CLI::App& app, int& status);

/// `homework sweep`: every way the network can be alive and dead.
void add_sweep_command(CLI::App& app, int& status);

/// Adds an option that takes a whole number of at least 0; anything else is a usage error that says what would be
/// right.
CLI::Option* add_whole_number(CLI::App& app, const std::string& name, std::function<void(std::uint64_t)> take,
                              const std::string& help);

/// Adds --precision float|double.
CLI::Option* add_precision(CLI::App& app, std::string& precision);

/// Parses the command line, runs what was chosen, and returns the exit status. Bad input of any kind, from a wrong
/// option to a wrong number in a file, is one line on standard error and status 2.
int run(CLI::App& app, int argc, const char* const* argv, const int& status);

}  // namespace homework
