#include "check.hpp"

#include <algorithm>
#include <array>

#include "answers/candidate.hpp"
#include "answers/notebook.hpp"
#include "formulas/parser.hpp"
#include "verdict/judge.hpp"

namespace write_up {
namespace {

std::string trimmed(const std::string& s) {
  const std::size_t from = s.find_first_not_of(" \t\r\n");
  return from == std::string::npos ? "" : s.substr(from, s.find_last_not_of(" \t\r\n") - from + 1);
}

double points_for(const finding& f, const credit_table& credit) {
  const std::string first = f.mistake.substr(0, f.mistake.find('+'));
  if (!f.mistake.empty() && f.mistake == first)
    if (const auto it = credit.find(first); it != credit.end()) return it->second;
  const auto it = credit.find(to_string(f.result));
  return it == credit.end() ? 0 : it->second;
}

void doubt(finding& f, const complaint& why) {
  f.result = verdict::unsure;
  f.message = why.what();
  if (why.where.end.offset > 0) f.where = why.where;
}

// Of two row vectors, ⊗ can be read in more than one way: the reader shall see which one was taken.
void warn_of_outer_product(const candidate& c, const std::string& id, std::vector<std::string>& remarks) {
  bool any = false;
  const auto look = [&](const node& n) {
    any = any || std::find(n.ops.begin(), n.ops.end(), "\\otimes") != n.ops.end();
  };
  walk(c.formula, look);
  for (const partial& p : c.parts) walk(p.formula, look);
  if (any) remarks.push_back("question " + id + ": ⊗ is read as the outer product, a column times a row");
}

void check_one(const document& paper, const raw_answer& raw, notebook& notes, given_answers& wrong, meter& work,
               finding& f, std::vector<std::string>& remarks) {
  const question& q = *find_question(raw.id);
  f.where = raw.where;
  const std::size_t from =
      std::min(paper.source.find_first_not_of(" \t\r\n", raw.where.begin.offset), raw.where.end.offset);
  f.source = trimmed(paper.source.substr(from, raw.where.end.offset - from));
  f.source_offset = from;
  statements s = read_statements(raw.tokens, paper.macros, work.cap, raw.marked);
  const bool nothing = s.empty || (s.prompt && s.list.empty());
  if (nothing && s.unread.empty()) return;  // nothing written: missing
  try {
    s = notes.prepared(std::move(s), q);
    const std::size_t known = notes.known(q).size();
    candidate c = pick_candidate(q, s, raw.marked, notes.known(q), work.cap);
    c.two_samples = paper.two_samples;
    notes.share(q, known);
    f.echo = to_latex(c.formula);
    warn_of_outer_product(c, q.id, remarks);
    f.where = c.formula.where;
    work.next_answer();
    judge(q, c, notes.known(q), wrong, work, f);
    if (f.result == verdict::wrong) notes.answered(q, c, s);
  } catch (const complaint& why) {
    if (why.kind != trouble::not_answered) doubt(f, why);
  } catch (const meter::exhausted& stopped) {
    doubt(f, stopped.why);
  }
}

}  // namespace

const char* to_string(verdict v) {
  static const std::array<const char*, 5> names{"right", "layout", "wrong", "unsure", "missing"};
  return names[static_cast<std::size_t>(v)];
}

const char* sign_of(verdict v) {
  static const std::array<const char*, 5> signs{"✓", "✓", "✗", "?", "–"};
  return signs[static_cast<std::size_t>(v)];
}

credit_table default_credit() {
  return {{"right", 2},          {"layout", 2},           {"wrong", 0}, {"unsure", 0}, {"missing", 0},
          {"follow_through", 1}, {"unevaluated_chain", 1}};
}

std::size_t report::count(verdict v) const {
  return static_cast<std::size_t>(
      std::count_if(findings.begin(), findings.end(), [v](const finding& f) { return f.result == v; }));
}

double report::points() const {
  double sum = 0;
  for (const finding& f : findings) sum += f.points;
  return sum;
}

int report::exit_code() const {
  if (!unreadable.empty()) return 2;
  return count(verdict::right) + count(verdict::layout) == findings.size() ? 0 : 1;
}

report check_write_up(const std::string& text, const options& o) {
  report out;
  if (const auto right = o.credit.find("right"); right != o.credit.end()) out.points_each = right->second;
  document paper;
  for (const question& q : all_questions()) {
    out.findings.emplace_back();
    out.findings.back().id = q.id;
  }
  try {
    paper = read_document(without_markdown(plain_text(text, o.cap)));
    if (paper.answers.empty())
      out.unreadable = "no answers found; expected \\answer{1.1}{…} marks, or sections and items numbered 1.1, 1.2, …";
  } catch (const complaint& why) {
    out.unreadable = why.what();
  }
  out.remarks = paper.remarks;
  if (!out.unreadable.empty()) return out;
  notebook notes(o.cap);
  const auto outside = [&](const std::vector<token>& around, const auto& read) {
    try {
      const statements s = read_statements(around, paper.macros, o.cap);
      for (const complaint& why : s.unread)
        if (why.kind == trouble::too_much) throw why;
      read(s);
    } catch (const complaint& why) {
      out.remarks.push_back("outside the answers, " + to_string(why.where.begin) + ": " + why.what());
    }
  };
  given_answers wrong;
  meter work(o.cap);
  for (const raw_answer& raw : paper.answers) {
    const auto f =
        std::find_if(out.findings.begin(), out.findings.end(), [&](const finding& each) { return each.id == raw.id; });
    const int part = find_question(raw.id)->part;
    if (!raw.before.empty()) outside(raw.before, [&](const statements& s) { notes.read_outside(s, part); });
    if (!raw.replaced) check_one(paper, raw, notes, wrong, work, *f, out.remarks);
  }
  out.steps = work.all_steps();
  for (finding& f : out.findings) f.points = points_for(f, o.credit);
  return out;
}

}  // namespace write_up
