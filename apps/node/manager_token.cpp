#include "apps/node/manager_token.hpp"

#include "messages/hex.hpp"

#include <openssl/rand.h>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace jindou::app {

namespace {

constexpr std::size_t token_bytes_max = 1'024;

start_fault fault(const std::string& path, const std::string& why) {
  return {78, "manager token " + path + ": " + why};
}

result<std::string, start_fault> read_token(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) == 0 && (info.st_mode & 077) != 0)
    return fault(path, "readable by others; run chmod 600 on it");
  std::ifstream in{path};
  std::string token;
  if (!std::getline(in, token))
    return fault(path, std::generic_category().message(errno));
  while (!token.empty() && token.back() <= ' ')
    token.pop_back();
  if (token.empty() || token.size() > token_bytes_max)
    return fault(path, "empty or too long");
  return token;
}

/// Returns nothing if there is no randomness to be had.
std::string random_token() {
  std::array<unsigned char, 24> raw{};
  if (RAND_bytes(raw.data(), static_cast<int>(raw.size())) != 1)
    return {};
  return hex_of(std::as_bytes(std::span{raw}));
}

} // namespace

result<std::string, start_fault> manager_token(const std::string& path) {
  auto fd = open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0 && errno == EEXIST)
    return read_token(path);
  if (fd < 0)
    return fault(path, std::generic_category().message(errno));
  auto token = random_token();
  auto line = token + "\n";
  auto written = token.empty() ? -1 : write(fd, line.data(), line.size());
  std::string why;
  if (token.empty())
    why = "there is no randomness";
  else if (written != static_cast<ssize_t>(line.size()) || fsync(fd) != 0)
    why = std::generic_category().message(errno);
  close(fd);
  if (why.empty())
    return token;
  unlink(path.c_str()); // the next start makes one
  return fault(path, why);
}

} // namespace jindou::app
