#include "actors/gateway/gateway.hpp"

#include "actors/gateway/io_loop.hpp"
#include "actors/gateway/listener.hpp"
#include "actors/log.hpp"

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
  auto proxies = address_list::parse(options.trusted_proxies);
  if (!proxies)
    return "trusted-proxies: " + proxies.error();
  state_->proxies = *std::move(proxies);
  if (has_tls())
    if (auto wrong = reload_certificates(); !wrong.empty())
      return wrong;
  for (std::size_t i = 0; i < options.io_threads; ++i)
    loops_.push_back(std::make_shared<io_loop>(state_));
  if (auto wrong = open_all(); !wrong.empty()) {
    listeners_.clear();
    loops_.clear();
    return wrong;
  }
  for (auto& x : loops_)
    x->start();
  for (auto& x : listeners_)
    x->start();
  return {};
}

std::string gateway::open_all() {
  auto& options = state_->options;
  auto wrong = open({false, false}, options.tcp_addr);
  if (wrong.empty())
    wrong = open({true, false}, options.ws_addr);
  if (wrong.empty())
    wrong = open({false, true}, options.tls_addr);
  if (wrong.empty())
    wrong = open({true, true}, options.wss_addr);
  return wrong;
}

std::string gateway::open(door_kind kind, const std::string& address) {
  if (address.empty())
    return {};
  listeners_.push_back(std::make_shared<listener>(loops_, kind));
  return listeners_.back()->open(address);
}

bool gateway::has_tls() const {
  return !state_->options.tls_addr.empty() || !state_->options.wss_addr.empty();
}

std::string gateway::reload_certificates() {
  if (!has_tls())
    return {};
  auto& options = state_->options;
  auto fresh = load_tls(options.tls_cert_file, options.tls_key_file);
  if (!fresh)
    return fresh.error();
  auto validity = validity_of(**fresh);
  if (validity.over)
    log().warn("[gateway-certificate-over] certificate '{}' ended on {}",
               options.tls_cert_file, validity.until);
  else
    log().info("[gateway-certificate] certificate '{}' is good until {}",
               options.tls_cert_file, validity.until);
  state_->use(*std::move(fresh));
  return {};
}

std::string gateway::address_of(door_kind kind) const {
  for (auto& x : listeners_)
    if (x->kind() == kind)
      return x->address();
  return {};
}

std::string gateway::tcp_address() const {
  return address_of({false, false});
}

std::string gateway::ws_address() const {
  return address_of({true, false});
}

std::string gateway::tls_address() const {
  return address_of({false, true});
}

std::string gateway::wss_address() const {
  return address_of({true, true});
}

void gateway::change_limits(const gateway_limits& x) {
  state_->gate.change(x.connections_max, x.connections_per_ip_max);
  state_->window.change(x.node_window, x.session_window);
  for (auto& loop : loops_)
    loop->change_limits(x);
}

std::size_t gateway::connection_count() const {
  return state_->gate.count();
}

void gateway::stop_accepting() {
  for (auto& x : listeners_)
    x->stop();
  listeners_.clear();
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
