#include "words.hpp"

#include <set>

namespace homework::check {

bool introduces_definition(const std::string& w) {
  static const std::set<std::string> words{"let",     "where", "with",       "denote", "define", "defining",
                                           "set",     "put",   "sei",        "wobei",  "mit",    "write",
                                           "setting", "call",  "abbreviate", "seien"};
  return words.count(w) != 0;
}

bool introduces_condition(const std::string& w) {
  static const std::set<std::string> words{"for", "für", "fuer", "all", "each", "every"};
  return words.count(w) != 0;
}

bool introduces_case(const std::string& w) {
  static const std::set<std::string> words{"if",        "when", "whenever", "falls", "wenn",
                                           "otherwise", "else", "sonst",    "unless"};
  return words.count(w) != 0;
}

bool negates(const std::string& w) {
  static const std::set<std::string> words{"not",   "nicht",   "minus", "plus",   "times",
                                           "twice", "thrice",  "half",  "double", "negative",
                                           "never", "without", "kein",  "except", "unlike"};
  return words.count(w) != 0;
}

bool takes_back(const std::string& w) {
  static const std::set<std::string> words{"wrong",  "false",   "incorrect", "falsch", "not",
                                           "nicht",  "times",   "plus",      "minus",  "squared",
                                           "halved", "doubled", "negated",   "mal",    "divided"};
  return words.count(w) != 0;
}

bool is_filler(const std::string& w) {
  static const std::set<std::string> words{"of",   "the",  "to", "equal", "a",   "just", "simply",
                                           "only", "here", "is", "are",   "was", "be",   "would"};
  return words.count(w) != 0;
}

bool introduces_result(const std::string& w) {
  static const std::set<std::string> words{"then", "so", "thus", "hence", "therefore", "gives",
                                           "get",  "is", "dann", "also",  "yields",    "we"};
  return words.count(w) != 0;
}

}  // namespace homework::check
