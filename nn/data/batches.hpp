// The batches of a data set: shuffled, changed, and prepared while the one before is computed with.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

#include <xgrad/nn/data/augment.hpp>
#include <xgrad/nn/data/background.hpp>
#include <xgrad/nn/data/dataset.hpp>
#include <xgrad/nn/init/random_numbers.hpp>

namespace xg::nn {

/// What becomes of the last samples, if they do not fill a batch: a short one (the default), none, or one filled up
/// with samples from the beginning of the round.
enum class last { keep, drop, pad };

template <class T, class Y = std::int64_t>
struct batch_options {
  nn::last last = nn::last::keep;
  /// Changes each sample by chance.
  nn::augmentation augment = {};
  /// A change of yours, of the whole batch, after that; `seed` is another one for each batch and round. It must be one
  /// that may run on another thread, if the batches are prepared ahead.
  std::function<void(xt::xarray<T>& x, xt::xarray<Y>& y, std::uint64_t seed)> prepare = {};
  /// A thread prepares each batch while the one before is computed with. The batches are the same.
  bool ahead = false;
};

/// A range of batches of a data set, for one round: `for (auto [x, y] : nn::batches(train, 32, rng)) ...`. x and y are
/// references to memory that later batches use again: good until the next one is asked for.
template <class T, class Y>
class batches {
 public:
  struct batch {
    const xt::xarray<T>& x;
    const xt::xarray<Y>& y;
  };

  /// Shuffled: by the next stream of the rng, so each round differently; changes by chance take another one. Throws
  /// value_error for a size of 0, shape_error where x and y have different numbers of samples. The data must live as
  /// long as the range.
  batches(const dataset<T, Y>& data, std::size_t size, rng& random, batch_options<T, Y> options = {},
          const std::source_location& where = std::source_location::current())
      : batches(data, size, detail::shuffled(data.size(), random), std::move(options), where) {
    seed_ = random.seed();
    if (options_.augment.any() || options_.prepare) stream_ = random.next_stream();
  }
  /// In the order of the data. Throws value_error, too, if samples are to be changed by chance.
  batches(const dataset<T, Y>& data, std::size_t size, batch_options<T, Y> options = {},
          const std::source_location& where = std::source_location::current())
      : batches(data, size, std::vector<std::size_t>(), std::move(options), where) {
    if (options_.augment.any())
      throw value_error(
          "batches: samples are changed by chance, which needs a source of random numbers: "
          "nn::batches(data, 32, rng, {...})" +
          at_line(where));
  }
  batches(dataset<T, Y>&&, std::size_t, auto&&...) = delete;  // it would be gone before the first batch
  batches(const batches&) = delete;
  batches& operator=(const batches&) = delete;

  /// How many batches.
  std::size_t size() const {
    const std::size_t full = data_.size() / size_, rest = data_.size() % size_;
    return full + (rest != 0 && options_.last != last::drop);
  }

  class iterator {
   public:
    iterator(batches* of, std::size_t i) : of_(of), i_(i) {}
    batch operator*() const { return of_->get(i_); }
    iterator& operator++() {
      ++i_;
      return *this;
    }
    bool operator==(const iterator&) const = default;

   private:
    batches* of_;
    std::size_t i_;
  };
  iterator begin() {
    ready_ = none;
    return {this, 0};
  }
  iterator end() { return {this, size()}; }

 private:
  static constexpr std::size_t none = std::size_t(-1);
  struct memory {
    xt::xarray<T> full_x, rest_x;
    xt::xarray<Y> full_y, rest_y;
  };

  batches(const dataset<T, Y>& data, std::size_t size, std::vector<std::size_t> order, batch_options<T, Y>&& options,
          const std::source_location& where)
      : data_(data), size_(size), options_(std::move(options)), order_(std::move(order)) {
    if (size == 0) throw value_error("batches: the size of a batch is 0" + at_line(where));
    detail::require_pairs(shape_of(data.x), shape_of(data.y), "batches", where);
    detail::check(options_.augment, shape_of(data.x), where);
    if (order_.empty())
      for (std::size_t i = 0; i < data.size(); ++i) order_.push_back(i);
    if (options_.last == last::pad)
      for (std::size_t i = 0; order_.size() % size != 0; ++i) order_.push_back(order_[i]);
    sample_ = shape_t(data.x.shape().begin() + 1, data.x.shape().end());
    if (options_.ahead) ahead_ = std::make_unique<detail::background>();
  }

  /// The i-th batch; the next one is begun.
  batch get(std::size_t i) {
    if (i != ready_) {
      ready_ = none;
      if (ahead_) ahead_->wait();
      if (!ahead_ || coming_ != i) fill(i);
      ready_ = i;
      coming_ = none;
      if (ahead_ && i + 1 < size()) {
        ahead_->start([this, i] { fill(i + 1); });
        coming_ = i + 1;
      }
    }
    memory& m = memory_of(i);
    const bool full = samples_in(i) == size_;
    return {full ? m.full_x : m.rest_x, full ? m.full_y : m.rest_y};
  }

  std::size_t samples_in(std::size_t i) const { return std::min(size_, order_.size() - i * size_); }
  memory& memory_of(std::size_t i) { return memory_[ahead_ ? i % 2 : 0]; }
  /// It has its shape already, but at first, and where `prepare` gave it another.
  template <class E>
  static void make_room(const xt::xarray<E>& whole, std::size_t n, xt::xarray<E>& part) {
    auto shape = whole.shape();
    shape[0] = n;
    if (part.shape() != shape) part = xt::xarray<E>(shape);
  }
  void fill(std::size_t i) {
    const std::size_t start = i * size_, n = samples_in(i), length = count_of(sample_);
    memory& m = memory_of(i);
    xt::xarray<T>& x = n == size_ ? m.full_x : m.rest_x;
    xt::xarray<Y>& y = n == size_ ? m.full_y : m.rest_y;
    make_room(data_.x, n, x);
    make_room(data_.y, n, y);
    if (options_.augment.any())
      for (std::size_t k = 0; k < n; ++k) {
        detail::sequence chance(seed_, stream_, start + k);
        detail::augmented(data_.x.data() + order_[start + k] * length, x.data() + k * length, sample_, options_.augment,
                          chance);
      }
    else
      detail::copy_rows(data_.x, order_.data() + start, n, x);
    detail::copy_rows(data_.y, order_.data() + start, n, y);
    if (options_.prepare) options_.prepare(x, y, detail::sequence(seed_, stream_, ~std::uint64_t(i)).bits());
  }

  const dataset<T, Y>& data_;
  std::size_t size_;
  batch_options<T, Y> options_;
  std::vector<std::size_t> order_;
  shape_t sample_;
  std::uint64_t seed_ = 0;
  std::uint32_t stream_ = 0;
  memory memory_[2];
  std::size_t ready_ = none, coming_ = none;
  std::unique_ptr<detail::background> ahead_;  // the last member: it fills the others
};

}  // namespace xg::nn
