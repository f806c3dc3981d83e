#include "apps/node/manager_token.hpp"

#include "messages/hex.hpp"

#include <openssl/rand.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace jindou::app {

namespace {

constexpr std::size_t token_bytes_max = 1'024;

std::string about(const std::string& path, const std::string& why) {
  return "manager token " + path + ": " + why;
}

/// What the system says of its last call.
start_fault system_fault(const std::string& path) {
  return {1, about(path, std::generic_category().message(errno))};
}

start_fault content_fault(const std::string& path, const std::string& why) {
  return {78, about(path, why)};
}

/// Returns nothing if there is no randomness to be had.
std::string random_token() {
  std::array<unsigned char, 24> raw{};
  if (RAND_bytes(raw.data(), static_cast<int>(raw.size())) != 1)
    return {};
  return hex_of(std::as_bytes(std::span{raw}));
}

/// Writes a whole file or none.
bool write_file(const std::string& path, const std::string& text) {
  auto fd = open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0)
    return false;
  auto whole
    = write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size())
      && fsync(fd) == 0;
  auto why = errno;
  close(fd);
  errno = why;
  return whole;
}

} // namespace

result<std::string, start_fault> read_manager_token(const std::string& path) {
  errno = 0;
  std::ifstream in{path};
  if (!in)
    return system_fault(path);
  std::string token;
  std::getline(in, token);
  while (!token.empty() && token.back() <= ' ')
    token.pop_back();
  if (token.empty())
    return content_fault(path, "empty; remove it, the next start makes one");
  if (token.size() > token_bytes_max)
    return content_fault(path, "too long");
  return token;
}

result<std::string, start_fault> manager_token(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) == 0)
    return (info.st_mode & 077) == 0
             ? read_manager_token(path)
             : content_fault(path, "readable by others; run chmod 600 on it");
  auto token = random_token();
  if (token.empty())
    return start_fault{1, about(path, "there is no randomness")};
  // A power cut leaves the whole file or none: under its name it is complete.
  auto draft = path + ".new";
  auto made = write_file(draft, token + "\n")
              && rename(draft.c_str(), path.c_str()) == 0;
  if (made)
    return token;
  auto fault = system_fault(path);
  unlink(draft.c_str());
  return fault;
}

} // namespace jindou::app
