#include "apps/bench/crowd.hpp"

#include "apps/client/words.hpp"

#include <algorithm>
#include <iostream>
#include <sys/resource.h>

namespace jindou::bench {

namespace {

constexpr std::size_t logins_at_once = 64;

} // namespace

struct crowd::member final : client::im_connection::listener {
  explicit member(crowd& owner) : self(owner), link(owner.kit_, *this) {
    // nop
  }

  void on_login(std::uint8_t reason) override {
    self.on_login(reason, link.who().uid);
  }

  void on_sendack(const wire::sendack_frame&) override {
    // sends nothing
  }

  void on_recv(const wire::recv_frame& f) override {
    if (self.events_.on_recv)
      self.events_.on_recv(link, f);
    link.acknowledge(f);
  }

  void on_closed(std::string_view why) override {
    self.events_.on_fault(link.who().uid + ": " + std::string{why});
  }

  crowd& self;
  client::im_connection link;
};

crowd::crowd(client::thread_kit& kit, const http_access& access,
             client::endpoint server, std::vector<std::string> uids, events who)
    : kit_(kit),
      access_(access),
      server_(server),
      uids_(std::move(uids)),
      events_(std::move(who)) {
  // nop
}

crowd::~crowd() = default;

void crowd::start() {
  members_.reserve(uids_.size());
  for (std::size_t i = 0; i < std::min(logins_at_once, uids_.size()); ++i)
    start_next();
}

void crowd::start_next() {
  if (members_.size() == uids_.size())
    return;
  auto& uid = uids_[members_.size()];
  client::login who;
  who.uid = uid;
  who.token = token_of(access_, uid);
  who.device_id = "bench-" + uid;
  members_.push_back(std::make_unique<member>(*this));
  members_.back()->link.start(server_, std::move(who));
}

void crowd::on_login(std::uint8_t reason, const std::string& uid) {
  if (reason != 1)
    return events_.on_fault(
      uid + ": login refused: " + std::string{client::reason_name(reason)});
  ++logged_in_;
  if (logged_in_ % 1'000 == 0)
    std::cerr << logged_in_ << " of " << uids_.size() << " logged in"
              << std::endl;
  if (logged_in_ == uids_.size())
    return events_.on_ready();
  start_next();
}

std::string allow_sockets(std::size_t n) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  auto wanted = static_cast<rlim_t>(n) + 64;
  if (limit.rlim_cur >= wanted)
    return {};
  limit.rlim_cur = std::min(wanted, limit.rlim_max);
  setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur < wanted)
    return "only " + std::to_string(limit.rlim_cur)
           + " open files are allowed here (ulimit -Hn)";
  return {};
}

} // namespace jindou::bench
