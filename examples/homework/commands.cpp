#include "commands.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include "answers.hpp"
#include "in_c.hpp"
#include "json.hpp"
#include "report.hpp"
#include "sweep.hpp"
#include "text.hpp"

namespace homework {

namespace {

struct answer_options {
  problem_options problem;
  std::string precision = "double";
  std::optional<std::string> question, report, graph, c;
  bool json = false;
};

template <class T>
solution solve_in(const problem& given) {
  return solve<T>(given, questions_for<T>(given.widths()));
}

// Leaves only the answer with this id.
void keep_question(solution& s, const std::string& id) {
  const auto asked = std::find_if(s.answers.begin(), s.answers.end(), [&](const answer& a) { return a.text.id == id; });
  if (asked == s.answers.end()) {
    std::string known;
    for (const answer& a : s.answers) known += (known.empty() ? "" : ", ") + a.text.id;
    throw xg::value_error("--question " + id + ": there is no such question; expected one of " + known);
  }
  s.answers = {*asked};
}

// The report must not take the place of the numbers it is about.
void refuse_overwriting(const answer_options& options) {
  const problem_options& p = options.problem;
  for (const auto& [name, file] :
       {std::pair{"--report ", options.report}, {"--graph ", options.graph}, {"--export-c ", options.c}})
    for (const std::string& input : {p.weights, p.input, p.target})
      if (file && !input.empty() && same_file(*file, input))
        throw xg::value_error(name + *file + ": this is a file with input; expected another file");
}

// The picture, in the format that the file's name ends in.
std::string picture_of(const xg::computation_graph& graph, const std::string& file) {
  if (file.ends_with(".svg")) return graph.svg();
  if (file.ends_with(".dot")) return graph.dot();
  if (file.ends_with(".txt")) return graph.text();
  throw xg::value_error("--graph " + file + ": expected a name that ends in .svg, .dot (for Graphviz) or .txt");
}

// The network in C, as two files. Throws value_error unless the name ends in .c.
xg::c_code code_of(const problem& given, const std::string& precision, const std::filesystem::path& file) {
  if (file.extension() != ".c" || file.stem().empty())
    throw xg::value_error("--export-c " + file.string() +
                          ": expected a name that ends in .c; the header goes beside it");
  const std::string name = file.stem().string();
  return precision == "float" ? in_c<float>(given, name) : in_c<double>(given, name);
}

int answer_all(const answer_options& options) {
  for (const auto& [name, value] : {std::pair{"--question", options.question},
                                    {"--report", options.report},
                                    {"--graph", options.graph},
                                    {"--export-c", options.c}})
    if (value && value->empty()) throw xg::value_error(std::string(name) + ": is empty; expected a value behind it");
  refuse_overwriting(options);
  const problem given = make_problem(options.problem);
  solution s = options.precision == "float" ? solve_in<float>(given) : solve_in<double>(given);
  const std::string report = options.report ? to_latex(s) : "";
  const std::string picture = options.graph ? picture_of(s.graph, *options.graph) : "";
  std::optional<xg::c_code> code;
  if (options.c) code = code_of(given, options.precision, *options.c);
  if (options.question) keep_question(s, *options.question);
  if (options.report) write_whole(*options.report, report);
  if (options.graph) write_whole(*options.graph, picture);
  if (code) xg::write_c(*code, *options.c);

  const style style = style_of_stdout();
  if (options.json) {
    std::cout << to_json(s);
  } else if (options.question) {
    print_one(std::cout, s, s.answers.front(), style);
  } else {
    print_walkthrough(std::cout, s, style);
    print_answers(std::cout, s, style);
  }
  if (options.report && !options.json) std::cout << "report written to " << *options.report << '\n';
  if (options.graph && !options.json) std::cout << "graph written to " << *options.graph << '\n';
  if (code && !options.json) std::cout << "C written to " << *options.c << " and " << code->name << ".h beside it\n";
  return s.exit_status();
}

template <class T>
int sweep_in(sweep_options options, const std::string& precision) {
  const std::size_t patterns = reachable_patterns().size();
  const bool watched = isatty(STDERR_FILENO) == 1;
  if (watched)
    options.progress = [patterns](std::size_t done) {
      std::cerr << "\rpattern " << done + 1 << " of " << patterns << std::flush;
    };
  const sweep_result r = sweep(options, sheet_questions<T>());
  if (watched) std::cerr << "\r\033[K";
  const style style = style_of_stdout();
  std::cout << "patterns of alive and dead units reached: " << r.reached.size() << " of " << patterns << '\n'
            << "questions compared: " << r.comparisons << " (" << r.numbers << " numbers) in " << precision
            << ", m = 1, 2, 5, 7; " << r.redrawn << " points near a kink drawn again\n"
            << "worst difference: " << number_text(r.worst) << " of the scale; " << number_text(r.tolerance)
            << " allowed\n"
            << "on integers: " << r.exact << " of " << r.integer_comparisons << " exact\n";
  for (const std::string& text : r.disagreements) std::cout << "  " << style.bad(text) << '\n';
  const std::string last = std::to_string(r.disagreeing) + (r.disagreeing == 1 ? " disagreement" : " disagreements");
  std::cout << (r.ok() ? style.good(last) : style.bad(last)) << '\n';
  return r.ok() ? 0 : 1;
}

std::uint64_t parse_whole_number(const std::string& name, const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size())
    throw CLI::ValidationError(name + " " + text, "not a whole number; expected digits only, such as 7");
  return number;
}

// "4,3,2,1"
std::vector<std::size_t> parse_layers(const std::string& text) {
  constexpr std::size_t widest = 1000, deepest = 100;
  const std::string right = "expected the widths of at least 2 layers, each 1 to 1000, such as 4,3,2,1";
  std::vector<std::size_t> widths;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    std::size_t width = 0;
    const auto [stop, problem] = std::from_chars(text.data() + begin, text.data() + end, width);
    if (problem != std::errc() || stop != text.data() + end || width < 1 || width > widest)
      throw CLI::ValidationError("--layers " + text,
                                 "'" + text.substr(begin, end - begin) + "' is not a width; " + right);
    widths.push_back(width);
    begin = end + 1;
  }
  if (widths.size() < 2 || widths.size() > deepest + 1)
    throw CLI::ValidationError("--layers " + text, std::to_string(widths.size()) + " widths; " + right);
  return widths;
}

int complain(const CLI::App& app, std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  std::cerr << app.get_name() << ": " << text << '\n';
  return 2;
}

// What was meant for a subcommand and is none; "" if that is not what went wrong.
std::string mistyped_subcommand(const CLI::App& app, int argc, const char* const* argv) {
  if (argc < 2 || argv[1][0] == '-') return "";
  std::string known;
  for (const CLI::App* sub : app.get_subcommands({})) {
    if (sub->get_name() == argv[1]) return "";
    known += (known.empty() ? "" : ", ") + sub->get_name();
  }
  return "there is no subcommand '" + std::string(argv[1]) + "'; there are: " + known;
}

}  // namespace

void add_answers(CLI::App& app, int& status) {
  auto options = std::make_shared<answer_options>();
  problem_options& p = options->problem;
  add_whole_number(
      app, "--sample", [&p](std::uint64_t n) { p.sample = n; },
      "row of the data, from 1 (default: 51 of iris, 1 of --input)");
  add_whole_number(
      app, "--batch", [&p](std::uint64_t n) { p.batch = n; },
      "samples in part 2 (default: 2 of iris, all rows of --input)");
  add_whole_number(
      app, "--seed", [&p](std::uint64_t n) { p.seed = n; }, "random weights from this seed");
  app.add_option_function<std::string>(
         "--layers", [&p](const std::string& text) { p.layers = parse_layers(text); },
         "widths of another network, such as 4,8,8,1: random weights, and the gradients layer by layer")
      ->type_name("N,N,...");
  app.add_option("--weights", p.weights, "CSV file of the weights: W1, W2, ... separated by blank lines")
      ->type_name("FILE");
  app.add_option("--input", p.input, "CSV file of the samples, one row each")->type_name("FILE");
  app.add_option("--target", p.target, "CSV file of the targets, one row for each sample")->type_name("FILE");
  add_precision(app, options->precision);
  app.add_flag("--json", options->json, "print one JSON object");
  app.add_option("--question", options->question, "answer one question, with everything it needs")->type_name("ID");
  app.add_option("--report", options->report, "write all answers as a LaTeX document")->type_name("FILE.tex");
  app.add_option("--graph", options->graph, "draw the network of part 1 with its values and gradients")
      ->type_name("FILE.svg");
  app.add_option("--export-c", options->c,
                 "write the network of part 1, its loss and all gradients in C99, with a header beside it")
      ->type_name("FILE.c");
  app.parse_complete_callback([&app] {
    if (app.get_subcommands().empty()) return;
    for (const CLI::Option* option : app.get_options())
      if (option->count() > 0)
        throw CLI::ValidationError(option->get_name(), "has no meaning before a subcommand; options of " +
                                                           app.get_subcommands().front()->get_name() +
                                                           " stand behind it");
  });
  app.callback([&app, &status, options] {
    if (app.get_subcommands().empty()) status = answer_all(*options);
  });
}

void add_sweep_command(CLI::App& app, int& status) {
  CLI::App* command =
      app.add_subcommand("sweep", "compare at every pattern of alive and dead units, on random and integer points");
  auto options = std::make_shared<sweep_options>();
  auto precision = std::make_shared<std::string>("double");
  add_whole_number(
      *command, "--points",
      [options](std::uint64_t n) {
        if (n < 1 || n > 10000) throw CLI::ValidationError("--points " + std::to_string(n), "expected 1 to 10000");
        options->points = n;
      },
      "points of each kind for each pattern and size of batch (default: 20)");
  add_whole_number(
      *command, "--seed", [options](std::uint64_t n) { options->seed = n; }, "seed of the points (default: 1)");
  add_precision(*command, *precision);
  command->callback([&status, options, precision] {
    status = *precision == "float" ? sweep_in<float>(*options, *precision) : sweep_in<double>(*options, *precision);
  });
}

CLI::Option* add_whole_number(CLI::App& app, const std::string& name, std::function<void(std::uint64_t)> take,
                              const std::string& help) {
  return app
      .add_option_function<std::string>(
          name, [name, take = std::move(take)](const std::string& text) { take(parse_whole_number(name, text)); }, help)
      ->type_name("N");
}

CLI::Option* add_precision(CLI::App& app, std::string& precision) {
  return app.add_option("--precision", precision, "float or double (default: double)")
      ->check(CLI::IsMember({"float", "double"}))
      ->type_name("TYPE");
}

int run(CLI::App& app, int argc, const char* const* argv, const int& status) {
  try {
    app.parse(argc, argv);
    std::cout.flush();
    if (!std::cout)
      return complain(app, "standard output: cannot be written; expected a terminal, a pipe or a file with room");
    return status;
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e);  // --help
    const std::string mistyped = mistyped_subcommand(app, argc, argv);
    const std::string what = mistyped.empty() ? e.what() : mistyped;
    return complain(app, what + " (" + app.get_name() + " --help lists the options)");
  } catch (const std::exception& e) {
    return complain(app, e.what());
  }
}

}  // namespace homework
