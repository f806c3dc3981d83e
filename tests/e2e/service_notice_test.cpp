// What a node tells the service manager that started it.

#include "tests/e2e/node_process.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace jindou::test;

namespace {

/// The end of the service manager.
class notify_socket {
public:
  notify_socket() {
    auto pattern
      = (std::filesystem::temp_directory_path() / "jindou-sd-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    path_ = folder_ + "/notify";
    fd_ = socket(AF_UNIX, SOCK_DGRAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path_.c_str(), sizeof(address.sun_path) - 1);
    EXPECT_EQ(bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)),
              0);
  }

  ~notify_socket() {
    close(fd_);
    std::filesystem::remove_all(folder_);
  }

  const std::string& path() const {
    return path_;
  }

  /// The next message; empty if none comes within 5 s.
  std::string next() const {
    pollfd p{fd_, POLLIN, 0};
    if (poll(&p, 1, 5'000) <= 0)
      return {};
    char buffer[1'024];
    auto n = recv(fd_, buffer, sizeof(buffer), 0);
    return n > 0 ? std::string(buffer, static_cast<std::size_t>(n))
                 : std::string{};
  }

private:
  std::string folder_;
  std::string path_;
  int fd_ = -1;
};

} // namespace

TEST(service_notice_test, says_ready_alive_and_stopping) {
  notify_socket manager;
  setenv("NOTIFY_SOCKET", manager.path().c_str(), 1);
  setenv("WATCHDOG_USEC", "200000", 1);
  auto node = std::make_unique<node_process>(std::vector<std::string>{});
  unsetenv("NOTIFY_SOCKET");
  unsetenv("WATCHDOG_USEC");
  EXPECT_EQ(manager.next().find("READY=1"), 0u);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(manager.next(), "WATCHDOG=1");
  node = nullptr; // SIGTERM; checks that it ends with 0
  auto last = manager.next();
  while (last == "WATCHDOG=1") // those that were under way
    last = manager.next();
  EXPECT_EQ(last.find("STOPPING=1"), 0u);
}
