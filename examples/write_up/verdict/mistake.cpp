#include "verdict/mistake.hpp"

#include <functional>

namespace write_up {
namespace {

matrix ones(const matrix& like) { return matrix(like.rows, like.cols, 1.0); }

matrix swapped_columns(const matrix& a) {
  matrix b = a;
  for (std::size_t i = 0; i < a.rows; ++i) std::swap(b(i, 0), b(i, 1));
  return b;
}

using change = std::function<void(ingredients&)>;

struct mutation {
  std::string id;
  change apply;
  std::function<bool(const mentions&)> fits = [](const mentions&) { return true; };
};

// z of `from` in the columns of a mask of `like`; a unit that is not there has no value.
matrix borrowed_mask(const matrix& from, const matrix& like) {
  matrix out(like.rows, like.cols, std::nan(""));
  for (std::size_t k = 0; k < like.rows; ++k)
    for (std::size_t j = 0; j < std::min(like.cols, from.cols); ++j) out(k, j) = from(k, j) > 0 ? 1 : 0;
  return out;
}

matrix first_row_only(matrix a) {
  for (std::size_t i = 1; i < a.rows; ++i)
    for (std::size_t j = 0; j < a.cols; ++j) a(i, j) = 0;
  return a;
}

matrix first_row_for_all(matrix a) {
  for (std::size_t i = 1; i < a.rows; ++i)
    for (std::size_t j = 0; j < a.cols; ++j) a(i, j) = a(0, j);
  return a;
}

std::vector<mutation> factors() {
  return {
      {"sign", [](ingredients& g) { g.factor = -1; }},
      {"missing_1/m", [](ingredients& g) { g.factor = g.w.mean; }},
      {"doubled_1/m", [](ingredients& g) { g.factor = 1 / g.w.mean; }},
      {"factor_2", [](ingredients& g) { g.factor = 2; }},
      {"half_kept", [](ingredients& g) { g.factor = 0.5; }},
  };
}

// In the order of preference where two give the same values.
std::vector<mutation> mutations() {
  const auto ge = [](const matrix& z) { return mapped(z, [](double v) { return v >= 0 ? 1.0 : 0.0; }); };
  const auto sign = [](const matrix& z) {
    return mapped(z, [](double v) { return v > 0 ? 1.0 : v < 0 ? -1.0 : 0.0; });
  };
  const auto signs = [](const matrix& z) { return mapped(z, [](double v) { return v > 0 ? 1.0 : -1.0; }); };
  const auto negative = [](const matrix& z) { return mapped(z, [](double v) { return v < 0 ? 1.0 : 0.0; }); };
  const auto not_positive = [](const matrix& z) { return mapped(z, [](double v) { return v <= 0 ? 1.0 : 0.0; }); };
  const auto masked = [](const mentions& m) { return m.mask && !m.mask_on_h; };
  const auto unmasked = [](const mentions& m) { return !m.mask; };
  const auto on_h = [](const mentions& m) { return m.mask_on_h; };
  std::vector<mutation> all;
  const auto masks = [&](const std::string& id, const std::function<matrix(const matrix&)>& f2,
                         const std::function<matrix(const matrix&)>& f1,
                         const std::function<bool(const mentions&)>& fits) {
    all.push_back({id, [f2](ingredients& g) { g.mask2 = f2(g.w.z[2]); }, fits});
    all.push_back({id, [f1](ingredients& g) { g.mask1 = f1(g.w.z[1]); }, fits});
    all.push_back({id,
                   [f2, f1](ingredients& g) {
                     g.mask2 = f2(g.w.z[2]);
                     g.mask1 = f1(g.w.z[1]);
                   },
                   fits});
  };
  const auto any = [](const mentions&) { return true; };
  masks("ge_on_h", ones, ones, on_h);
  masks("missing_mask", ones, ones, unmasked);
  masks("at_zero", ge, ge, any);
  const auto relu = [](const matrix& z) { return mapped(z, [](double v) { return v > 0 ? v : 0.0; }); };
  masks("sigma_for_slope", relu, relu, any);
  masks(
      "z_for_slope", [](const matrix& z) { return z; }, [](const matrix& z) { return z; }, any);
  masks("sign_for_step", sign, sign, masked);
  masks("sign_for_step", signs, signs, masked);
  masks("condition_reversed", negative, negative, masked);
  masks("condition_reversed", not_positive, not_positive, masked);
  const auto wrong_mask = [&](change c) { all.push_back({"wrong_layer_mask", std::move(c), masked}); };
  wrong_mask([](ingredients& g) { g.mask2 = borrowed_mask(g.w.z[1], g.mask2); });
  wrong_mask([](ingredients& g) { g.mask1 = borrowed_mask(g.w.z[2], g.mask1); });
  all.push_back({"wrong_layer_mask",
                 [](ingredients& g) {
                   g.mask2 = ones(g.mask2);
                   g.masked_result = true;
                 },
                 [](const mentions& m) { return m.mask && m.other_layer; }});
  wrong_mask([](ingredients& g) {
    for (std::size_t k = 0; k < g.mask2.rows; ++k)
      for (std::size_t j = 0; j < 2; ++j) g.mask2(k, j) = g.w.z[3](k, 0) > 0 ? 1 : 0;
  });
  wrong_mask([](ingredients& g) { g.mask1 = borrowed_mask(g.x, g.mask1); });
  wrong_mask([](ingredients& g) { g.mask2 = borrowed_mask(g.x, g.mask2); });
  // (z¹₁ⱼ > 0) beside h¹₁ⱼ changes nothing: the mask of layer 2 is missing all the same.
  masks("wrong_layer_mask", ones, ones, [](const mentions& m) { return m.other_layer; });
  masks("missing_mask", ones, ones, masked);
  all.push_back({"dz_for_dh", [](ingredients& g) { g.masked_result = true; }});
  all.push_back({"output_relu", [](ingredients& g) { g.delta = times(g.delta, mask_of(g.w.z[3])); }});
  all.push_back({"output_relu", [](ingredients& g) {
                   const double m = g.w.mean;
                   g.delta = zipped(g.w.z[3], g.w.y, [m](double z, double y) { return ((z > 0 ? z : 0) - y) / m; });
                 }});
  all.push_back({"output_relu", [](ingredients& g) {
                   const double m = g.w.mean;
                   g.delta = zipped(g.w.z[3], g.w.y, [m](double z, double y) { return z > 0 ? (z - y) / m : 0; });
                 }});
  all.push_back({"missing_delta", [](ingredients& g) { g.delta = ones(g.delta); }});
  all.push_back({"missing_delta", [](ingredients& g) { g.delta = scaled(ones(g.delta), 1 / g.w.mean); }});
  all.push_back({"missing_target", [](ingredients& g) { g.delta = scaled(g.w.h[3], 1 / g.w.mean); }});
  all.push_back({"missing_target", [](ingredients& g) { g.delta = g.w.h[3]; }});
  all.push_back({"product_of_sums", [](ingredients& g) { g.product_of_sums = true; }});
  all.push_back({"product_of_sums", [](ingredients& g) { g.product_of_sums = g.masked_weights = true; }});
  all.push_back({"missing_sum", [](ingredients& g) { g.equal_letters = true; }});
  all.push_back({"missing_sum", [](ingredients& g) {  // part 1 copied: the inputs of the first sample for all
                   for (matrix* of : {&g.h2, &g.h1, &g.x, &g.mask2, &g.mask1}) *of = first_row_for_all(*of);
                 }});
  all.push_back({"missing_sum", [](ingredients& g) { g.W2 = first_row_only(g.W2); }});
  all.push_back({"missing_sum", [](ingredients& g) { g.delta = first_row_only(g.delta); }});
  const auto wrong_h = [&](change c) { all.push_back({"wrong_layer_h", std::move(c)}); };
  wrong_h([](ingredients& g) { g.h2 = g.w.h[1]; });
  wrong_h([](ingredients& g) { g.h2 = g.w.h[0]; });
  wrong_h([](ingredients& g) {
    for (std::size_t k = 0; k < g.h2.rows; ++k)
      for (std::size_t j = 0; j < g.h2.cols; ++j) g.h2(k, j) = g.w.h[3](k, 0);
  });
  wrong_h([](ingredients& g) { g.h1 = g.w.h[2]; });
  wrong_h([](ingredients& g) { g.h1 = g.w.h[0]; });
  wrong_h([](ingredients& g) { g.x = g.w.h[1]; });
  wrong_h([](ingredients& g) { g.x = g.w.h[2]; });
  all.push_back({"z_for_h", [](ingredients& g) {
                   g.h2 = g.w.z[2];
                   g.h1 = g.w.z[1];
                 }});
  all.push_back({"wrong_index", [](ingredients& g) { g.mask2 = swapped_columns(g.mask2); }});
  all.push_back({"wrong_index", [](ingredients& g) { g.W3 = swapped_columns(g.W3); }});
  all.push_back({"wrong_index", [](ingredients& g) { g.h2 = swapped_columns(g.h2); }});
  all.push_back({"other_unit", [](ingredients& g) { g.second_row = g.mask2(0, 0); }});
  all.push_back({"other_unit", [](ingredients& g) { g.second_row = g.mask2(0, 1); }});
  all.push_back({"other_unit", [](ingredients& g) { g.second_row = 1; }});
  all.push_back({"missing_weight", [](ingredients& g) { g.W3 = ones(g.W3); }});
  all.push_back({"missing_weight", [](ingredients& g) { g.W2 = ones(g.W2); }});
  all.push_back({"missing_input", [](ingredients& g) {
                   g.h2 = ones(g.h2);
                   g.h1 = ones(g.h1);
                   g.x = ones(g.x);
                 }});
  return all;
}

// True if the mutated answer has the given values everywhere; stops at the first point where it has not.
bool gives(const question& q, const value_table& given, const std::vector<world>& points, const mutation& m,
           const mutation* more = nullptr) {
  const std::vector<index_values> places = q.places();
  bool any = false;
  for (std::size_t p = 0; p < points.size(); ++p) {
    ingredients g(points[p]);
    m.apply(g);
    if (more != nullptr) {
      const double f = g.factor;
      more->apply(g);
      g.factor *= f;
    }
    const matrix whole = closed_form(q.what, g);
    for (std::size_t k = 0; k < places.size(); ++k) {
      const std::optional<matrix> v = q.select(whole, places[k]);
      const bool defined = v && std::none_of(v->data.begin(), v->data.end(), [](double x) { return std::isnan(x); });
      if (defined != given[p][k].has_value()) return false;
      if (!defined) continue;
      any = true;
      if (!agrees(*given[p][k], *v)) return false;
    }
  }
  return any;
}

}  // namespace

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
  if (q.what == gradient::slope) {  // a function of one number
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
    if (is([](double x) { return x > 0 ? 1.0 : -1.0; }) || is([](double x) {
          return x > 0 ? 1.0 : x < 0 ? -1.0 : 0.0;
        }))
      return "sign_for_step";
    if (is([](double x) { return x < 0 ? 1.0 : 0.0; }) || is([](double x) { return x <= 0 ? 1.0 : 0.0; }))
      return "condition_reversed";
    return "";
  }
  const std::vector<mutation> f = factors();
  for (const mutation& m : f)
    if (gives(q, given, points, m)) return m.id;
  const std::vector<mutation> all = mutations();
  for (const mutation& m : all)
    if (m.fits(said) && gives(q, given, points, m)) return m.id;
  // Two at once: two factors, or a factor beside one of the others.
  for (std::size_t i = 0; i < f.size(); ++i)
    for (std::size_t j = i + 1; j < f.size(); ++j)
      if (gives(q, given, points, f[i], &f[j])) return f[i].id + "+" + f[j].id;
  for (const mutation& one : all)
    for (const mutation& m : f)
      if (one.fits(said) && gives(q, given, points, one, &m)) return one.id + "+" + m.id;
  return "";
}

}  // namespace write_up
