// The course of a training as a picture, drawn by gnuplot.
#pragma once

#include <source_location>
#include <string>
#include <vector>

#include <xgrad/nn/train/report.hpp>

namespace xg::nn {

/// plot(result.epochs, {"accuracy"}, "curves.svg"): the losses of each epoch, and below them each metric; the best
/// epoch is marked, where it is known. The ending says the format: .svg or .png. Needs the program gnuplot (Debian:
/// gnuplot-nox). Throws io_error where there is none, with what it says where it fails, and for another ending;
/// value_error for no epochs.
void plot(const std::vector<epoch>& epochs, const std::vector<std::string>& metrics, const std::string& path,
          const std::source_location& where = std::source_location::current());

/// plot("digits.csv", "curves.svg"): the same of a log that nn::fit wrote as CSV. Throws io_error, also for a log that
/// is none.
void plot(const std::string& log, const std::string& path,
          const std::source_location& where = std::source_location::current());

namespace detail {

/// Throws io_error where there is no gnuplot, or the ending is none it is asked for.
void require_gnuplot(const std::string& path, const std::source_location& where);

}  // namespace detail

}  // namespace xg::nn
