// Bundle adjustment: where stood the cameras, and where are the points they saw? Levenberg and Marquardt's steps, each
// with a sparse Jacobian. A row has eight elements, and eight products give all of it, however many points there are.
// `./xg example bundle_adjustment`
#include <cmath>
#include <cstdio>

#include <xgrad/xgrad.hpp>

using array = xt::xarray<double>;
constexpr std::size_t cameras = 5, points = 40, seen = 3 * points;  // each point by three cameras

/// Column i of x (n, columns), (n).
xg::var<double> column(const xg::var<double>& x, int i) { return xg::view(x, {xt::all(), i}); }

/// The image (n, 2) of points p (n, 3) in cameras (n, 6): rotation vectors r and shifts. By Rodrigues' formula p turns
/// to p cos a + (r × p) sin a / a + r (r·p) (1 - cos a) / a², a = |r|; it is then divided by its depth.
xg::var<double> project(const xg::var<double>& camera, const xg::var<double>& p) {
  const xg::var r = xg::view(camera, {xt::all(), xt::range(0, 3)});
  const xg::var a2 = xg::sum(r * r, {1}, xt::keep_dims) + 1e-20, a = xt::sqrt(a2);
  std::vector<xg::var<double>> cross;
  for (int i = 0; i < 3; ++i)
    cross.push_back(column(r, (i + 1) % 3) * column(p, (i + 2) % 3) - column(r, (i + 2) % 3) * column(p, (i + 1) % 3));
  const xg::var turned = p * xt::cos(a) + xg::stack(cross, 1) * (xt::sin(a) / a) +
                         r * xg::sum(r * p, {1}, xt::keep_dims) * (1 - xt::cos(a)) / a2;
  const xg::var q = turned + xg::view(camera, {xt::all(), xt::range(3, 6)});
  return xg::view(q, {xt::all(), xt::range(0, 2)}) / xg::view(q, {xt::all(), xt::range(2, 3)});
}

/// x: all cameras (6 numbers each), then all points (3 each). What is left of the images less those that were taken.
xg::var<double> residuals(const xg::var<double>& x, const array& images) {
  xt::xarray<int> camera = xt::zeros<int>({seen}), point = camera;
  for (std::size_t k = 0; k < seen; ++k) camera(k) = int((k / 3 + k % 3) % cameras), point(k) = int(k / 3);
  const auto parts = xg::split(x, {6 * cameras});
  xg::tape<double>& t = x.owner();
  const xg::var c = xg::take(xg::reshape(parts[0], {-1, 6}), t.indices(camera));
  const xg::var p = xg::take(xg::reshape(parts[1], {-1, 3}), t.indices(point));
  return xg::ravel(project(c, p) - images);
}

int main() {
  xg::tape<double> t;
  xg::rng rng(2);
  const std::size_t unknowns = 6 * cameras + 3 * points;
  array truth = xg::uniform(t, {unknowns}, rng, -1, 1).value();
  for (std::size_t k = 0; k < cameras; ++k)
    for (std::size_t i = 0; i < 6; ++i) truth(6 * k + i) = 0.3 * truth(6 * k + i) + (i == 5 ? 4 : 0);
  const array none = xt::zeros<double>({seen, std::size_t(2)});
  const array flat = residuals(t.constant(truth), none).value(),
              images = xt::reshape_view(flat, {seen, std::size_t(2)});
  const auto f = [&](const auto& x) { return residuals(x, images); };
  array x = truth + 0.05 * xg::normal(t, {unknowns}, rng).value();

  const auto sparse = xg::sparse_jacobian(f, x);
  const double off = xt::amax(xt::abs(sparse.dense() - xg::jacobian(f, x)))();
  std::printf("Jacobian (%zu, %zu): %zu of %zu elements stored, by %zu products; off the dense one by %s\n",
              sparse.rows, sparse.columns, sparse.stored(), sparse.rows * sparse.columns, sparse.products,
              off < 1e-13 ? "no more than rounding" : "TOO MUCH");

  double error = 0, damping = 1e-3;  // a frame of reference is free, so the system is damped
  for (int step = 0; step <= 8; ++step, damping /= 4) {
    xg::tape<double> on;
    const xg::var r = f(on.constant(x)), J = on.constant(xg::sparse_jacobian(f, x).dense());
    error = std::sqrt(xg::mean(xt::square(r)).item());
    std::printf("step %d: root mean square residual %.3g\n", step, error < 1e-12 ? 0 : error);
    const xg::var Jt = xg::transpose(J), A = xg::matmul(Jt, J) + damping * xt::eye<double>(unknowns);
    x -= xg::solve(A, xg::matmul(Jt, r)).value();
  }
  const bool right = off < 1e-13 && sparse.products == 8 && sparse.stored() == seen * 2 * 8 && error < 1e-8;
  return right ? 0 : 1;
}
