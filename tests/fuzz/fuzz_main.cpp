#include "tests/fuzz/target.hpp"

#include <filesystem>
#include <fstream>
#include <string_view>

// What libFuzzer calls. `fuzz_<target> --seeds FOLDER` writes the seeds.

namespace jindou::fuzz {

namespace {

void write_seeds(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  std::size_t n = 0;
  for (auto& x : chosen_target().seeds()) {
    std::ofstream out{folder / ("seed-" + std::to_string(n++)),
                      std::ios::binary};
    out << as_text(x);
  }
}

} // namespace

} // namespace jindou::fuzz

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  if (*argc != 3 || std::string_view{(*argv)[1]} != "--seeds")
    return 0;
  jindou::fuzz::write_seeds((*argv)[2]);
  std::exit(0);
}

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes,
                                      std::size_t size) {
  jindou::fuzz::chosen_target().run(
    {reinterpret_cast<const std::byte*>(bytes), size});
  return 0;
}
