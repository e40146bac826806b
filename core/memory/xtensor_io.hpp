// xtensor's printing, which is heavy: apart from xtensor.hpp.
#pragma once

#if __has_include(<xtensor/io/xio.hpp>)
#include <xtensor/io/xio.hpp>
#else
#include <xtensor/xio.hpp>
#endif
