#include "tests/e2e/node_process.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace jindou::test {

namespace {

std::string make_folder() {
  auto pattern
    = (std::filesystem::temp_directory_path() / "jindou-raw-XXXXXX").string();
  return mkdtemp(pattern.data());
}

bool readable(int fd, int ms) {
  pollfd p{fd, POLLIN, 0};
  return poll(&p, 1, ms) > 0;
}

} // namespace

node_process::node_process(std::vector<std::string> options)
    : folder_(make_folder()) {
  options.insert(options.end(),
                 {"--node.data-dir=" + folder_,
                  "--gateway.tcp-addr=127.0.0.1:0",
                  "--gateway.ws-addr=127.0.0.1:0", "--http.addr=127.0.0.1:0",
                  "--monitor.addr=127.0.0.1:0"});
  spawn(std::move(options));
  read_banner();
}

node_process::~node_process() {
  kill(pid_, SIGTERM);
  int status = 0;
  waitpid(pid_, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  close(out_);
  std::filesystem::remove_all(folder_);
}

bool node_process::alive() const {
  return waitpid(pid_, nullptr, WNOHANG) == 0;
}

void node_process::spawn(std::vector<std::string> arguments) {
  std::string program = std::string{JINDOU_BIN_DIR} + "/jindou-node";
  std::vector<char*> argv{program.data()};
  for (auto& x : arguments)
    argv.push_back(x.data());
  argv.push_back(nullptr);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  pid_ = fork();
  if (pid_ == 0) {
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    execv(program.c_str(), argv.data());
    _exit(127);
  }
  close(ends[1]);
  out_ = ends[0];
}

void node_process::read_banner() {
  std::string text;
  char buffer[4'096];
  while (text.find("--to bob") == std::string::npos) {
    ASSERT_TRUE(readable(out_, 10'000)) << "no banner: " << text;
    auto n = ::read(out_, buffer, sizeof(buffer));
    ASSERT_GT(n, 0) << "the node ended: " << text;
    text.append(buffer, static_cast<std::size_t>(n));
  }
  auto at = text.find("tcp 127.0.0.1:");
  ASSERT_NE(at, std::string::npos) << text;
  tcp_port_ = static_cast<std::uint16_t>(std::atoi(text.c_str() + at + 14));
}

raw_client::raw_client(std::uint16_t port)
    : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof(to)), 0);
}

raw_client::~raw_client() {
  close(fd_);
}

void raw_client::write(const std::string& bytes) const {
  auto n = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  EXPECT_EQ(n, static_cast<ssize_t>(bytes.size()));
}

std::string raw_client::read(std::size_t size) const {
  std::string res;
  char buffer[65'536];
  while (res.size() < size && readable(fd_, 3'000)) {
    auto n = recv(fd_, buffer, sizeof(buffer), 0);
    if (n <= 0)
      break;
    res.append(buffer, static_cast<std::size_t>(n));
  }
  return res;
}

bool raw_client::closed_by_peer() const {
  char buffer[4'096];
  while (readable(fd_, 6'000))
    if (recv(fd_, buffer, sizeof(buffer), 0) <= 0)
      return true;
  return false;
}

} // namespace jindou::test
