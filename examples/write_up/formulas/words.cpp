#include "formulas/words.hpp"
#include "tex/word_list.hpp"

#include <set>

namespace write_up {

bool introduces_definition(const std::string& w) {
  static const std::set<std::string> words =
      words_of(R"(let where with denote define defining set put sei wobei mit write setting call abbreviate seien)");
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

bool asks_for(const std::string& w) {
  static const std::set<std::string> words = words_of(
      R"(compute derive find determine calculate what give show express verify question berechnen berechne bestimmen
      bestimme bestimmt gib geben zeigen zeige)");
  return words.count(w) != 0;
}

bool is_able(const std::string& w) {
  static const std::set<std::string> words{"can", "may", "should", "could", "might", "must"};
  return words.count(w) != 0;
}

bool announces_answer(const std::string& w) {
  static const std::set<std::string> words{"answer", "solution", "antwort", "lösung", "loesung", "result", "ergebnis"};
  return words.count(w) != 0;
}

bool says_nothing(const std::string& letters) {
  static const std::set<std::string> texts = words_of(
      R"(idontknow idonotknow dontknow idk nothing none noidea noanswer tbd skipped keineahnung nichts weißnicht missing
      notsolved notdone leer empty notanswered ichweißesnicht ichweißnicht fehlt na ihavenoidea)");
  return letters.rfind("todo", 0) == 0 || texts.count(letters) != 0;
}

bool negates(const std::string& w) {
  static const std::set<std::string> words = words_of(
      R"(not nicht minus plus times twice thrice half double negative never without kein except unlike zweimal hälfte
      haelfte negativ opposite isnt cannot cant wasnt arent keine doppelt doppelte gegenteil inverse two zwei dreimal
      halb halbe)");
  return words.count(w) != 0;
}

bool takes_back(const std::string& w) {
  static const std::set<std::string> words = words_of(
      R"(wrong false incorrect falsch not nicht times plus minus squared halved doubled negated mal divided multiplied up
      geteilt multipliziert isnt)");
  return words.count(w) != 0;
}

bool spoils(const std::string& w) {
  static const std::set<std::string> words = words_of(
      R"(opposite negative negated minus halved doubled squared multiplied undefined undefiniert nonzero entgegengesetzt
      negativem umgekehrtem negativ reversed inverted flipped turned multipliziert)");
  return words.count(w) != 0 || takes_all_back(w);
}

bool takes_all_back(const std::string& w) {
  static const std::set<std::string> words{"wrong", "false", "incorrect", "falsch", "correction", "korrektur"};
  return words.count(w) != 0;
}

bool gives_reason(const std::string& w) {
  static const std::set<std::string> words = words_of(
      R"(since because as da weil denn wegen using due which remember note compared recall weshalb independent unabhängig
      inner see)");
  return words.count(w) != 0;
}

bool harmless_not(const std::string& w) {
  static const std::set<std::string> words = words_of(
      R"(differentiable depend influence needed used zero involve appear contain affect enter depending differenzierbar
      von necessary matter contained change)");
  return words.count(w) != 0;
}

bool connects(const std::string& w) {
  static const std::set<std::string> words = words_of(
      R"(and or und oder for für by chain rule kettenregel since because row zeile column in on at as mit shape def hence
      from aus nach also damit elementwise scalar vector matrix ie eg siehe see note here the is ist der die da weil
      independent unabhängig using all alle jedes any gilt therefore daher result antwort answer heaviside linear)");
  return words.count(w) != 0 || introduces_definition(w) || introduces_condition(w) || introduces_case(w) ||
         introduces_result(w);
}

bool is_filler(const std::string& w) {
  static const std::set<std::string> words =
      words_of(R"(of the to equal a just simply only here is are was be would von der die das like an its)");
  return words.count(w) != 0;
}

bool introduces_result(const std::string& w) {
  static const std::set<std::string> words = words_of(
      R"(then so thus hence therefore gives get is dann also yields we gilt folgt lautet ergibt have obtain erhält)");
  return words.count(w) != 0;
}

}  // namespace write_up
