#include <xgrad/nn/parallel_step.hpp>

#include <algorithm>

namespace xg::nn::detail {

std::size_t common_samples(std::span<const shape_t> shapes, const std::source_location& where) {
  for (const shape_t& s : shapes) {
    if (s.empty())
      throw shape_error(
          "parallel_step: an array of the batch is a single number; its first axis must count the samples" +
          at_line(where));
    if (s[0] != shapes[0][0])
      throw shape_error("parallel_step: the arrays of the batch have shapes " + to_string(shapes[0]) + " and " +
                        to_string(s) + "; their first axes count the samples and must be equal" + at_line(where));
  }
  return shapes[0][0];
}

std::size_t require_parts(std::size_t parts, const std::source_location& where) {
  if (parts == 0)
    throw value_error("parallel_step: a batch is cut into 0 parts; it must be at least 1" + at_line(where));
  return parts;
}

template <class T>
void buffer_copies<T>::make(const std::vector<named_parameter<T>>& all, std::size_t parts) {
  entries_.clear();
  for (const auto& p : all)
    if (p.kept) entries_.push_back({p.kept, 0, std::vector<buffer<T>>(parts - 1, *p.kept)});
}

template <class T>
void buffer_copies<T>::exchange(std::size_t part) {
  if (part == 0) return;
  for (entry& e : entries_) std::swap(*e.in_model, e.copies[part - 1]);
}

template <class T>
void buffer_copies<T>::spread() {
  for (entry& e : entries_) {
    for (auto& copy : e.copies)
      if (!std::equal(copy.data(), copy.data() + copy.size(), e.in_model->data())) copy = *e.in_model;
    e.version = e.in_model->version();
  }
}

template <class T>
void buffer_copies<T>::gather(std::span<const double> weights) {
  for (entry& e : entries_) {
    if (e.in_model->version() == e.version || weights.size() < 2) continue;
    auto mean = e.in_model->write();
    for (std::size_t i = 0; i < mean.size(); ++i) {
      const double first = double(mean.data()[i]);
      double others = 0;  // than the first; so the mean of equal numbers is this number
      for (std::size_t k = 1; k < weights.size(); ++k)
        others += weights[k] * (double(e.copies[k - 1].data()[i]) - first);
      mean.data()[i] = T(first + others);
    }
  }
}

template class buffer_copies<float>;
template class buffer_copies<double>;

}  // namespace xg::nn::detail
