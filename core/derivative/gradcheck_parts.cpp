// gradcheck: moving parts of inputs, and what the differences then say.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include <xgrad/core/derivative/gradchecker.hpp>

namespace xg {

namespace {

constexpr std::size_t most_findings = 8;  // of one input and order

std::string text_of(double x) {
  char text[40];
  std::snprintf(text, sizeof text, "%.10g", x + 0.0);  // without the sign of a zero
  return text;
}

std::string index_text(std::size_t flat, shape_view shape) {
  std::string text;
  for (std::size_t d = shape.size(); d-- > 0;) {
    text = std::to_string(flat % shape[d]) + (text.empty() ? "" : ", ") + text;
    flat /= shape[d];
  }
  return "(" + text + ")";
}

}  // namespace

template <class T>
void gradchecker<T>::check(const subject& s) {
  for (std::size_t k = 0; k < x_.size(); ++k)
    if (x_[k].size() > 0) check_part(s, {k, 0, x_[k].size()});
}

// True if nothing was wrong. What is wrong is looked for in halves.
template <class T>
bool gradchecker<T>::check_part(const subject& s, const part& p) {
  const auto of_this = [&] {
    return std::size_t(std::ranges::count_if(result_.findings_, [&](const auto& f) {
      return f.input == p.input && (f.what == kind::error || f.what == kind::kink || f.what == kind::unclear);
    }));
  };
  const auto kinks = std::span(kinks_[p.input]).subspan(p.begin, p.end - p.begin);
  if (std::ranges::count(kinks, 0) == 0) return true;
  double scale = 0;
  for (const T& x : x_[p.input]) scale = std::max(scale, std::abs(double(x)));
  if (scale == 0) scale = 1;
  comparison c = compare(s, p, scale);
  if (c.what == verdict::right) {
    ++result_.compared_;
    return true;
  }
  if (p.end - p.begin == 1) {
    if (const double own = std::abs(double(x_[p.input].flat(p.begin))); own != 0 && own != scale) {
      const comparison closer = compare(s, p, own);  // a small number among large ones
      if (closer.what == verdict::right) {
        ++result_.compared_;
        return true;
      }
      if (c.what != verdict::wrong) c = closer;
    }
    report(s, p, c);
    return false;
  }
  const std::size_t before = of_this(), middle = p.begin + (p.end - p.begin) / 2;
  bool right = true;
  for (const part& half : {part{p.input, p.begin, middle}, part{p.input, middle, p.end}}) {
    if (of_this() >= most_findings) return false;
    right &= check_part(s, half);
  }
  if (right && c.what == verdict::wrong && of_this() == before) {  // together they are wrong all the same
    report(s, p, c);
    return false;
  }
  return right;
}

template <class T>
auto gradchecker<T>::compare(const subject& s, const part& p, double scale) -> comparison {
  std::vector<double> direction(x_[p.input].size(), 0.0);
  for (std::size_t i = p.begin; i < p.end; ++i)
    if (!kinks_[p.input][i]) direction[i] = random() * scale;

  double size = 0;  // of the terms of the directional derivative
  std::vector<double> along;
  for (const candidate& c : s.candidates) {
    double sum = 0, terms = 0;
    for (std::size_t i = p.begin; i < p.end; ++i) {
      sum += c.gradient[p.input][i] * direction[i];
      terms += std::abs(c.gradient[p.input][i] * direction[i]);
    }
    along.push_back(sum);
    if (std::isfinite(terms)) size = std::max(size, terms);
  }
  const double noise = 4 * double(std::numeric_limits<T>::epsilon()) * s.magnitude;
  arrays x = x_;
  const auto value = [&](double h) {
    for (std::size_t i = p.begin; i < p.end; ++i)
      x[p.input].flat(i) = T(double(x_[p.input].flat(i)) + h * direction[i]);
    return s.value(x);
  };
  const detail::difference d =
      detail::differentiate(value, options_.step, options_.steps, options_.tolerance * size / 8, noise);

  comparison worst{.what = verdict::right, .by = nullptr, .got = 0, .differences = d};
  const double whole = std::max(size, std::isfinite(d.value) ? std::abs(d.value) : 0);
  const double allowed = options_.tolerance * whole + 4 * noise / options_.step;
  double worst_off = -1;
  for (std::size_t c = 0; c < along.size(); ++c) {
    const double off = std::abs(along[c] - d.value);
    if (off <= allowed) {
      if (whole > 0 && off > 4 * noise / options_.step) result_.max_error_ = std::max(result_.max_error_, off / whole);
      continue;
    }
    if (off <= worst_off) continue;
    worst_off = off;
    worst.by = &s.candidates[c], worst.got = along[c];
    worst.what = d.bends                                                  ? verdict::kink
                 : !std::isfinite(along[c]) && std::isfinite(d.value)     ? verdict::wrong
                 : !std::isfinite(d.value) || !(d.error <= worst_off / 4) ? verdict::unclear
                                                                          : verdict::wrong;
  }
  if (p.end - p.begin == 1) {  // by the element, not along the direction
    const double by = direction[p.begin];
    worst.got /= by, worst.differences.value /= by, worst.differences.error /= std::abs(by);
    worst.differences.right /= by, worst.differences.left /= by;
    if (by < 0) std::swap(worst.differences.right, worst.differences.left);
  }
  return worst;
}

template <class T>
std::string gradchecker<T>::place(const part& p) const {
  std::string text = "input " + std::to_string(p.input);
  const var<T>& x = here_.x[p.input];
  if (tape_.ledger().names.has(x.id())) text += " (" + x.name() + ")";
  if (x.dimension() > 0 && p.end - p.begin == 1) text += ", element " + index_text(p.begin, x.shape());
  if (p.end - p.begin < x.size() && p.end - p.begin > 1)
    text += ", elements " + std::to_string(p.begin) + " to " + std::to_string(p.end - 1);
  return text;
}

template <class T>
void gradchecker<T>::report(const subject& s, const part& p, const comparison& c) {
  const bool one = p.end - p.begin == 1;
  std::string text = place(p) + ": ";
  const detail::difference& d = c.differences;
  const std::string got = c.by->by + " says " + text_of(c.got);
  typename gradcheck_result::finding f;
  f.input = p.input, f.element = p.begin, f.got = c.got, f.expected = d.value;
  if (c.what == verdict::kink) {
    f.what = kind::kink;
    kinks_[p.input][p.begin] = 1;
    if (d.jumps)
      text += "the function jumps; " + got;
    else if (std::isfinite(d.left) && std::isfinite(d.right))
      text += "a kink: the slope is " + text_of(d.left) + " on the left, " + text_of(d.right) + " on the right; " + got;
    else
      text += "the function is not finite on one side; " + got;
  } else if (c.what == verdict::unclear) {
    f.what = kind::unclear;
    text += got + ", the differences do not settle (" + text_of(d.value) + " ± " + text_of(d.error) +
            "): the function jumps here, or is too rough for steps of " + text_of(options_.step) + "; try another step";
  } else {
    f.what = kind::error;
    text += got + (one ? "" : " along a direction") + ", differences say " + text_of(d.value);
    if (weights_.size() > 1 || weights_[0].size() > 1) text += " (of the results, weighed at random)";
    const blamed b = blame(s.order);
    text += b.text.empty() ? "; no single statement is wrong by itself" : ": " + b.text;
    f.where = b.where;
  }
  f.text = std::move(text);
  result_.findings_.push_back(std::move(f));
}

template void gradchecker<float>::check(const subject&);
template void gradchecker<double>::check(const subject&);
template std::string gradchecker<float>::place(const part&) const;
template std::string gradchecker<double>::place(const part&) const;

}  // namespace xg
