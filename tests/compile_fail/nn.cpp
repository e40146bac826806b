// Misuse of networks that the compiler can see, and the words in which it is told.
#include <xgrad/nn/nn.hpp>

namespace nn = xg::nn;

struct net {
  nn::linear<float> hidden{4, 3}, out{3, 2};
};

inline void right(nn::rng& rng) {
  net m;
  nn::he(m, rng);
  nn::adamw opt(m);
  nn::parameters(m);
}

#ifdef CASE_c_array  // expect: has a C array as a member; write std::array
struct with_array {
  nn::linear<float> hidden[2];
};
auto wrong_1(with_array& m) { return nn::parameters(m); }
#endif

#ifdef CASE_c_array_of_numbers  // expect: has a C array as a member; write std::array
struct with_numbers {
  nn::linear<float> hidden;
  int sizes[3];
};
auto wrong_2(with_numbers& m) { return nn::parameters(m); }
#endif

#ifdef CASE_many_fields  // expect: more than 32 fields
struct many {
  nn::linear<float> a;
  int a0, a1, a2, a3, a4, a5, a6, a7, b0, b1, b2, b3, b4, b5, b6, b7, c0, c1, c2, c3, c4, c5, c6, c7, d0, d1, d2, d3,
      d4, d5, d6, d7;
};
auto wrong_3(many& m) { return nn::parameters(m); }
#endif

#ifdef CASE_base_class  // expect: has a base class, whose fields cannot be told from its own
struct based : net {
  nn::linear<float> more;
};
auto wrong_4(based& m) { return nn::parameters(m); }
#endif

#ifdef CASE_no_seed  // expect: random numbers need a source with a seed that you choose: nn::rng rng
void wrong_5(net& m) { nn::he(m); }
#endif

#ifdef CASE_no_seed_for_a_split  // expect: nn::split distributes samples by chance and needs a source with a seed
auto wrong_6(const nn::dataset<float>& d) { return nn::split(d, {.5, .5}); }
#endif

#ifdef CASE_no_seed_for_training  // expect: nn::training needs a source of random numbers with a seed
auto wrong_7() { return nn::training(); }
#endif

#ifdef CASE_hidden_parameters  // expect: may have parameters, but they cannot be found
class closed {
 public:
  closed() = default;

 private:
  nn::linear<float> inner{1, 1};
};
struct with_closed {
  nn::linear<float> first;
  closed second;
};
auto wrong_8(with_closed& m) { return nn::parameters(m); }
#endif

#ifdef CASE_plain_parameter  // expect: a model's parameters are nn::weight<T> .trained. or nn::buffer
struct with_parameter {
  xg::parameter<double> p;
};
auto wrong_9(with_parameter& m) { return nn::parameters(m); }
#endif

#ifdef CASE_mixed  // expect: this model mixes float and double
struct mixed {
  nn::linear<float> a;
  nn::linear<double> b;
};
auto wrong_10(mixed& m) { return nn::parameters(m); }
#endif

#ifdef CASE_nothing  // expect: this model has no parameters
struct nothing {
  int n;
};
auto wrong_11(nothing& m) { return nn::parameters(m); }
#endif

#ifdef CASE_data_that_is_gone  // expect: use of deleted function
void wrong_13() { nn::batches all(nn::iris<float>(), 10); }
#endif
