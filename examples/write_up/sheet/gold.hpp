// The gradients of one point, from the tape.
#pragma once

#include "sheet/world.hpp"

namespace write_up {

/// Fills z, h and every gradient of `w` from its W, h[0] = x and y.
void take_gradients(world& w);

/// dσ(x)/dx at w.argument, from the tape; stored in w.dl_dh[0].
void take_slope(world& w);

}  // namespace write_up
