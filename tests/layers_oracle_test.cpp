// Convolutions, pools and norms against PyTorch: values, gradients and gradients of gradients, from a file that
// oracle/torch_layers.py wrote.
#include "oracle.hpp"

namespace {

using test::oracle::arrays, test::oracle::function, test::oracle::operands;

/// What each case is here; the running averages of the last two are in the file.
template <class T>
std::map<std::string, function<T>> functions(const std::map<std::string, arrays>& cases) {
  std::map<std::string, function<T>> f;
  using x = const operands<T>&;
  f["conv2d"] = [](x v) { return xg::conv2d(v[0], v[1], v[2]); };
  f["conv2d steps"] = [](x v) {
    return xg::conv2d(v[0], v[1], v[2], {.stride = {2, 1}, .padding = {1, 2}, .dilation = {1, 2}});
  };
  f["conv2d groups"] = [](x v) { return xg::conv2d(v[0], v[1], {.stride = 2, .padding = 1, .groups = 2}); };
  f["conv2d 1x1"] = [](x v) { return xg::conv2d(v[0], v[1]); };
  f["conv1d"] = [](x v) { return xg::conv1d(v[0], v[1], v[2], {.stride = 2, .padding = 3, .dilation = 2}); };
  f["conv_transpose2d"] = [](x v) { return xg::conv_transpose2d(v[0], v[1], v[2]); };
  f["conv_transpose2d steps"] = [](x v) {
    return xg::conv_transpose2d(
        v[0], v[1], v[2],
        {.stride = {2, 3}, .padding = {1, 0}, .output_padding = {1, 2}, .dilation = {2, 1}, .groups = 2});
  };
  f["conv_transpose1d"] = [](x v) {
    return xg::conv_transpose1d(v[0], v[1], {.stride = 2, .padding = 1, .output_padding = 1});
  };

  f["max_pool2d"] = [](x v) { return xg::max_pool2d(v[0], 2); };
  f["max_pool2d steps"] = [](x v) {
    return xg::max_pool2d(v[0], {3, 2}, {.stride = {2, 1}, .padding = {1, 0}, .dilation = {1, 2}});
  };
  f["max_pool2d ceil"] = [](x v) { return xg::max_pool2d(v[0], 3, {.stride = 2, .padding = 1, .ceil_mode = true}); };
  f["max_pool1d"] = [](x v) { return xg::max_pool1d(v[0], 3, {.stride = 2, .padding = 1}); };
  f["avg_pool2d"] = [](x v) { return xg::avg_pool2d(v[0], {2, 3}); };
  f["avg_pool2d padding"] = [](x v) { return xg::avg_pool2d(v[0], 3, {.stride = 2, .padding = 1}); };
  f["avg_pool2d ceil"] = [](x v) { return xg::avg_pool2d(v[0], 3, {.stride = 2, .padding = 1, .ceil_mode = true}); };
  f["avg_pool2d inside"] = [](x v) {
    return xg::avg_pool2d(v[0], 3, {.stride = 2, .padding = 1, .ceil_mode = true, .count_include_pad = false});
  };
  f["avg_pool1d"] = [](x v) { return xg::avg_pool1d(v[0], 2, {.stride = 1, .padding = 1}); };
  f["adaptive_avg_pool2d"] = [](x v) { return xg::adaptive_avg_pool2d(v[0], {3, 4}); };
  f["adaptive_max_pool2d"] = [](x v) { return xg::adaptive_max_pool2d(v[0], {3, 4}); };

  f["layer_norm"] = [](x v) { return xg::layer_norm(v[0], v[1], v[2]); };
  f["layer_norm plain"] = [](x v) { return xg::layer_norm(v[0], {.eps = 0.1}); };
  f["rms_norm"] = [](x v) { return xg::rms_norm(v[0], v[1], {.eps = 0.01}); };
  f["group_norm"] = [](x v) { return xg::group_norm(v[0], 2, v[1], v[2]); };
  f["instance_norm"] = [](x v) { return xg::instance_norm(v[0], v[1], v[2]); };
  f["batch_norm"] = [](x v) { return xg::batch_norm(v[0], v[1], v[2]); };
  f["batch_norm rows"] = [](x v) { return xg::batch_norm(v[0], v[1], v[2], {.eps = 0.1}); };
  const auto parameter = [](const arrays& a, const char* key) {
    return xg::parameter<T>(xt::xarray<T>(xt::cast<T>(a.at(key))));
  };
  f["batch_norm evaluation"] = [=, &a = cases.at("batch_norm evaluation")](x v) {
    xg::parameter<T> mean = parameter(a, "mean"), variance = parameter(a, "variance");
    return xg::batch_norm(v[0], mean, variance, v[1], v[2], {.training = false});
  };
  f["batch_norm averages"] = [=, &a = cases.at("batch_norm averages")](x v) {
    xg::parameter<T> mean = parameter(a, "mean"), variance = parameter(a, "variance");
    const xg::var<T> y = xg::batch_norm(v[0], mean, variance, {.momentum = 0.3});
    const double tolerance = std::same_as<T, double> ? 1e-14 : 1e-6;
    CHECK(test::oracle::difference(mean.value(), a.at("mean_after")) < tolerance);
    CHECK(test::oracle::difference(variance.value(), a.at("variance_after")) < tolerance);
    return y;
  };
  return f;
}

template <class T>
void hold_to_torch(double tolerance) {
  const auto cases = test::oracle::read_cases("torch_layers.txt");
  test::oracle::hold_to_torch("torch_layers.txt", functions<T>(cases), tolerance);
}

}  // namespace

TEST_CASE("convolutions, pools and norms are those of PyTorch, in double") { hold_to_torch<double>(1e-12); }

TEST_CASE("convolutions, pools and norms are those of PyTorch, in float") { hold_to_torch<float>(1e-5); }
