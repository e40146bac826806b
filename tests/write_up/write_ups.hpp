// Write-ups that several tests read.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace test {

// Every question answered by its closed form.
inline std::string solved() {
  const std::vector<std::pair<std::string, std::string>> answers{
      {"1.1", "\\delta h^2_{11}"},
      {"1.2", "\\delta h^2_{12}"},
      {"1.3", "\\delta h^2"},
      {"1.4", "\\delta W^3_{11}"},
      {"1.5", "\\delta W^3"},
      {"1.6", "(x > 0)"},
      {"1.7", "(z^2_{11} > 0) h^1_{1j}"},
      {"1.8", "0"},
      {"1.9", "\\begin{bmatrix} (z^2_{11} > 0) h^1 \\\\ 0 \\end{bmatrix}"},
      {"1.10", "\\delta W^3_{1i} (z^2_{1i} > 0) h^1_{1j}"},
      {"1.11", "(\\delta W^3 \\odot (z^2 > 0))^T h^1"},
      {"1.12", "(z^2_{11} > 0) W^2_{1j}"},
      {"1.13", "(z^2_{1i} > 0) W^2_{i\\cdot}"},
      {"1.14", "\\sum_i \\delta W^3_{1i} (z^2_{1i} > 0) W^2_{ij}"},
      {"1.15", "(\\delta W^3 \\odot (z^2 > 0)) W^2"},
      {"1.16", "\\frac{\\partial l}{\\partial h^1_{1i}} (z^1_{1i} > 0) x_{1j}"},
      {"1.17", "\\left(\\frac{\\partial l}{\\partial h^1} \\odot (z^1 > 0)\\right)^T x"},
      {"2.1", "\\frac{1}{m} (h^3 - y)"},
      {"2.2", "\\sum_{k=1}^m \\delta_{k1} h^2_{k1}"},
      {"2.3", "\\delta^T h^2"},
      {"2.4", "\\delta W^3_{11}"},
      {"2.5", "\\delta W^3"},
      {"2.6", "\\sum_{k=1}^m \\frac{\\partial l}{\\partial h^2_{ki}} (z^2_{ki} > 0) h^1_{kj}"},
      {"2.7", "\\left(\\frac{\\partial l}{\\partial h^2} \\odot (z^2 > 0)\\right)^T h^1"},
      {"2.8", "\\left(\\frac{\\partial l}{\\partial h^2} \\odot (z^2 > 0)\\right) W^2"}};
  std::string text;
  for (const auto& [id, formula] : answers) text += "\\answer{" + id + "}{$" + formula + "$}\n";
  return text;
}

// The same with three mistakes and one answer that cannot be read.
inline std::string flawed() {
  std::string text = solved();
  const auto replace = [&](const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
  };
  replace("{1.7}{$(z^2_{11} > 0) ", "{1.7}{$");
  replace("{1.12}{$(z^2_{11} > 0) W^2_{1j}$}", "{1.12}{$(z^2_{11} > 0$}");
  replace("{2.1}{$\\frac{1}{m} (h^3 - y)$}", "{2.1}{$h^3 - y$}");
  replace("{2.3}{$\\delta^T h^2$}", "{2.3}{$(h^3-y)^T h^2$}");
  return text;
}

}  // namespace test
