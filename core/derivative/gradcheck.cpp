#include <xgrad/core/derivative/gradcheck.hpp>

#include <algorithm>
#include <cstdio>
#include <ostream>

#include <xgrad/core/derivative/gradchecker.hpp>

namespace xg {

bool gradcheck_result::ok() const {
  return count(kind::error) + count(kind::unclear) + count(kind::other) == 0 &&
         (count(kind::kink) == 0 || compared_ > 0);
}

std::size_t gradcheck_result::count(kind k) const {
  return std::size_t(std::ranges::count(findings_, k, &finding::what));
}

std::string gradcheck_result::text() const {
  char head[160];
  if (findings_.empty()) {
    std::snprintf(head, sizeof head, "gradcheck: ok; %zu directional derivatives, the largest relative difference %.1e",
                  compared_, max_error_);
    return head;
  }
  std::snprintf(
      head, sizeof head, "gradcheck: %s; %zu wrong, %zu unclear, %zu at kinks, %zu directional derivatives right",
      ok() ? "ok but for kinks" : "not ok", count(kind::error), count(kind::unclear), count(kind::kink), compared_);
  std::string text = head;
  for (const finding& f : findings_) text += "\n  " + f.text;
  if (compared_ == 0 && count(kind::kink) == findings_.size())
    text += "\n  nothing was compared; check at another point";
  return text;
}

std::ostream& operator<<(std::ostream& out, const gradcheck_result& r) { return out << r.text(); }

namespace detail {

template <class T>
gradcheck_result gradcheck(const gradcheck_options& options, const checked_function<T>& f,
                           const std::vector<xt::xarray<T>>& x) {
  if (options.order < 1 || options.order > 2)
    throw value_error("gradcheck: order is " + std::to_string(options.order) + "; it is 1 or 2");
  if (!(options.tolerance >= 0) || !(options.step >= 0) || options.steps < 1)
    throw value_error(
        "gradcheck: tolerance and step are positive numbers, or 0 for the usual ones; steps is at least 1");
  return gradchecker<T>(options, f, x).run();
}
template gradcheck_result gradcheck(const gradcheck_options&, const checked_function<float>&,
                                    const std::vector<xt::xarray<float>>&);
template gradcheck_result gradcheck(const gradcheck_options&, const checked_function<double>&,
                                    const std::vector<xt::xarray<double>>&);

}  // namespace detail

}  // namespace xg
