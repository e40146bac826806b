#include <xgrad/nn/optim/average.hpp>

#include <xgrad/nn/optim/pass_over.hpp>

namespace xg::nn::detail {

template <class T>
void approach(const std::vector<named_parameter<T>>& averages, const std::vector<named_parameter<T>>& now, double rate,
              const char* op) {
  bool same = averages.size() == now.size();
  for (std::size_t i = 0; same && i < now.size(); ++i)
    same = averages[i].path == now[i].path && averages[i].shape() == now[i].shape();
  if (!same)
    throw value_error(std::string(op) + ": the model has other parameters than the one its average began with");
  for (std::size_t i = 0; i < now.size(); ++i) {
    T* a = averages[i].memory->value;
    const T* p = now[i].memory->value;
    ++averages[i].memory->version;
    if (averages[i].buffer || rate == 1) {  // what is counted is not averaged
      std::copy_n(p, now[i].size(), a);
      continue;
    }
    pass_over<T>(now[i].size(), [=]<class V>(std::size_t k) {
      const V x = V::load(a + k);
      (x + V(T(rate)) * (V::load(p + k) - x)).store(a + k);
    });
  }
}

template void approach(const std::vector<named_parameter<float>>&, const std::vector<named_parameter<float>>&, double,
                       const char*);
template void approach(const std::vector<named_parameter<double>>&, const std::vector<named_parameter<double>>&, double,
                       const char*);

}  // namespace xg::nn::detail
