#include "apps/node/open_files.hpp"

#include <sys/resource.h>

namespace jindou::app {

std::uint64_t raise_open_files() {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0)
    return 1'024; // what every process may have
  if (files.rlim_cur < files.rlim_max) {
    auto wanted = files;
    wanted.rlim_cur = wanted.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &wanted) == 0)
      files = wanted;
  }
  return files.rlim_cur;
}

} // namespace jindou::app
