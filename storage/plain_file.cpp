#include "storage/plain_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace jindou::storage {

error system_error(int code, const std::string& what) {
  auto kind = fault::io;
  if (code == EROFS || code == EACCES || code == EPERM)
    kind = fault::readonly;
  else if (code == ENOSPC || code == EDQUOT)
    kind = fault::full;
  else if (code == ENOENT)
    kind = fault::not_found;
  return {kind, 0, code, what};
}

result<plain_file> plain_file::open(const std::string& path, mode m) {
  auto flags = m == mode::read ? O_RDONLY : O_WRONLY | O_CREAT | O_EXCL;
  auto fd = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (fd < 0)
    return system_error(errno, "open " + path);
  return plain_file{path, fd};
}

plain_file::plain_file(plain_file&& x) noexcept
    : path_(std::move(x.path_)), fd_(std::exchange(x.fd_, -1)) {
  // nop
}

plain_file::~plain_file() {
  if (fd_ >= 0)
    ::close(fd_);
}

error plain_file::failed(const char* what) const {
  return system_error(errno, what + path_);
}

result<std::size_t> plain_file::read(std::span<std::byte> to) {
  for (;;) {
    auto n = ::read(fd_, to.data(), to.size());
    if (n >= 0)
      return static_cast<std::size_t>(n);
    if (errno != EINTR)
      return failed("read ");
  }
}

result<void> plain_file::write(byte_span bytes) {
  while (!bytes.empty()) {
    auto n = ::write(fd_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return failed("write ");
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

result<void> plain_file::sync() {
  if (::fsync(fd_) != 0)
    return failed("sync ");
  return {};
}

result<std::uint64_t> plain_file::size() const {
  struct stat now {};
  if (::fstat(fd_, &now) != 0)
    return failed("look at ");
  return static_cast<std::uint64_t>(now.st_size);
}

result<void> sync_folder(const std::string& path) {
  auto fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return system_error(errno, "open " + path);
  auto done = ::fsync(fd) == 0;
  auto code = errno;
  ::close(fd);
  if (!done)
    return system_error(code, "sync " + path);
  return {};
}

} // namespace jindou::storage
