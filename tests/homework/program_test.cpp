// The program from end to end.
#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "answers.hpp"
#include "problem.hpp"
#include "program.hpp"
#include "questions.hpp"
#include "text.hpp"

using nlohmann::json;
using test::contains;
using test::run_program;

TEST_CASE("without arguments: 25 of 25 agree") {
  const test::outcome r = run_program({});
  CHECK(r.status == 0);
  CHECK(r.err == "");
  CHECK(contains(r.out, "25 of 25 agree\n"));
  CHECK(test::count_of(r.out, "  ok\n") == 26);  // the headline and 25 rows
  CHECK(!contains(r.out, "\033"));               // not a terminal
  for (const homework::question_text& text : homework::sheet_texts()) {
    CAPTURE(text.id);
    CHECK(contains(r.out, "\n" + text.id + " "));
    CHECK(contains(r.out, " " + text.quantity + " "));
    CHECK(contains(r.out, " " + text.formula + " "));
  }
  for (const char* line :
       {"W¹  = [[ 0.1, -0.2,  0.3,  0.1],", "x   = [[7, 3.2, 4.7, 1.4]]", "z¹  = [[1.61, -0.43, 0.34]]",
        "h²  = [[0.771, 0.179]]", "l   = 0.0658845", "δ   = 0.363", "l   = 0.03999825"})
    CHECK_MESSAGE(contains(r.out, line), line);
}

TEST_CASE("on a narrow terminal every answer stands below the other") {
  const homework::problem given = homework::make_problem({});
  const homework::solution s = homework::solve<double>(given, homework::questions_for<double>(given.widths()));
  const auto printed = [&](std::size_t columns) {
    std::ostringstream out;
    homework::print_answers(out, s, {false, columns});
    return out.str();
  };
  CHECK(printed(0) == printed(1000));
  const std::string narrow = printed(100);
  CHECK(contains(narrow,
                 "\n1.15: ∂l/∂h¹ = (δ W³ ⊙ (z² > 0)) W²\n  by the tape        = [[0.3993, 0.3267, -0.4356]]\n"
                 "  by the closed form = [[0.3993, 0.3267, -0.4356]]\n  largest difference "));
  CHECK(test::count_of(narrow, ": ok\n") == 25);
  CHECK(contains(narrow, "25 of 25 agree"));
  std::istringstream lines(narrow);
  for (std::string line; std::getline(lines, line);)
    CHECK(std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xc0) != 0x80; }) <= 100);
}

TEST_CASE("the same input gives the same output") {
  CHECK(run_program({"--seed", "7", "--batch", "9"}).out == run_program({"--seed", "7", "--batch", "9"}).out);
  CHECK(run_program({"--seed", "7"}).out != run_program({"--seed", "8"}).out);
}

TEST_CASE("samples, batches, seeds, precisions and other networks agree") {
  const std::vector<std::vector<std::string>> calls{
      {"--sample", "1"},        {"--sample", "150"},
      {"--batch", "1"},         {"--batch", "150"},
      {"--seed", "0"},          {"--seed", "123"},
      {"--precision", "float"}, {"--precision", "double"},
      {"--layers", "4,3,2,1"},  {"--sample", "101", "--batch", "5", "--seed", "3", "--precision", "float"},
  };
  for (const auto& call : calls) {
    const test::outcome r = run_program(call);
    CAPTURE(r.out);
    CHECK(r.status == 0);
    CHECK(r.err == "");
    CHECK(contains(r.out, "25 of 25 agree"));
  }
  for (const auto& [layers, last] : std::vector<std::pair<std::string, std::string>>{{"4,1", "4 of 4 agree"},
                                                                                     {"4,5,1", "8 of 8 agree"},
                                                                                     {"4,8,7,6,5,3", "20 of 20 agree"},
                                                                                     {"4,64,64,1", "12 of 12 agree"}})
    for (const char* precision : {"float", "double"}) {
      const test::outcome r = run_program({"--layers", layers, "--batch", "6", "--precision", precision});
      CAPTURE(layers);
      CHECK(r.status == 0);
      CHECK(contains(r.out, last));
    }
}

TEST_CASE("--json: one object with every value") {
  const test::outcome r = run_program({"--json", "--batch", "3"});
  REQUIRE(r.status == 0);
  const json object = json::parse(r.out);
  CHECK(object["layers"] == json({4, 3, 2, 1}));
  CHECK(object["precision"] == "double");
  CHECK(object["agree"] == 25);
  CHECK(object["total"] == 25);
  CHECK(object["ok"] == true);
  CHECK(object["weights"].size() == 3);
  CHECK(object["part1"]["x"] == json::parse("[[7.0, 3.2, 4.7, 1.4]]"));
  CHECK(object["part2"]["x"].size() == 3);
  for (const char* part : {"part1", "part2"})
    for (const char* key : {"x", "y", "z", "h", "loss", "delta"}) CHECK(object[part].contains(key));
  REQUIRE(object["questions"].size() == 25);
  for (std::size_t k = 0; k < 25; ++k) {
    const json& row = object["questions"][k];
    CHECK(row["id"] == homework::sheet_texts()[k].id);
    CHECK(row["ok"] == true);
    CHECK(row["tape"].size() == row["closed_form"].size());
    CHECK(row["tape"][0].size() == row["closed_form"][0].size());
    CHECK(row["difference"].get<double>() <= 1e-12 * row["scale"].get<double>());
  }
  CHECK(object["questions"][3]["tape"][0][0].get<double>() == doctest::Approx(0.726));
}

TEST_CASE("--question: every id, with its intermediates") {
  for (const homework::question_text& text : homework::sheet_texts()) {
    CAPTURE(text.id);
    const test::outcome r = run_program({"--question", text.id});
    CHECK(r.status == 0);
    CHECK(contains(r.out, text.id + ": " + text.quantity + " = " + text.formula));
    for (const char* name : {"  W¹ ", "  W³ ", "  z¹ ", "  h² ", "  δ ", "by the tape ", "by the closed form", "ok"})
      CHECK(contains(r.out, name));
    const json object = json::parse(run_program({"--question", text.id, "--json"}).out);
    REQUIRE(object["questions"].size() == 1);
    CHECK(object["questions"][0]["id"] == text.id);
  }
}

TEST_CASE("weights, samples and targets from files") {
  const test::folder f;
  const std::string weights = f.write("w.csv", "# W1\n1, -1\n2,0.5\n\n\n# W2\n+3,1e-1\r\n");
  const std::string input = f.write("x.csv", "1,2\n3,4\n5,7");
  const std::string target = f.write("y.csv",
                                     "\xef\xbb\xbf"
                                     "1\n0\n-1\n");
  const test::outcome r = run_program({"--weights", weights, "--input", input, "--target", target, "--json"});
  REQUIRE(r.err == "");
  REQUIRE(r.status == 0);
  const json object = json::parse(r.out);
  CHECK(object["layers"] == json({2, 2, 1}));
  CHECK(object["weights"] == json::parse("[[[1.0,-1.0],[2.0,0.5]],[[3.0,0.1]]]"));
  CHECK(object["part1"]["x"] == json::parse("[[1.0,2.0]]"));
  CHECK(object["part2"]["x"].size() == 3);
  CHECK(object["part2"]["y"] == json::parse("[[1.0],[0.0],[-1.0]]"));
  // z1 = (-1, 3), h1 = (0, 3), h2 = 0.3, delta = -0.7, dl/dW2 = delta h1
  CHECK(object["part1"]["loss"].get<double>() == doctest::Approx(0.245));
  CHECK(object["ok"] == true);

  const json second = json::parse(run_program({"--weights", weights, "--input", input, "--target", target, "--sample",
                                               "2", "--batch", "2", "--json"})
                                      .out);
  CHECK(second["part1"]["x"] == json::parse("[[3.0,4.0]]"));
  CHECK(second["part2"]["x"] == json::parse("[[3.0,4.0],[5.0,7.0]]"));

  const json own_target = json::parse(run_program({"--target", f.write("t.csv", "10\n20\n"), "--json"}).out);
  CHECK(own_target["part1"]["y"] == json::parse("[[10.0]]"));
  CHECK(own_target["part2"]["y"] == json::parse("[[10.0],[20.0]]"));
}

TEST_CASE("a network at a kink: relu'(0) = 0 on both roads") {
  const test::folder f;
  const std::string input = f.write("x.csv", "1,1,0,0\n0,0,0,0\n"), target = f.write("y.csv", "1\n2\n");
  const std::string weights = f.write("w.csv", "1,-1,0,0\n1,1,0,0\n2,0,0,0\n\n1,2,-2\n-1,-1,-1\n\n1,1\n");
  const test::outcome r = run_program({"--weights", weights, "--input", input, "--target", target});
  CHECK(r.status == 0);
  CHECK(contains(r.out, "25 of 25 agree"));
  CHECK(contains(r.out, "note: a hidden unit has |z| = 0"));
}

TEST_CASE("sweep: every pattern, exact on integers") {
  for (const char* precision : {"float", "double"}) {
    const test::outcome r = run_program({"sweep", "--points", "4", "--precision", precision});
    CAPTURE(r.out);
    CHECK(r.status == 0);
    CHECK(contains(r.out, "reached: 29 of 29\n"));
    CHECK(contains(r.out, "questions compared: 11368 "));  // 29 patterns x 2 kinds x 4 points x (17 + 4 x 8)
    CHECK(contains(r.out, "on integers: 5684 of 5684 exact\n"));
    CHECK(contains(r.out, "\n0 disagreements\n"));
  }
}

TEST_CASE("help and colours") {
  const test::outcome r = run_program({"--help"});
  CHECK(r.status == 0);
  CHECK(contains(r.out, "--question"));
  CHECK(contains(r.out, "sweep"));
  // `script` gives the program a terminal.
  if (test::run_command("command -v script").status != 0) return;
  const std::string program = test::quoted(HOMEWORK_PROGRAM);
  CHECK(contains(test::run_command("env -u NO_COLOR script -qec " + program + " /dev/null").out, "\033[32mok\033[0m"));
  CHECK(!contains(test::run_command("NO_COLOR=1 script -qec " + program + " /dev/null").out, "\033["));
}

TEST_CASE("a picture of the network, as it stands in the README") {
  const test::folder f;
  for (const char* name : {"net.svg", "net.dot", "net.txt"}) {
    const test::outcome r = run_program({"--graph", f.file(name)});
    CHECK(r.status == 0);
    CHECK(contains(r.out, "graph written to " + f.file(name)));
  }
  CHECK(contains(test::text_of(f.file("net.dot")), "digraph"));
  CHECK(contains(test::text_of(f.file("net.txt")), "= relu(z¹)"));
  const bool same = test::text_of(f.file("net.svg")) == test::text_of(HOMEWORK_DOCS "/homework-network.svg");
  CHECK_MESSAGE(same, "docs/homework-network.svg is not what ./xg homework --graph docs/homework-network.svg writes");
}

TEST_CASE("--export-c: the network in C, and a program in C that asks it for a gradient") {
  const test::folder f;
  const json object = json::parse(run_program({"--json"}).out);
  const auto numbers = [](const json& rows) {  // {1, 2, 3, 4} from [[1, 2], [3, 4]]
    std::string text;
    for (const json& row : rows)
      for (const json& x : row) text += (text.empty() ? "{" : ", ") + x.dump();
    return text + "}";
  };
  for (const std::string precision : {"double", "float"}) {
    const std::string file = f.file("net.c");
    const test::outcome r = run_program({"--export-c", file, "--precision", precision});
    CHECK(r.status == 0);
    CHECK(contains(r.out, "C written to " + file + " and net.h beside it\n"));
    std::string program = "#include <stdio.h>\n#include \"net.h\"\nint main(void) {\n";
    for (int i = 0; i < 3; ++i)
      program +=
          "  const NUMBER W" + std::to_string(i + 1) + "[] = " + numbers(object["weights"][std::size_t(i)]) + ";\n";
    program += "  const NUMBER x[] = " + numbers(object["part1"]["x"]) + ", y[] = " + numbers(object["part1"]["y"]) +
               ";\n  NUMBER h[NET_H_SIZE], loss[1], dW1[NET_DW1_SIZE], dW2[NET_DW2_SIZE], dW3[NET_DW3_SIZE];\n"
               "  net(W1, W2, W3, x, y, h, loss, dW1, dW2, dW3);\n"
               "  printf(\"%.5f %.5f %.5f\\n\", loss[0], dW3[0], dW3[1]);\n  return 0;\n}\n";
    const std::string command = "cc -std=c99 -Wall -Wextra -pedantic -Werror -DNUMBER=" + precision + " " +
                                test::quoted(f.write("main.c", program)) + " " + test::quoted(file) + " -lm -o " +
                                test::quoted(f.file("net")) + " && " + test::quoted(f.file("net"));
    const test::outcome c = test::run_command(command);
    CHECK(c.err == "");
    CHECK(c.out == "0.06588 0.27987 0.06498\n");  // δ = 0.363, h² = (0.771, 0.179)
  }
  CHECK(run_program({"--export-c", f.file("net.h")}).status == 2);
  CHECK(contains(run_program({"--export-c", f.file("net.txt")}).err, "expected a name that ends in .c"));
}
