#include "tests/tidy/source_tree.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

// Limits of files, functions and lines.

namespace jindou::tidy {
namespace {

constexpr std::size_t file_lines_max = 400;
constexpr std::size_t test_lines_max = 600;
constexpr std::size_t function_lines_max = 40;
constexpr std::size_t columns_max = 80;

/// One file that may be longer, with its reason; an unused one fails the test.
struct exception {
  std::string path;
  std::string why;
};

const std::vector<exception> exceptions{};

/// Files with a function that may be longer; an unused one fails the test.
const std::vector<exception> function_exceptions{
  {"messages/errc.cpp", "one switch names all errors; -Wswitch completes it"},
  {"messages/event.cpp", "one switch names all events; -Wswitch completes it"},
};

bool is_among(const std::vector<exception>& all, const std::string& path) {
  return std::any_of(all.begin(), all.end(),
                     [&path](auto& x) { return x.path == path; });
}

std::size_t lines_max(const std::string& path) {
  return starts_with(path, "tests/") ? test_lines_max : file_lines_max;
}

bool is_too_long(const source& x) {
  return lines_of(x.text).size() > lines_max(x.path);
}

findings file_faults(const source& x) {
  if (!is_too_long(x))
    return {};
  return {
    finding(x.path, lines_of(x.text).size(),
            "a file may have " + std::to_string(lines_max(x.path)) + " lines")};
}

/// Characters, not bytes: a table of texts in Chinese has fewer columns.
std::size_t columns(const std::string& line) {
  return static_cast<std::size_t>(
    std::count_if(line.begin(), line.end(), [](char c) {
      return (static_cast<unsigned char>(c) & 0xc0u) != 0x80u;
    }));
}

/// Long texts that must not be broken: includes and addresses.
bool may_be_wide(const std::string& line) {
  return starts_with(line, "#include ") || contains(line, "https://")
         || contains(line, "R\"(");
}

findings line_faults(const source& x) {
  findings found;
  auto lines = lines_of(x.text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (columns(lines[i]) > columns_max && !may_be_wide(lines[i]))
      found.push_back(finding(x.path, i + 1, "a line may have 80 columns"));
    if (contains(lines[i], "\t"))
      found.push_back(finding(x.path, i + 1, "spaces, not tabs"));
  }
  return found;
}

// -- functions ----------------------------------------------------------------

/// What begins a line that begins no function.
constexpr std::array<std::string_view, 25> no_functions{"class ",
                                                        "struct ",
                                                        "enum ",
                                                        "namespace ",
                                                        "union ",
                                                        "using ",
                                                        "const std::",
                                                        "static const",
                                                        "constexpr std::",
                                                        "//",
                                                        "#",
                                                        "extern ",
                                                        "}",
                                                        "if ",
                                                        "for ",
                                                        "while ",
                                                        "switch ",
                                                        "do ",
                                                        "else",
                                                        "try ",
                                                        "return",
                                                        "auto ",
                                                        "case ",
                                                        "template ",
                                                        "default:"};

/// Walks the lines of a formatted source. A function's last line is `}` at its
/// own indentation; its body begins after the first line that ends in `{`.
class function_walk {
public:
  function_walk(const source& x, std::size_t indent)
      : path_(x.path), lines_(lines_of(x.text)), margin_(indent, ' ') {
    // nop
  }

  findings run() {
    for (now_ = 0; now_ < lines_.size(); ++now_)
      step(lines_[now_]);
    return std::move(found_);
  }

private:
  /// Says whether the line stands exactly at our margin.
  bool at_margin(const std::string& line) const {
    return starts_with(line, margin_) && line.size() > margin_.size()
           && line[margin_.size()] != ' ';
  }

  /// Members are looked for in classes only: what stands at their margin
  /// elsewhere is the body of a function.
  bool is_inside(const std::string& line) {
    if (margin_.empty())
      return true;
    if (starts_with(line, "class ") || starts_with(line, "struct "))
      in_class_ = !ends_with(line, ";");
    else if (line == "};")
      in_class_ = false;
    return in_class_;
  }

  void step(const std::string& line) {
    if (!is_inside(line))
      return;
    if (line == margin_ + "}" || line == margin_ + "};") {
      if (is_function_ && now_ - body_ - 1 > function_lines_max)
        found_.push_back(finding(path_, begin_ + 1,
                                 "a function may have 40 lines, this one has "
                                   + std::to_string(now_ - body_ - 1)));
      is_function_ = false;
      return;
    }
    if (at_margin(line) && !is_function_)
      begin_head(line);
    else if (awaits_body_)
      extend_head(line);
  }

  void begin_head(const std::string& line) {
    begin_ = now_;
    awaits_body_ = false;
    auto is_other = [rest = line.substr(margin_.size())](auto word) {
      return starts_with(rest, word);
    };
    if (ends_with(line, ":")
        || std::any_of(no_functions.begin(), no_functions.end(), is_other))
      return;
    has_arguments_ = false;
    awaits_body_ = true;
    extend_head(line);
  }

  void extend_head(const std::string& whole) {
    auto line = without_comment(whole);
    line.erase(line.find_last_not_of(' ') + 1);
    has_arguments_ = has_arguments_ || contains(line, "(");
    if (ends_with(line, ";"))
      awaits_body_ = false;
    if (!awaits_body_ || !ends_with(line, "{"))
      return;
    awaits_body_ = false;
    is_function_ = has_arguments_;
    body_ = now_;
  }

  std::string path_;
  std::vector<std::string> lines_;
  std::string margin_;
  std::size_t now_ = 0;
  std::size_t begin_ = 0;
  std::size_t body_ = 0;
  bool in_class_ = false;
  bool awaits_body_ = false;
  bool has_arguments_ = false;
  bool is_function_ = false;
  findings found_;
};

findings function_faults(const source& x) {
  auto found = function_walk{x, 0}.run();
  auto members = function_walk{x, 2}.run();
  found.insert(found.end(), members.begin(), members.end());
  return found;
}

std::string long_function(const std::string& head, const std::string& margin,
                          std::size_t lines) {
  auto text = margin + head + " {\n";
  for (std::size_t i = 0; i < lines; ++i)
    text += margin + "  step();\n";
  return text + margin + "}\n";
}

template <class Check>
findings all_faults(Check check, bool with_tests) {
  findings all;
  for (auto& x : cpp_sources()) {
    if (!with_tests && starts_with(x.path, "tests/"))
      continue;
    auto found = check(x);
    all.insert(all.end(), found.begin(), found.end());
  }
  return all;
}

TEST(size_test, keeps_files_short) {
  auto all = all_faults(
    [](auto& x) {
      return is_among(exceptions, x.path) ? findings{} : file_faults(x);
    },
    true);
  EXPECT_TRUE(all.empty()) << joined(all);
}

TEST(size_test, finds_a_file_that_is_too_long) {
  EXPECT_TRUE(file_faults({"storage/x.cpp", std::string(400, '\n')}).empty());
  EXPECT_FALSE(file_faults({"storage/x.cpp", std::string(401, '\n')}).empty());
  EXPECT_TRUE(file_faults({"tests/x.cpp", std::string(600, '\n')}).empty());
  EXPECT_FALSE(file_faults({"tests/x.cpp", std::string(601, '\n')}).empty());
}

template <class Check>
void expect_all_used(const std::vector<exception>& all, Check is_fault) {
  for (auto& x : all) {
    EXPECT_FALSE(x.why.empty()) << x.path;
    auto is_used
      = std::any_of(cpp_sources().begin(), cpp_sources().end(),
                    [&](auto& s) { return s.path == x.path && is_fault(s); });
    EXPECT_TRUE(is_used) << x.path << " needs no exception any more";
  }
}

TEST(size_test, needs_every_exception) {
  expect_all_used(exceptions, is_too_long);
  expect_all_used(function_exceptions,
                  [](auto& x) { return !function_faults(x).empty(); });
}

TEST(size_test, keeps_functions_short) {
  auto all = all_faults(
    [](auto& x) {
      return is_among(function_exceptions, x.path) ? findings{}
                                                   : function_faults(x);
    },
    false);
  EXPECT_TRUE(all.empty()) << joined(all);
}

TEST(size_test, finds_a_function_that_is_too_long) {
  for (std::string margin : {"", "  "}) {
    auto good = long_function("void f(int x)", margin, 40);
    auto bad = long_function("void f(int x)", margin, 41);
    auto text = [&](const std::string& functions) {
      return margin.empty() ? functions : "class x {\n" + functions + "};\n";
    };
    EXPECT_TRUE(function_faults({"x.cpp", text(good)}).empty());
    EXPECT_EQ(function_faults({"x.cpp", text(good + bad)}).size(), 1u);
  }
  auto ended = "class x {\n  f(); // why\n" + long_function("if (x)", "  ", 41);
  EXPECT_TRUE(function_faults({"x.cpp", ended}).empty());
  auto broken
    = "void f(int x,\n       int y) {\n" + long_function("", "", 41).substr(3);
  EXPECT_EQ(function_faults({"x.cpp", broken}).size(), 1u);
}

TEST(size_test, takes_a_table_for_no_function) {
  auto table = "constexpr std::array<option, 2> table{{\n"
               + std::string(100, '\n') + "}};\n";
  EXPECT_TRUE(function_faults({"x.cpp", table}).empty());
  EXPECT_TRUE(
    function_faults({"x.cpp", long_function("class x", "", 100)}).empty());
}

TEST(size_test, keeps_lines_short) {
  auto all = all_faults(line_faults, true);
  EXPECT_TRUE(all.empty()) << joined(all);
}

TEST(size_test, finds_a_line_that_is_too_long) {
  EXPECT_TRUE(line_faults({"x.cpp", std::string(80, 'x')}).empty());
  EXPECT_FALSE(line_faults({"x.cpp", std::string(81, 'x')}).empty());
  EXPECT_FALSE(line_faults({"x.cpp", "\tx"}).empty());
  EXPECT_TRUE(
    line_faults({"x.cpp", "// https://" + std::string(90, 'x')}).empty());
}

} // namespace
} // namespace jindou::tidy
