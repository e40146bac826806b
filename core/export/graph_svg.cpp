// The computation as a picture by itself.
#include <cstdio>

#include <xgrad/core/export/graph_layout.hpp>

namespace xg {

namespace {

using detail::cell;
using detail::layout;
using kind = computation_graph::kind;

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '<')
      result += "&lt;";
    else if (c == '>')
      result += "&gt;";
    else if (c == '&')
      result += "&amp;";
    else if (c == '"')
      result += "&quot;";
    else if (static_cast<unsigned char>(c) >= ' ')  // XML has no other control characters
      result += c;
    else
      result += ' ';
  }
  return result;
}

std::string number(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", x);
  return text;
}

std::string edge(const layout& l, const cell& from, const cell& to) {
  const double bottom = l.top[from.layer + 1] - layout::layer_gap;  // of the layer, so that a curve passes no box
  const double y0 = l.top[from.layer] + from.height, y1 = l.top[to.layer], middle = (bottom + y1) / 2;
  const std::string x0 = number(from.x), x1 = number(to.x);
  std::string path = "M" + x0 + "," + number(y0) + "V" + number(bottom) + "C" + x0 + "," + number(middle) + " " + x1 +
                     "," + number(middle) + " " + x1 + "," + number(y1 - (to.of ? 5 : 0));
  return "<path d=\"" + path + "\"" + (to.of ? " marker-end=\"url(#arrow)\"" : "") + "/>\n";
}

std::string box(const layout& l, const cell& c) {
  const char* fill = !c.of                          ? "none"
                     : c.of->what == kind::variable ? "#e3f1e3"
                     : c.of->what == kind::constant ? "#eeeeee"
                                                    : "#ffffff";
  const double left = c.x - c.width / 2, y = l.top[c.layer];
  std::string all = "<g>";
  if (c.of) {
    if (!c.of->line.empty()) all += "<title>" + escaped(c.of->line) + "</title>";
    all += "<rect x=\"" + number(left) + "\" y=\"" + number(y) + "\" width=\"" + number(c.width) + "\" height=\"" +
           number(c.height) + "\" rx=\"" + (c.of->what == kind::result ? "3" : "12") + "\" fill=\"" + fill +
           "\" stroke=\"#555\"/>";
  }
  for (std::size_t i = 0; i < c.lines.size(); ++i) {
    const bool gradient = c.of && i + 1 == c.lines.size() && !c.of->gradient.empty();
    all += "<text x=\"" + number(c.x) + "\" y=\"" +
           number(y + layout::padding + double(i + 1) * layout::line_height - 5) + "\"" +
           (i == 0 && c.of ? " font-weight=\"bold\"" : "") + (gradient ? " fill=\"#a03000\"" : "") + ">" +
           escaped(c.lines[i]) + "</text>";
  }
  return all + "</g>\n";
}

}  // namespace

std::string computation_graph::svg() const {
  const layout l(entries_, left_out_);
  const std::string width = number(l.width), height = number(l.top.back());
  std::string all =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "\" height=\"" + height + "\" viewBox=\"0 0 " +
      width + " " + height +
      "\" font-family=\"ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"11\" "
      "text-anchor=\"middle\">\n<defs><marker id=\"arrow\" viewBox=\"0 0 6 6\" refX=\"1\" refY=\"3\" "
      "markerWidth=\"6\" markerHeight=\"6\" orient=\"auto\"><path d=\"M0,0L6,3L0,6z\" fill=\"#777\"/></marker></defs>\n"
      "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n<g fill=\"none\" stroke=\"#777\">\n";
  for (const cell& to : l.cells)
    for (const std::size_t from : to.above) all += edge(l, l.cells[from], to);
  all += "</g>\n";
  for (const cell& c : l.cells)
    if (!c.lines.empty()) all += box(l, c);
  return all + "</svg>\n";
}

}  // namespace xg
