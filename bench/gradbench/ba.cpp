// Bundle adjustment: residuals of points seen by cameras, and their sparse Jacobian (ADBench). A row depends on one
// camera, one point and one weight: two sweeps over all observations at once give all rows.
#include "problem.hpp"

namespace {

using namespace gradbench;

constexpr std::size_t camera_size = 11, row_size = camera_size + 3 + 1;

struct adjustment {
  std::size_t n, m, p;
  numbers cameras, points, weights, features;  // a column for each camera, point, weight, feature
  numbers gathered;                            // a row for each parameter of a residual, a column for each observation
  tape t;
  variable of_each, residual[2], error;
  std::vector<int> rows, columns;
  std::vector<double> values;

  explicit adjustment(const json& j) : n(j["n"]), m(j["m"]), p(j["p"]) {
    const auto copies = [](const json& one, std::size_t count) {
      const numbers a = array(one);
      const std::size_t length = a.size();
      numbers all = numbers::from_shape({length, count});
      for (std::size_t i = 0; i < length; ++i)
        for (std::size_t c = 0; c < count; ++c) all(i, c) = a.flat(i);
      return all;
    };
    cameras = copies(j["cam"], n), points = copies(j["x"], m), weights = copies(j["w"], p),
    features = copies(j["feat"], p);
    gathered = numbers::from_shape({row_size, p});
    gather();
    of_each = t.variable(gathered);
    record();
    rows.resize(3 * p + 1), columns.resize(31 * p), values.resize(31 * p);
  }

  /// What each observation sees: camera i mod n, point i mod m, its own weight.
  void gather() {
    for (std::size_t k = 0; k < row_size; ++k)
      for (std::size_t i = 0; i < p; ++i)
        gathered(k, i) = k < camera_size    ? cameras(k, i % n)
                         : k < row_size - 1 ? points(k - camera_size, i % m)
                                            : weights(0, i);
  }

  void record() {
    const auto v = [&](std::size_t k) { return xg::view(of_each, {k}); };
    const variable r[] = {v(0), v(1), v(2)};
    const variable d[] = {v(11) - v(3), v(12) - v(4), v(13) - v(5)};
    // Rodrigues' formula; for r = 0 its limit. What is not taken must not divide by zero either.
    const variable square = r[0] * r[0] + r[1] * r[1] + r[2] * r[2];
    const auto none = xt::equal(square, 0.0);
    const variable theta = xt::sqrt(xt::where(none, 1.0, square));
    const variable cosine = xt::where(none, 1.0, xt::cos(theta));
    const variable sine = xt::where(none, 1.0, xt::sin(theta) / theta);  // of r, not of its direction
    const variable along =
        xt::where(none, 0.0, (r[0] * d[0] + r[1] * d[1] + r[2] * d[2]) * (1 - cosine) / (theta * theta));
    variable x[3];
    for (std::size_t i = 0; i < 3; ++i) {
      const std::size_t a = (i + 1) % 3, b = (i + 2) % 3;
      x[i] = d[i] * cosine + (r[a] * d[b] - r[b] * d[a]) * sine + r[i] * along;
    }
    const variable e0 = x[0] / x[2], e1 = x[1] / x[2], rho = e0 * e0 + e1 * e1;
    const variable distortion = 1 + v(9) * rho + v(10) * rho * rho;
    const variable f = v(6), w = v(14);
    residual[0] = w * (f * e0 * distortion + v(7) - xt::row(features, 0));
    residual[1] = w * (f * e1 * distortion + v(8) - xt::row(features, 1));
    error = 1 - w * w;
  }

  void objective() {
    gather();
    t.set(of_each, gathered);
    t.replay();
  }

  void jacobian() {
    objective();
    for (std::size_t k = 0; k < 2; ++k) {
      t.backward(residual[k], xt::ones<double>({p}));
      const double* g = of_each.grad().data();
      for (std::size_t i = 0; i < p; ++i) {
        const std::size_t at = (2 * i + k) * row_size;
        rows[2 * i + k] = int(at);
        for (std::size_t c = 0; c < row_size; ++c) {
          const std::size_t camera = i % n, point = i % m;
          columns[at + c] = int(c < camera_size    ? camera * camera_size + c
                                : c < row_size - 1 ? camera_size * n + 3 * point + c - camera_size
                                                   : camera_size * n + 3 * m + i);
          values[at + c] = g[c * p + i];
        }
      }
    }
    t.backward(error, xt::ones<double>({p}));
    const double* g = of_each.grad().data() + (row_size - 1) * p;
    for (std::size_t i = 0; i < p; ++i) {
      const std::size_t at = 30 * p + i;
      rows[2 * p + i] = int(at);
      columns[at] = int(camera_size * n + 3 * m + i);
      values[at] = g[i];
    }
    rows[3 * p] = int(31 * p);
  }

  json residuals() const {
    return {{"reproj_error", {{"elements", {residual[0].value()(0), residual[1].value()(0)}}, {"repeated", p}}},
            {"w_err", {{"element", error.value()(0)}, {"repeated", p}}}};
  }
};

/// The first 30 and the last.
json ends(const auto& list) {
  json j(std::vector(list.begin(), list.begin() + 30));
  j.push_back(list.back());
  return j;
}

}  // namespace

int main(int argc, char** argv) {
  const functions of{{"objective",
                      [](const json& j) {
                        return task_of(std::make_shared<adjustment>(j), &adjustment::objective, &adjustment::residuals);
                      }},
                     {"jacobian", [](const json& j) {
                        return task_of(std::make_shared<adjustment>(j), &adjustment::jacobian, [](const adjustment& a) {
                          return json{{"rows", ends(a.rows)}, {"cols", ends(a.columns)}, {"vals", ends(a.values)}};
                        });
                      }}};
  return gradbench::main(argc, argv, of);
}
