// Small data sets that come with the library; examples/data/README.md says where from, and under which licence.
#pragma once

#include <xgrad/nn/data/dataset.hpp>

namespace xg::nn {

/// Handwritten digits: 1797 images of 8×8 pixels as rows of 64 numbers in [0, 1], labels 0..9. The test part of the
/// UCI "Optical recognition of handwritten digits" (Alpaydin and Kaynak, 1998; CC BY 4.0), as packaged with
/// scikit-learn, 16 grey levels divided by 16.
template <class T>
dataset<T> digits();

/// Fisher's iris (1936): 150 flowers, 4 measurements in cm (length and width of sepal and petal), three classes of 50
/// each, in order. UCI (CC BY 4.0), as packaged with scikit-learn.
template <class T>
dataset<T> iris();

extern template dataset<float> digits();
extern template dataset<double> digits();
extern template dataset<float> iris();
extern template dataset<double> iris();

}  // namespace xg::nn
