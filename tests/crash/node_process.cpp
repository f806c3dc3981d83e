#include "tests/crash/node_process.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace jindou::crash {

namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// A socket that holds a free port until it is closed.
struct held_port {
  int fd = -1;
  std::uint16_t port = 0;
};

held_port hold_port() {
  held_port res;
  res.fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(at);
  auto p = reinterpret_cast<sockaddr*>(&at);
  if (res.fd < 0 || ::bind(res.fd, p, size) != 0
      || ::getsockname(res.fd, p, &size) != 0)
    fail("no free port");
  res.port = ntohs(at.sin_port);
  return res;
}

std::vector<std::string> arguments_of(const node_setup& x) {
  auto addr = [](const char* name, std::uint16_t port) {
    return std::string{"--"} + name + "=127.0.0.1:" + std::to_string(port);
  };
  return {
    x.program,
    "--node.data-dir=" + x.folder + "/data",
    addr("gateway.tcp-addr", x.ports.tcp),
    addr("gateway.ws-addr", x.ports.ws),
    addr("http.addr", x.ports.http),
    addr("monitor.addr", x.ports.monitor),
    "--http.manager-token-on=false",
    "--auth.token-auth-on=false",
    "--auth.disable-encryption=true",
    "--log.level=warn",
    // Cuts, folds and checkpoints must be under way when the process dies.
    "--storage.cut-age=40ms",
    "--storage.fold-age=200ms",
    "--storage.checkpoint-bytes=262144",
  };
}

[[noreturn]] void become(const node_setup& setup) {
  auto log = ::open((setup.folder + "/node.log").c_str(),
                    O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::dup2(::open("/dev/null", O_WRONLY), 1); // the banner
  ::dup2(log, 2);
  ::setenv("JINDOU_MUTANT", setup.mutant.c_str(), 1);
  auto words = arguments_of(setup);
  std::vector<char*> argv;
  for (auto& x : words)
    argv.push_back(x.data());
  argv.push_back(nullptr);
  ::execv(setup.program.c_str(), argv.data());
  std::_Exit(127);
}

} // namespace

node_ports pick_ports() {
  std::array<held_port, 4> held;
  for (auto& x : held)
    x = hold_port();
  for (auto& x : held)
    ::close(x.fd);
  return {held[0].port, held[1].port, held[2].port, held[3].port};
}

node_process::node_process(const node_setup& setup) {
  if (::access(setup.program.c_str(), X_OK) != 0)
    fail(setup.program.c_str());
  pid_ = ::fork();
  if (pid_ < 0)
    fail("fork");
  if (pid_ == 0)
    become(setup);
}

node_process::~node_process() {
  kill_9();
}

bool node_process::ended() {
  if (pid_ > 0 && ::waitpid(pid_, &status_, WNOHANG) == pid_)
    pid_ = -1;
  return pid_ < 0;
}

void node_process::kill_9() {
  if (pid_ < 0)
    return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, &status_, 0);
  pid_ = -1;
}

int node_process::stop(std::chrono::milliseconds budget) {
  if (pid_ > 0)
    ::kill(pid_, SIGTERM);
  auto end = std::chrono::steady_clock::now() + budget;
  while (!ended()) {
    if (std::chrono::steady_clock::now() > end)
      return -1;
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return WIFEXITED(status_) ? WEXITSTATUS(status_) : -1;
}

} // namespace jindou::crash
