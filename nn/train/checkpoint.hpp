// Checkpoints: everything a training needs to go on where it stood, in one file.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include <xgrad/core/tape/random.hpp>
#include <xgrad/nn/module.hpp>
#include <xgrad/nn/optim/optimiser.hpp>

namespace xg::nn {

namespace detail {

/// What a training loop keeps for itself.
using number_lists = std::map<std::string, std::vector<double>>;

/// `best`: another model of the same kind, or empty.
template <class T>
void save_checkpoint(const std::string& path, const std::vector<named_parameter<T>>& model,
                     const std::vector<named_parameter<T>>& best, optimiser<T>& opt, const rng& random,
                     const number_lists& training);
template <class T>
number_lists load_checkpoint(std::span<const unsigned char> file, const std::string& path,
                             const std::vector<named_parameter<T>>& model, const std::vector<named_parameter<T>>& best,
                             optimiser<T>& opt, rng& random, const std::source_location& where);
template <class T>
number_lists load_checkpoint(const std::string& path, const std::vector<named_parameter<T>>& model,
                             const std::vector<named_parameter<T>>& best, optimiser<T>& opt, rng& random,
                             const std::source_location& where);

}  // namespace detail

/// save_checkpoint("run.safetensors", net, opt, rng, epoch): the model, what the optimiser remembers, how far the
/// source of random numbers has come, and a number of yours. The file is whole at any time, even after a crash; Python
/// reads the parameters as model.hidden.weight. Throws io_error.
template <class M>
void save_checkpoint(const std::string& path, const M& model, optimiser<scalar_of<M>>& opt, const rng& random,
                     std::uint64_t position = 0) {
  detail::save_checkpoint<scalar_of<M>>(path, parameters(model), {}, opt, random, {{"position", {double(position)}}});
}

/// epoch = load_checkpoint("run.safetensors", net, opt, rng): all of it back into a model and an optimiser made as they
/// were then; the number that was saved with it. Training goes on with the same bits if the loss is recorded anew
/// (a new nn::step, or step.forget()) at the place where it was saved, too. Throws io_error for a file that does not
/// fit or is damaged; everything is as it was then.
template <class M>
std::uint64_t load_checkpoint(const std::string& path, M& model, optimiser<scalar_of<M>>& opt, rng& random,
                              const std::source_location& where = std::source_location::current()) {
  const detail::number_lists training =
      detail::load_checkpoint<scalar_of<M>>(path, parameters(model), {}, opt, random, where);
  const auto position = training.find("position");
  return position == training.end() || position->second.empty() ? 0 : std::uint64_t(position->second[0]);
}

}  // namespace xg::nn
