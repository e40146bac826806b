# cmake -D ROOT=... -P check_rows.cmake: every op of the library has a row in the op table of the tests.
#
# An op is a rule or a struct with the line `static constexpr const char* name = "tanh";`; its row, in a family
# of the table (tests/op_table_*.cpp), starts with `table.row("tanh"`.
cmake_minimum_required(VERSION 3.25)

set(rows)
file(GLOB tables ${ROOT}/tests/op_table_*.cpp)
foreach(table IN LISTS tables)
  file(READ ${table} text)
  string(APPEND rows "${text}")
endforeach()
# White space after the bracket may be a line break.
string(REGEX REPLACE "row\\([ \n]+" "row(" rows "${rows}")

file(GLOB files ${ROOT}/core/*/*.hpp ${ROOT}/ops/*.hpp ${ROOT}/ops/*.cpp)
set(ops 0)
set(missing "")
foreach(file IN LISTS files)
  file(STRINGS ${file} lines REGEX "static constexpr (const char\\*|auto) name = \"")
  cmake_path(RELATIVE_PATH file BASE_DIRECTORY ${ROOT})
  foreach(line IN LISTS lines)
    # Comments show how to write an op; helpers of rules that no one calls by themselves say so.
    if(line MATCHES "^ *//" OR line MATCHES "// *not an op")
      continue()
    endif()
    string(REGEX REPLACE "^[^\"]*\"([^\"]*)\".*$" "\\1" name "${line}")
    math(EXPR ops "${ops} + 1")
    # Plain text search, so that names such as `*` need no escaping.
    string(FIND "${rows}" "row(\"${name}\"" place)
    if(place EQUAL -1)
      string(APPEND missing "  ${name} (${file}): add  row(\"${name}\", ...)  to its family, tests/op_table_*.cpp\n")
    endif()
  endforeach()
endforeach()

if(ops EQUAL 0)
  message(FATAL_ERROR "no op found under ${ROOT}/core and ${ROOT}/ops: has the spelling of `static constexpr const char* name` changed?")
endif()
if(missing)
  message(FATAL_ERROR "ops without a row in the op table of the tests:\n${missing}")
endif()
