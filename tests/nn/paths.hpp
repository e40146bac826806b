// The paths of a model's parameters, in their order.
#pragma once

#include <string>
#include <vector>

#include <xgrad/nn/nn.hpp>

namespace test {

std::vector<std::string> paths_of(const auto& model) {
  std::vector<std::string> paths;
  for (const auto& p : xg::nn::parameters(model)) paths.push_back(p.path);
  return paths;
}

}  // namespace test
