// Hand tracking: a hand's skin moved by its bones against points that were measured; the Jacobian by 26 angles and by
// where on its triangle each point lies (ADBench). Few inputs, many outputs: tangents, forward.
#include "problem.hpp"

namespace {

using namespace gradbench;
using integers = std::vector<int>;

struct hand {
  std::size_t p;  // how many correspondences
  bool surface;   // points lie on triangles, at (u, v)
  numbers start, start_us;
  tape t;
  variable theta, us, residual;
  std::vector<variable> tangents;  // d residual by u, v (if there are any) and theta

  hand(const json& j, bool jacobian) : start(array(j["theta"])) {
    const json &data = j["data"], &model = data["model"];
    const numbers points = array(data["points"]);
    const auto at = data["correspondences"].get<integers>();
    p = at.size();
    surface = !j["us"].empty();
    theta = t.variable(start);
    const variable skin = positions(model);
    if (surface) {
      start_us = array(j["us"]);
      us = t.variable(start_us);
      const auto triangles = model["triangles"].get<std::vector<integers>>();
      const auto corner = [&](std::size_t k) {
        xt::xarray<int> of = xt::zeros<int>({p});
        for (std::size_t i = 0; i < p; ++i) of(i) = triangles[std::size_t(at[i])][k];
        return xg::take(skin, t.indices(of));
      };
      const variable u = xg::view(us, {xt::all(), xt::range(0, 1)}), v = xg::view(us, {xt::all(), xt::range(1, 2)});
      residual = points - (u * corner(0) + v * corner(1) + (1 - u - v) * corner(2));
    } else {
      residual = points - xg::take(skin, t.indices(xt::adapt(at)));
    }
    if (jacobian) record_tangents();
  }

  /// Where the vertices are, (vertices, 3).
  variable positions(const json& model) {
    const auto parents = model["parents"].get<integers>();
    const std::size_t bones = parents.size();
    // Triples of the pose: global rotation, scale, translation, then the angles of each bone.
    const variable numbers_of_pose = xg::concatenate({theta, t.constant({0.0, 1.0})});
    xt::xarray<int> from = xt::zeros<int>({bones + 3, std::size_t(3)}) + 26;  // a zero
    for (int c = 0; c < 3; ++c) from(0, c) = c, from(1, c) = 27, from(2, c) = 3 + c;
    for (std::size_t finger = 0, next = 6; finger < 5; ++finger) {
      from(5 + 4 * finger, 0) = int(next++);
      from(5 + 4 * finger, 1) = int(next++);
      from(6 + 4 * finger, 0) = int(next++);
      from(7 + 4 * finger, 0) = int(next++);
    }
    const variable pose = xg::take(numbers_of_pose, t.indices(from));

    const variable relative = xg::matmul(array(model["base_relatives"]), rotations(pose, bones));
    std::vector<variable> absolute(bones);
    for (std::size_t b = 0; b < bones; ++b) {
      const variable own = xg::view(relative, {b});
      absolute[b] = parents[b] < 0 ? own : xg::matmul(absolute[std::size_t(parents[b])], own);
    }
    const variable moves = xg::matmul(xg::stack(absolute), array(model["inverse_base_absolutes"]));
    // Σ_b weight · T_b · base position is one product, of (vertices, bones · 4) and (bones · 4, 3).
    const numbers base = array(model["base_positions"]), weights = array(model["weights"]);
    const std::size_t vertices = base.shape(0);
    numbers blended = numbers::from_shape({vertices, 4 * bones});
    for (std::size_t v = 0; v < vertices; ++v)
      for (std::size_t b = 0; b < bones; ++b)
        for (std::size_t c = 0; c < 4; ++c) blended(v, 4 * b + c) = weights(v, b) * base(v, c);
    const variable columns = xg::transpose(xg::view(moves, {xt::all(), xt::range(0, 3)}), {0, 2, 1});
    variable skin = xg::matmul(blended, xg::reshape(columns, {std::ptrdiff_t(4 * bones), 3}));
    if (model["is_mirrored"].get<bool>()) skin = skin * numbers{-1, 1, 1};
    const auto triple = [&](std::size_t k) { return xg::view(pose, {k}); };
    return xg::matmul(skin * triple(1), xg::transpose(global_rotation(triple(0)))) + triple(2);
  }

  /// R_z R_y R_x of each bone's angles, as matrices (bones, 4, 4).
  variable rotations(const variable& pose, std::size_t bones) {
    const auto angle = [&](std::size_t c) { return xg::view(pose, {xt::range(3, 3 + bones), c}); };
    const variable x = angle(0), z = angle(1), y = angle(2);
    const variable sx = xt::sin(x), cx = xt::cos(x), sy = xt::sin(y), cy = xt::cos(y), sz = xt::sin(z), cz = xt::cos(z);
    const variable zero = t.constant(xt::zeros<double>({bones})), one = t.constant(xt::ones<double>({bones}));
    const std::vector<variable> elements{cz * cy,
                                         cz * sy * sx - sz * cx,
                                         sz * sx + cz * sy * cx,
                                         zero,  //
                                         sz * cy,
                                         cz * cx + sz * sy * sx,
                                         sz * sy * cx - cz * sx,
                                         zero,  //
                                         -sy,
                                         cy * sx,
                                         cy * cx,
                                         zero,  //
                                         zero,
                                         zero,
                                         zero,
                                         one};
    return xg::reshape(xg::stack(elements, 1), {std::ptrdiff_t(bones), 4, 4});
  }

  /// exp([g]×), by Rodrigues' formula.
  variable global_rotation(const variable& g) {
    const variable square = xg::sum(xt::square(g));
    const auto none = square < 1e-8;
    const variable angle = xt::sqrt(xt::where(none, 1.0, square));
    const variable c = xt::where(none, 1.0, xt::cos(angle)), s = xt::where(none, 0.0, xt::sin(angle) / angle),
                   o = xt::where(none, 0.0, (1 - xt::cos(angle)) / (angle * angle));
    const variable x = g(0), y = g(1), z = g(2);
    const std::vector<variable> elements{c + o * x * x,     o * x * y - s * z, o * x * z + s * y,
                                         o * x * y + s * z, c + o * y * y,     o * y * z - s * x,
                                         o * x * z - s * y, o * y * z + s * x, c + o * z * z};
    return xg::reshape(xg::stack(elements), {3, 3});
  }

  void record_tangents() {
    if (surface)
      for (std::size_t k = 0; k < 2; ++k) {
        numbers direction = xt::zeros<double>({p, std::size_t(2)});
        for (std::size_t i = 0; i < p; ++i) direction(i, k) = 1;
        tangents.push_back(xg::jvp(residual, us, direction));
      }
    for (std::size_t k = 0; k < theta.size(); ++k) {
      numbers direction = xt::zeros<double>({theta.size()});
      direction(k) = 1;
      tangents.push_back(xg::jvp(residual, theta, direction));
    }
  }

  void run() {
    t.set(theta, start);
    if (surface) t.set(us, start_us);
    t.replay();
  }
  json jacobian() const {
    numbers rows = numbers::from_shape({3 * p, tangents.size()});
    for (std::size_t c = 0; c < tangents.size(); ++c)
      for (std::size_t r = 0; r < 3 * p; ++r) rows(r, c) = tangents[c].value().data()[r];
    return list(rows);
  }
};

}  // namespace

int main(int argc, char** argv) {
  const functions of{{"objective",
                      [](const json& j) {
                        return task_of(std::make_shared<hand>(j, false), &hand::run,
                                       [](const hand& h) { return list(xt::flatten(h.residual.value())); });
                      }},
                     {"jacobian", [](const json& j) {
                        return task_of(std::make_shared<hand>(j, true), &hand::run, &hand::jacobian);
                      }}};
  return gradbench::main(argc, argv, of);
}
