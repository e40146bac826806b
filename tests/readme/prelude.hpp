// What comes before every `cpp fragment` of the documents: the headers, and a small problem that the fragments speak
// of.
#include <cmath>
#include <cstdio>
#include <iostream>

#include <xgrad/xgrad.hpp>
#include <xtensor/xio.hpp>

namespace {

[[maybe_unused]] const xt::xarray<double> sample = {{5.1, 3.5, 1.4, 0.2}};                                     // (1, 4)
[[maybe_unused]] const xt::xarray<double> weights = {{.1, -.2, .3, .4}, {.5, .6, -.7, .8}, {-.9, 1, .1, .2}};  // (3, 4)
[[maybe_unused]] const xt::xarray<double> target = {{1, 0, 2}};                                                // (1, 3)

}  // namespace
