#include "actors/gateway/gateway.hpp"

#include "actors/gateway/io_loop.hpp"
#include "actors/gateway/listener.hpp"

#include <utility>

namespace jindou::actors {

gateway::gateway(gateway_options options)
    : state_(std::make_shared<gateway_state>(std::move(options))) {
  // nop
}

gateway::~gateway() {
  stop_accepting();
  join(std::chrono::milliseconds{0});
}

std::string gateway::start() {
  auto& options = state_->options;
  if (auto wrong = validate(options); !wrong.empty())
    return wrong;
  for (std::size_t i = 0; i < options.io_threads; ++i)
    loops_.push_back(std::make_shared<io_loop>(state_));
  auto wrong = open(tcp_, options.tcp_addr, false);
  if (wrong.empty())
    wrong = open(ws_, options.ws_addr, true);
  if (!wrong.empty()) {
    tcp_.reset();
    ws_.reset();
    loops_.clear();
    return wrong;
  }
  for (auto& x : loops_)
    x->start();
  for (auto& x : {tcp_, ws_})
    if (x)
      x->start();
  return {};
}

std::string gateway::open(std::shared_ptr<listener>& to,
                          std::string_view address, bool websocket) {
  if (address.empty())
    return {};
  to = std::make_shared<listener>(loops_, websocket);
  return to->open(address);
}

std::string gateway::tcp_address() const {
  return tcp_ ? tcp_->address() : std::string{};
}

std::string gateway::ws_address() const {
  return ws_ ? ws_->address() : std::string{};
}

std::size_t gateway::connection_count() const {
  return state_->gate.count();
}

void gateway::stop_accepting() {
  for (auto* x : {&tcp_, &ws_})
    if (*x) {
      (*x)->stop();
      x->reset();
    }
}

void gateway::stop_reading() {
  for (auto& x : loops_)
    x->stop_reading();
}

void gateway::close_all(wire::reason why, std::string_view text,
                        std::chrono::milliseconds linger) {
  for (auto& x : loops_)
    x->close_all(why, std::string{text}, linger);
}

bool gateway::join(std::chrono::milliseconds deadline) {
  auto all_gone = state_->gate.wait_until_empty(std::chrono::steady_clock::now()
                                                + deadline);
  stop_accepting();
  for (auto& x : loops_)
    x->stop();
  loops_.clear();
  return all_gone;
}

} // namespace jindou::actors
