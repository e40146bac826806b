#include "questions.hpp"

namespace homework {

namespace {

// How the tape answers: run backward from the quantity on top of the fraction, read the gradient of the one below.
template <class T>
matrix<T> gradient(const xg::var<T>& of, const xg::var<T>& by) {
  of.owner().backward(of);
  return by.grad();
}

template <class T>
matrix<T> rows(const matrix<T>& a, std::size_t first, std::size_t count) {
  return xt::view(a, xt::range(first, first + count), xt::all());
}

template <class T>
matrix<T> columns(const matrix<T>& a, std::size_t first, std::size_t count) {
  return xt::view(a, xt::all(), xt::range(first, first + count));
}

template <class T>
using pass = forward_pass<T>;

template <class T>
matrix<T> dl_dW3(const pass<T>& p) {
  return gradient(p.loss, p.W[3]);
}
template <class T>
matrix<T> dl_dW2(const pass<T>& p) {
  return gradient(p.loss, p.W[2]);
}
template <class T>
matrix<T> dl_dW1(const pass<T>& p) {
  return gradient(p.loss, p.W[1]);
}
template <class T>
matrix<T> dl_dh3(const pass<T>& p) {
  return gradient(p.loss, p.h[3]);
}
template <class T>
matrix<T> dl_dh2(const pass<T>& p) {
  return gradient(p.loss, p.h[2]);
}
template <class T>
matrix<T> dl_dh1(const pass<T>& p) {
  return gradient(p.loss, p.h[1]);
}
template <class T>
matrix<T> dh2_11_dW2(const pass<T>& p) {
  return gradient(p.h[2](0, 0), p.W[2]);
}

template <class T>
matrix<T> dl_dW3_11(const pass<T>& p) {
  return columns(dl_dW3(p), 0, 1);
}
template <class T>
matrix<T> dl_dW3_12(const pass<T>& p) {
  return columns(dl_dW3(p), 1, 1);
}
template <class T>
matrix<T> dl_dh2_first(const pass<T>& p) {
  return columns(dl_dh2(p), 0, 1);
}
template <class T>
matrix<T> dh2_11_dW2_row1(const pass<T>& p) {
  return rows(dh2_11_dW2(p), 0, 1);
}
template <class T>
matrix<T> dh2_11_dW2_row2(const pass<T>& p) {
  return rows(dh2_11_dW2(p), 1, 1);
}
template <class T>
matrix<T> dh2_11_dh1(const pass<T>& p) {
  return gradient(p.h[2](0, 0), p.h[1]);
}
template <class T>
matrix<T> dh2_dh1(const pass<T>& p) {
  matrix<T> answer({2, 3});
  for (std::size_t i = 0; i < 2; ++i) xt::row(answer, i) = xt::row(gradient(p.h[2](0, i), p.h[1]), 0);
  return answer;
}

// dσ/dx at many x in one go: the gradient of Σ relu(x).
template <class T>
matrix<T> relu_slope(const pass<T>&) {
  xg::tape<T> tape;
  const xg::var<T> x = tape.variable(slope_points<T>());
  return gradient(xg::sum(xg::relu(x)), x);
}
template <class T>
matrix<T> relu_slope_closed(const point<T>&) {
  return q1_6(slope_points<T>());
}

template <class T>
struct two_roads {
  matrix<T> (*by_tape)(const pass<T>&);
  matrix<T> (*by_formula)(const point<T>&);
};

}  // namespace

template <class T>
std::vector<question<T>> sheet_questions() {
  const two_roads<T> roads[] = {
      {dl_dW3_11<T>, q1_1<T>},                // 1.1
      {dl_dW3_12<T>, q1_2<T>},                // 1.2
      {dl_dW3<T>, q1_3<T>},                   // 1.3
      {dl_dh2_first<T>, q1_4<T>},             // 1.4
      {dl_dh2<T>, q1_5<T>},                   // 1.5
      {relu_slope<T>, relu_slope_closed<T>},  // 1.6
      {dh2_11_dW2_row1<T>, q1_7<T>},          // 1.7
      {dh2_11_dW2_row2<T>, q1_8<T>},          // 1.8
      {dh2_11_dW2<T>, q1_9<T>},               // 1.9
      {dl_dW2<T>, q1_10<T>},                  // 1.10
      {dl_dW2<T>, q1_11<T>},                  // 1.11
      {dh2_11_dh1<T>, q1_12<T>},              // 1.12
      {dh2_dh1<T>, q1_13<T>},                 // 1.13
      {dl_dh1<T>, q1_14<T>},                  // 1.14
      {dl_dh1<T>, q1_15<T>},                  // 1.15
      {dl_dW1<T>, q1_16<T>},                  // 1.16
      {dl_dW1<T>, q1_17<T>},                  // 1.17
      {dl_dh3<T>, q2_1<T>},                   // 2.1
      {dl_dW3_11<T>, q2_2<T>},                // 2.2
      {dl_dW3<T>, q2_3<T>},                   // 2.3
      {dl_dh2_first<T>, q2_4<T>},             // 2.4
      {dl_dh2<T>, q2_5<T>},                   // 2.5
      {dl_dW2<T>, q2_6<T>},                   // 2.6
      {dl_dW2<T>, q2_7<T>},                   // 2.7
      {dl_dh1<T>, q2_8<T>},                   // 2.8
  };
  std::vector<question<T>> questions;
  for (const question_text& text : sheet_texts()) {
    const two_roads<T>& road = roads[questions.size()];
    questions.push_back({text, text.id[0] - '0', road.by_tape, road.by_formula});
  }
  return questions;
}

template <class T>
std::vector<question<T>> layer_questions(std::size_t layers) {
  std::vector<question<T>> questions;
  for (int part : {1, 2}) {
    const std::string id = std::to_string(part) + ".", m = part == 1 ? "1" : "m";
    const std::string last = superscript(layers), last_tex = std::to_string(layers);
    questions.push_back({{id + "delta", "δ = ∂l/∂h" + last, part == 1 ? "h" + last + " − y" : "(h" + last + " − y)/m",
                          m + "×" + "n" + last, R"(\delta = \frac{\partial l}{\partial h^{)" + last_tex + "}}",
                          (part == 1 ? "" : R"(\frac{1}{m} )") + ("(h^{" + last_tex + "} - y)")},
                         part,
                         [](const pass<T>& p) { return gradient(p.loss, p.h.back()); },
                         [](const point<T>& p) { return delta(p); }});
    for (std::size_t i = layers; i > 0; --i) {
      const std::string n = std::to_string(i), below = std::to_string(i - 1);
      const std::string up = superscript(i), up_below = superscript(i - 1);
      const bool top = i == layers;
      const std::string dz = top ? "δ" : "(∂l/∂h" + up + " ⊙ (z" + up + " > 0))";
      const std::string dz_tex =
          top ? R"(\delta)"
              : R"(\Bigl(\frac{\partial l}{\partial h^{)" + n + R"(}} \odot (z^{)" + n + R"(} > 0)\Bigr))";
      questions.push_back({{id + "W" + n, "∂l/∂W" + up, dz + "ᵀ h" + up_below, "n" + up + "×n" + up_below,
                            R"(\frac{\partial l}{\partial W^{)" + n + "}}", dz_tex + "^T h^{" + below + "}"},
                           part,
                           [i](const pass<T>& p) { return gradient(p.loss, p.W[i]); },
                           [i](const point<T>& p) { return dl_dW(p, i); }});
      if (i == 1) continue;
      questions.push_back({{id + "h" + below, "∂l/∂h" + up_below, dz + " W" + up, m + "×n" + up_below,
                            R"(\frac{\partial l}{\partial h^{)" + below + "}}", dz_tex + " W^{" + n + "}"},
                           part,
                           [i](const pass<T>& p) { return gradient(p.loss, p.h[i - 1]); },
                           [i](const point<T>& p) { return dl_dh(p, i - 1); }});
    }
  }
  return questions;
}

template <class T>
std::vector<question<T>> questions_for(const std::vector<std::size_t>& widths) {
  if (widths == std::vector<std::size_t>{4, 3, 2, 1}) return sheet_questions<T>();
  return layer_questions<T>(widths.size() - 1);
}

template std::vector<question<float>> sheet_questions();
template std::vector<question<double>> sheet_questions();
template std::vector<question<float>> layer_questions(std::size_t);
template std::vector<question<double>> layer_questions(std::size_t);
template std::vector<question<float>> questions_for(const std::vector<std::size_t>&);
template std::vector<question<double>> questions_for(const std::vector<std::size_t>&);

}  // namespace homework
