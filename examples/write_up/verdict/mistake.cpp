#include "verdict/mistake.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <memory>

#include "verdict/right_form.hpp"

namespace write_up {
namespace {

// 1.6 is about a function of one number.
std::string name_slope(const value_table& given, const std::vector<world>& points) {
  const auto is = [&](const std::function<double(double)>& f) {
    for (std::size_t i = 0; i < points.size(); ++i)
      if (!given[i][0] || !agrees(*given[i][0], matrix(f(points[i].argument)))) return false;
    return true;
  };
  if (is([](double x) { return x > 0 ? x : 0; })) return "sigma_for_slope";
  if (is([](double x) { return x; })) return "z_for_slope";
  const auto only_zero_differs = [&] {
    for (std::size_t i = 0; i < points.size(); ++i)
      if (!given[i][0] ||
          (points[i].argument != 0 && !agrees(*given[i][0], matrix(points[i].argument > 0 ? 1.0 : 0.0))))
        return false;
    return true;
  };
  if (only_zero_differs()) return "at_zero";
  if (is([](double x) { return x > 0 ? -1.0 : 0.0; })) return "sign";
  if (is([](double) { return 1.0; })) return "missing_mask";
  if (is([](double x) { return x > 0 ? 1.0 : -1.0; }) || is([](double x) { return x > 0 ? 1.0 : x < 0 ? -1.0 : 0.0; }))
    return "sign_for_step";
  if (is([](double x) { return x < 0 ? 1.0 : 0.0; }) || is([](double x) { return x <= 0 ? 1.0 : 0.0; }))
    return "condition_reversed";
  return "";
}

// A factor too many or too few, by the number that m stands for.
struct factor {
  const char* id;
  double (*of)(double mean);
};
constexpr std::array<factor, 5> factors{{{"sign", [](double) { return -1.0; }},
                                         {"missing_1/m", [](double mean) { return mean; }},
                                         {"doubled_1/m", [](double mean) { return 1 / mean; }},
                                         {"factor_2", [](double) { return 2.0; }},
                                         {"half_kept", [](double) { return 0.5; }}}};

// Compares an answer with changed right answers, times factors.
class comparison {
 public:
  comparison(const question& q, const value_table& given, const std::vector<world>& points)
      : q_(q), given_(given), points_(points), places_(q.places()) {}

  // True if the changed answer times the factors has the given values everywhere; stops at the first point where not.
  bool gives(const std::vector<definition>& changes, const std::vector<const factor*>& by) const {
    right_form form(q_, changes);
    bool any = false;
    try {
      for (std::size_t p = 0; p < points_.size(); ++p) {
        double f = 1;
        for (const factor* each : by) f *= each->of(points_[p].mean);
        const matrix whole = f == 1 ? form.at(points_[p]) : scaled(form.at(points_[p]), f);
        for (std::size_t k = 0; k < places_.size(); ++k)
          if (!agrees_at(whole, p, k, any)) return false;
      }
    } catch (const complaint&) {
      return false;
    }
    return any;
  }

 private:
  bool agrees_at(const matrix& whole, std::size_t p, std::size_t k, bool& any) const {
    const std::optional<matrix> v = q_.select(whole, places_[k]);
    const bool defined = v && std::none_of(v->data.begin(), v->data.end(), [](double x) { return std::isnan(x); });
    if (defined != given_[p][k].has_value()) return false;
    if (!defined) return true;
    any = true;
    return agrees(*given_[p][k], *v);
  }

  const question& q_;
  const value_table& given_;
  const std::vector<world>& points_;
  std::vector<index_values> places_;
};

// Parsed once: there are some eighty.
const std::vector<definition>& changes_of(const rewrite& r) {
  static std::map<std::string, std::vector<definition>> parsed;
  auto it = parsed.find(r.changes);
  if (it == parsed.end()) it = parsed.emplace(r.changes, changes_in(r.changes)).first;
  return it->second;
}

}  // namespace

bool does_fit(mention f, const mentions& said) {
  switch (f) {
    case mention::any:
      return true;
    case mention::mask:
      return said.mask && !said.mask_on_h;
    case mention::no_mask:
      return !said.mask;
    case mention::mask_on_h:
      return said.mask_on_h;
    case mention::other_layer:
      return said.other_layer;
    case mention::mask_of_other_layer:
      return said.mask && said.other_layer;
  }
  return false;
}

bool same_values(const value_table& a, const value_table& b) {
  bool any = false;
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t k = 0; k < a[i].size(); ++k) {
      if (a[i][k].has_value() != b[i][k].has_value()) return false;
      if (!a[i][k]) continue;
      any = true;
      if (!agrees(*a[i][k], *b[i][k])) return false;
    }
  return any;
}

mentions mentioned_in(const node& root, const question& q) {
  mentions m;
  const int layer = q.what == gradient::dl_dW1 ? 1 : 2;
  walk(root, [&](const node& n) {
    if (n.kind == node_kind::relation ||
        (n.kind == node_kind::apply && (n.text == "relu'" || n.text == "step" || n.text == "sign"))) {
      m.mask = true;
      for (const node& c : n.child)
        walk(c, [&](const node& s) {
          if (s.kind != node_kind::name) return;
          if (s.text == "h" && !n.ops.empty() && n.ops[0] != ">") m.mask_on_h = true;
          if ((s.text == "z" || s.text == "h") && s.layer != layer && !(layer == 1 && s.layer == 2))
            m.other_layer = true;
        });
    }
  });
  return m;
}

std::string name_mistake(const question& q, const value_table& given, const mentions& said) {
  return name_mistake(q, given, said, worlds_of(q));
}

std::string name_mistake(const question& q, const value_table& given, const mentions& said,
                         const std::vector<world>& points) {
  if (q.what == gradient::slope) return name_slope(given, points);
  const comparison c(q, given, points);
  for (const factor& f : factors)
    if (c.gives({}, {&f})) return f.id;
  for (const rewrite& r : all_rewrites())
    if (does_fit(r.when, said) && c.gives(changes_of(r), {})) return r.id;
  // Two at once: two factors, or a factor beside one of the others.
  for (std::size_t i = 0; i < factors.size(); ++i)
    for (std::size_t j = i + 1; j < factors.size(); ++j)
      if (c.gives({}, {&factors[i], &factors[j]})) return std::string(factors[i].id) + "+" + factors[j].id;
  for (const rewrite& r : all_rewrites())
    for (const factor& f : factors)
      if (does_fit(r.when, said) && c.gives(changes_of(r), {&f})) return std::string(r.id) + "+" + f.id;
  return "";
}

std::string missing_factor(const question& q, const value_table& given) {
  const bool at_once = q.pick == part_of::whole || q.pick == part_of::column || q.pick == part_of::row_by_i;
  if (!at_once) return "";
  value_table turned = given;
  for (auto& row : turned)
    for (auto& v : row)
      if (v) v = transposed(*v);
  for (const rewrite& r : lost_factors()) {
    const std::vector<definition>& changes = changes_of(r);
    const auto about_it = [&](const value_table& t) { return comparison(q, t, worlds_of(q)).gives(changes, {}); };
    if (about_it(given) || about_it(turned)) return r.id;
  }
  return "";
}

}  // namespace write_up
