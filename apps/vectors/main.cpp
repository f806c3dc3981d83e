#include "apps/vectors/vector_check.hpp"

#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

namespace {

constexpr std::size_t file_bytes_max = 256 << 20;

constexpr auto usage
  = "Usage: jindou-vectors FILE\n"
    "Checks the protocol codec against a file of vectors and prints every\n"
    "difference by name.\n"
    "Exit: 0 all agree, 1 some differ, 2 FILE cannot be used.\n"
    "Example: jindou-vectors tests/golden/golden-vectors.json\n";

std::optional<std::string> read_file(const char* path) {
  std::ifstream in{path, std::ios::binary};
  std::string text;
  char chunk[1 << 16];
  while (in.read(chunk, sizeof(chunk)), in.gcount() > 0) {
    text.append(chunk, static_cast<std::size_t>(in.gcount()));
    if (text.size() > file_bytes_max)
      return std::nullopt;
  }
  if (!in.eof()) // also when it could not be opened, or is a folder
    return std::nullopt;
  return text;
}

int check(const char* path) {
  auto text = read_file(path);
  if (!text) {
    std::fprintf(stderr, "jindou-vectors: cannot read %s\n", path);
    return 2;
  }
  auto found = jindou::vectors::check_file(*text);
  if (!found) {
    std::fprintf(stderr, "jindou-vectors: %s: %s\n", path,
                 found.error().c_str());
    return 2;
  }
  for (auto& d : found->deviations())
    std::printf("intended: %s: %s\n", d.name.c_str(), d.why.c_str());
  for (auto& line : found->differences())
    std::printf("differs: %s\n", line.c_str());
  std::printf("%zu checked, %zu differ\n", found->checked(),
              found->differing());
  return found->differing() == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  std::string first = argc == 2 ? argv[1] : "";
  if (first == "--help" || first == "-h") {
    std::fputs(usage, stdout);
    return 0;
  }
  if (argc != 2) {
    std::fputs(usage, stderr);
    return 2;
  }
  return check(argv[1]);
}
