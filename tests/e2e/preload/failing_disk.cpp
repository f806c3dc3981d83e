// Preloaded into a node by a test: makes the calls that keep data fail with
// EIO, or take long, on files below a folder, as long as a trigger file says
// so. The node itself has no hook for this.

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

namespace {

/// Says whether the trigger names this kind of call.
bool ordered(const char* kind) {
  auto path = std::getenv("JINDOU_TEST_FAULT");
  if (path == nullptr)
    return false;
  auto fd = ::open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return false;
  char text[16] = {};
  auto n = ::read(fd, text, sizeof(text) - 1);
  ::close(fd);
  return n > 0 && std::strncmp(text, kind, std::strlen(kind)) == 0;
}

/// Says whether a descriptor is a file of the folder under test.
bool concerned(int fd) {
  auto folder = std::getenv("JINDOU_TEST_FOLDER");
  if (folder == nullptr)
    return false;
  char link[32];
  char path[4'096];
  std::snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
  auto n = ::readlink(link, path, sizeof(path) - 1);
  auto size = std::strlen(folder);
  return n > 0 && static_cast<std::size_t>(n) > size
         && std::strncmp(path, folder, size) == 0;
}

bool strikes(int fd, const char* kind) {
  auto before = errno;
  auto res = ordered(kind) && concerned(fd);
  errno = res ? EIO : before;
  return res;
}

/// A sync that takes its time, so that a stop does, too.
void dawdle(int fd) {
  if (ordered("slow") && concerned(fd))
    ::sleep(3);
}

template <class F>
F original(const char* name) {
  return reinterpret_cast<F>(::dlsym(RTLD_NEXT, name));
}

using sync_call = int (*)(int);
using write_call = ssize_t (*)(int, const void*, std::size_t, off_t);

} // namespace

extern "C" {

int fsync(int fd) {
  static const auto real = original<sync_call>("fsync");
  dawdle(fd);
  return strikes(fd, "sync") ? -1 : real(fd);
}

int fdatasync(int fd) {
  static const auto real = original<sync_call>("fdatasync");
  dawdle(fd);
  return strikes(fd, "sync") ? -1 : real(fd);
}

ssize_t pwrite(int fd, const void* bytes, std::size_t n, off_t at) {
  static const auto real = original<write_call>("pwrite");
  return strikes(fd, "write") ? -1 : real(fd, bytes, n, at);
}

ssize_t pwrite64(int fd, const void* bytes, std::size_t n, off_t at) {
  static const auto real = original<write_call>("pwrite64");
  return strikes(fd, "write") ? -1 : real(fd, bytes, n, at);
}

} // extern "C"
