// LaTeX that must compile.
#pragma once

#include <doctest/doctest.h>

#include "program.hpp"

namespace test {

/// Compiles a document of the folder, if there is a pdflatex here.
inline void check_compiles(const folder& f, const std::string& name) {
  if (run_command("command -v pdflatex").status != 0) {
    MESSAGE("no pdflatex here");
    return;
  }
  const outcome r =
      run_command("cd " + quoted(f.file("")) + " && pdflatex -interaction=nonstopmode -halt-on-error " + name);
  CAPTURE(r.out);
  CHECK(r.status == 0);
}

}  // namespace test
