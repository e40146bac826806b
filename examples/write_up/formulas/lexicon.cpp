#include "formulas/lexicon.hpp"

#include <map>
#include <set>
#include <sstream>

#include "tex/word_list.hpp"

namespace write_up {
namespace {

// A role between dots, in the order of the bits, and the words that have it.
const char* const lexicon_text = R"(
.definition. let where with denote define defining set put sei wobei mit write setting call abbreviate seien notation
.condition. for für fuer all each every
.case. if when whenever falls wenn otherwise else sonst unless
.result. then so thus hence therefore gives get is dann also yields we gilt folgt lautet ergibt have obtain erhält
.reason. since because as da weil denn wegen using due which remember note compared recall weshalb independent unabhängig
  inner see
.negates. not nicht minus plus times twice thrice half double negative never without kein except unlike zweimal hälfte
  haelfte negativ opposite isnt cannot cant wasnt arent keine doppelt doppelte gegenteil inverse two zwei dreimal halb
  halbe
.back. wrong false incorrect falsch not nicht times plus minus squared halved doubled negated mal divided multiplied up
  geteilt multipliziert isnt
.spoils. opposite negative negated minus halved doubled squared multiplied undefined undefiniert nonzero
  entgegengesetzt negativem umgekehrtem negativ reversed inverted flipped turned multipliziert wrong false incorrect
  falsch correction korrektur
.retracts. wrong false incorrect falsch correction korrektur
.harmless. differentiable depend influence needed used zero involve appear contain affect enter depending
  differenzierbar von necessary matter contained change
.filler. of the to equal a just simply only here is are was be would von der die das like an its
.connects. and or und oder by chain rule kettenregel row zeile column in on at shape def hence from aus nach damit
  elementwise scalar vector matrix ie eg siehe the here ist der die alle jedes any daher answer antwort heaviside linear
  is result
.asks. compute derive find determine calculate what give show express verify question berechnen berechne bestimmen
  bestimme bestimmt gib geben zeigen zeige
.able. can may should could might must
.answer. answer solution antwort lösung loesung result ergebnis
.counted. layer theorem figure in slide step row column by from part teil ansatz see page seite schicht zeile spalte eq
  equation question aufgabe use and zu wie unit lecture satz exercise fig lemma
.numbered. question aufgabe problem exercise task answer frage antwort q solution nr ex part item lösung loesung zu to
  ad no übung uebung derivative teilaufgabe subtask point aufg a teil ableitung number subquestion ü punkt exercises
.otherwise. otherwise else sonst ow otw ansonsten andernfalls
.names. by for as für mit)";

}  // namespace

bool says(const std::string& word, unsigned roles) {
  static const std::map<std::string, unsigned> lexicon = [] {
    std::map<std::string, unsigned> all;
    std::istringstream in(lexicon_text);
    unsigned role = 0;
    for (std::string w; in >> w;) {
      if (w.front() == '.') {
        role = role == 0 ? 1 : 2 * role;
      } else {
        all[w] |= role;
      }
    }
    return all;
  }();
  const auto entry = lexicon.find(word);
  return entry != lexicon.end() && (entry->second & roles) != 0;
}

bool says_nothing(const std::string& letters) {
  static const std::set<std::string> texts = words_of(
      R"(idontknow idonotknow dontknow idk nothing none noidea noanswer tbd skipped keineahnung nichts weißnicht missing
      notsolved notdone leer empty notanswered ichweißesnicht ichweißnicht fehlt na ihavenoidea)");
  return letters.starts_with("todo") || texts.count(letters) != 0;
}

}  // namespace write_up
