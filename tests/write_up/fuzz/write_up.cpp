// libFuzzer target: any bytes as a write-up. Nothing may crash, hang or grow; the report must hold together.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

#include "report/show.hpp"

namespace {

void demand(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace check = write_up;
  std::string text(reinterpret_cast<const char*>(data), size);
  // Most inputs are one answer to one question; the first byte says which.
  if (size > 1 && text.find("\\answer") == std::string::npos && text.find("\\section") == std::string::npos) {
    const auto& q = check::all_questions()[data[0] % check::all_questions().size()];
    text = "\\answer{" + q.id + "}{" + text.substr(1) + "}";
  }
  check::options o;
  o.cap.steps = 20'000;  // the time of one input, not its memory, is what slows fuzzing
  const check::report r = check::check_write_up(text, o);
  demand(r.findings.size() == 25);
  for (const check::finding& f : r.findings) {
    demand(f.result != check::verdict::unsure || !f.message.empty());
    demand(f.result == check::verdict::missing || f.where.begin.line >= 1);
    demand(f.result == check::verdict::right || f.result == check::verdict::layout || f.points <= 2);
  }
  std::ostringstream out;
  check::print_table(out, r);
  check::print_html(out, {r});
  return 0;
}
