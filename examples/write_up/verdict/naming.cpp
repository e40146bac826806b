// Which mistake has these values? A changed right answer, times a factor that falls out of the ratio.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <tuple>

#include "verdict/mistake.hpp"
#include "verdict/right_form.hpp"

namespace write_up {
namespace {

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

// Up to two of them, the plain value first.
struct ratio {
  const factor* first = nullptr;
  const factor* second = nullptr;

  double of(double mean) const {
    return (first == nullptr ? 1 : first->of(mean)) * (second == nullptr ? 1 : second->of(mean));
  }
  std::string id() const {
    if (first == nullptr) return "";
    return second == nullptr ? first->id : std::string(first->id) + '+' + second->id;
  }
};

std::vector<ratio> ratios(const question& q, bool two) {
  std::vector<ratio> all(1);
  const std::size_t most = q.what == gradient::slope ? 1 : factors.size();  // a slope has no m and no ½
  for (std::size_t i = 0; i < most; ++i) all.push_back({&factors[i]});
  for (std::size_t i = 0; i < most && two; ++i)
    for (std::size_t j = i + 1; j < most; ++j) all.push_back({&factors[i], &factors[j]});
  return all;
}

// By which ratio the values given are those of the changed right answer, at every point; the first of `fit` that is so.
std::optional<ratio> compared(const question& q, const value_table& given, const std::vector<world>& points,
                              const std::vector<definition>& changes, std::vector<ratio> fit) {
  const std::vector<index_values> places = q.places();
  right_form form(q, changes);
  bool any = false;
  try {
    for (std::size_t p = 0; p < points.size(); ++p) {
      const matrix whole = form.at(points[p]);
      for (std::size_t k = 0; k < places.size(); ++k) {
        const std::optional<matrix> v = q.select(whole, places[k]);
        const bool defined = v && std::none_of(v->data.begin(), v->data.end(), [](double x) { return std::isnan(x); });
        if (defined != given[p][k].has_value()) return std::nullopt;
        if (!defined) continue;
        any = true;
        std::erase_if(fit, [&](const ratio& r) { return !agrees(*given[p][k], scaled(*v, r.of(points[p].mean))); });
        if (fit.empty()) return std::nullopt;
      }
    }
  } catch (const complaint&) {
    return std::nullopt;
  }
  return any ? std::optional(fit.front()) : std::nullopt;
}

// Parsed once: there are some eighty.
const std::vector<definition>& changes_of(const rewrite& r) {
  static std::map<std::string, std::vector<definition>> parsed;
  auto it = parsed.find(r.changes);
  if (it == parsed.end()) it = parsed.emplace(r.changes, changes_in(r.changes)).first;
  return it->second;
}

bool does_fit(mention f, const mentions& said) {
  const std::array<bool, 6> holds{
      true, said.mask && !said.mask_on_h, !said.mask, said.mask_on_h, said.other_layer, said.mask && said.other_layer};
  return holds[static_cast<std::size_t>(f)];
}

}  // namespace

void mentions::add(const node& root, const question& q) {
  const int layer = q.what == gradient::dl_dW1 ? 1 : 2;
  walk(root, [&](const node& n) {
    const bool slope = n.kind == node_kind::apply && (n.text == "relu'" || n.text == "step" || n.text == "sign");
    if (n.kind != node_kind::relation && !slope) return;
    mask = true;
    walk(n, [&](const node& s) {
      if (s.kind != node_kind::name) return;
      if (s.text == "h" && !n.ops.empty() && n.ops[0] != ">") mask_on_h = true;
      if ((s.text == "z" || s.text == "h") && s.layer != layer && !(layer == 1 && s.layer == 2)) other_layer = true;
    });
  });
}

std::string name_mistake(const question& q, const value_table& given, const mentions& said,
                         const std::vector<world>& points) {
  const std::optional<ratio> right = compared(q, given, points, {}, ratios(q, true));
  if (right && right->second == nullptr) return right->id();
  std::string beside;  // a factor and one of the others
  for (const rewrite& r : all_rewrites()) {
    if (!does_fit(r.when, said)) continue;
    const std::optional<ratio> times = compared(q, given, points, changes_of(r), ratios(q, false));
    if (times && times->first == nullptr) return r.id;
    if (times && beside.empty()) beside = std::string(r.id) + '+' + times->id();
  }
  return right ? right->id() : beside;
}

std::string missing_factor(const question& q, const value_table& given) {
  const bool at_once = q.pick == part_of::whole || q.pick == part_of::column || q.pick == part_of::row_by_i;
  for (const rewrite& r : lost_factors())
    for (const value_table& t : {given, transposed(given)})
      if (at_once && compared(q, t, worlds_of(q), changes_of(r), std::vector<ratio>(1))) return r.id;
  return "";
}

std::optional<example> smallest_example(const question& q, const value_table& t, const value_table& truth,
                                        bool without_zeros) {
  const std::vector<world>& points = worlds_of(q);
  const std::vector<index_values> places = q.places();
  std::optional<example> best;
  const auto cost = [&](const example& e) {
    const std::vector<double>& v = e.expected.data;
    const bool zeros = without_zeros && std::find(v.begin(), v.end(), 0.0) != v.end();
    return std::tuple(!e.given, zeros, !e.point->integer, e.point->m, e.point->weight());
  };
  for (std::size_t p = 0; p < points.size(); ++p)
    for (std::size_t k = 0; k < places.size(); ++k) {
      if (t[p][k] && agrees(*t[p][k], *truth[p][k])) continue;
      const example here{&points[p], places[k], *truth[p][k], t[p][k]};
      if (!best || cost(here) < cost(*best)) best = here;
    }
  return best;
}

std::string other_question(const question& q, const value_table& t) {
  if (q.what == gradient::slope) return "";
  for (const question& other : all_questions()) {
    const bool comparable = other.id != q.id && other.part == q.part && other.what != gradient::slope &&
                            other.id != "1.8" && other.indices.size() == q.indices.size();
    // One entry given for another entry is an index gone wrong.
    const bool entries = other.what == q.what && other.pick == part_of::entry && q.pick == part_of::entry;
    if (!comparable || entries) continue;
    const value_table v = true_values(other, worlds_of(q));
    if (v[0].size() == t[0].size() && same_values(v, t)) return other.id;
  }
  return "";
}

}  // namespace write_up
