#include <xgrad/core/export/export_c.hpp>

#include <cerrno>
#include <cstring>
#include <fstream>

#include <xgrad/core/export/c_text.hpp>
#include <xgrad/core/memory/error.hpp>

namespace xg {

namespace {

void write_text(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  if (!out) throw io_error("export_c: cannot write " + file.string() + ": " + std::strerror(errno));
}

}  // namespace

void write_c(const c_code& code, const std::filesystem::path& file) {
  if (file.extension() == ".h")
    throw io_error("export_c: " + file.string() + " is the name of a header; give that of the source, as net.c");
  std::string source = code.source;
  std::filesystem::path header = file;
  header.replace_extension(".h");
  // The source includes its header by the name that this has.
  const std::string included = "#include \"" + code.name + ".h\"";
  if (const std::size_t at = source.find(included); at != std::string::npos)
    source.replace(at, included.size(), "#include \"" + header.filename().string() + "\"");
  write_text(header, code.header);
  write_text(file, source);
}

std::string detail::c_name(const c_options& options, const std::filesystem::path& file) {
  return c_identifier(options.name.empty() ? file.stem().string() : options.name);
}

}  // namespace xg
