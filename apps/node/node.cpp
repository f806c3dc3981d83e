#include "apps/node/house.hpp"
#include "apps/node/open_files.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>

namespace jindou::app {

namespace {

/// Ends the actors of a directory and waits until they are gone, for as long as
/// a handler may take.
template <class Directory>
void end_all(const std::shared_ptr<Directory>& of) {
  if (!of)
    return;
  auto all = of->close();
  for (auto& x : all)
    caf::anon_send_exit(x.handle, caf::exit_reason::user_shutdown);
  auto until = std::chrono::steady_clock::now() + limits::handler_time_max;
  for (auto& x : all)
    while (!x.place->closed() && std::chrono::steady_clock::now() < until)
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
}

/// The client that came with this program.
std::string client_command() {
  std::error_code ignored;
  auto self = std::filesystem::read_symlink("/proc/self/exe", ignored);
  auto here = std::filesystem::current_path(ignored);
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody sets the environment
  auto* search = std::getenv("PATH");
  return command_of(self.parent_path(), "jindou-client", here,
                    search == nullptr ? "" : search);
}

} // namespace

using namespace std::chrono_literals;

std::int64_t wall_clock_ms() {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

// -- birth --------------------------------------------------------------------

result<void, start_fault> node::house::build() {
  look_at_open_files();
  if (auto ok = open_store(); !ok)
    return ok;
  build_pools();
  if (auto ok = open_doors(); !ok)
    return ok;
  add_gauges();
  return {};
}

void node::house::look_at_open_files() {
  open_files_ = raise_open_files();
  if (chosen_.gateway.connections_max > client_files(open_files_))
    spdlog::warn("[few-open-files] the system lets this process have {} files "
                 "open, so {} clients may connect, not {}; LimitNOFILE of the "
                 "unit or `ulimit -n` changes that",
                 open_files_, client_files(open_files_),
                 chosen_.gateway.connections_max);
}

result<void, start_fault> node::house::open_store() {
  system_ = std::make_unique<caf::actor_system>(config_);
  auto rooms = replica_rooms::open(*system_, chosen_, stats_);
  if (!rooms)
    return rooms.error();
  rooms_ = *std::move(rooms);
  token_file_ = chosen_.http.manager_token_file.empty()
                  ? chosen_.node.data_dir + "/manager.token"
                  : chosen_.http.manager_token_file;
  if (chosen_.http.manager_token_on) {
    auto token = manager_token(token_file_);
    if (!token)
      return token.error();
    token_ = *token;
  }
  return {};
}

actors::channel_services node::house::channel_services_of() {
  actors::channel_services x;
  x.slots = rooms_->slots();
  x.stats = stats_;
  x.ids = ids_;
  x.now_ms = wall_clock_ms;
  x.allow_list_off = chosen_.auth.whitelist_off_of_person;
  x.send_rate = channel_rate_;
  x.handler_time_max = chosen_.scheduler.handler_time;
  x.is_system
    = [](std::string_view uid) { return uid == well_known::system_uid; };
  x.push = [pool = pushers_](const push_delivery_ptr& p) { pool->push(p); };
  x.forget = [this](std::string_view key, const lease* who) {
    channels_->forget(key, who);
  };
  x.quarantine = rooms_->quarantine();
  x.build_chains();
  return x;
}

actors::user_services node::house::user_services_of() {
  actors::user_services x;
  x.slots = rooms_->slots();
  x.stats = stats_;
  x.ids = ids_;
  x.sessions = sessions_;
  x.now_ms = wall_clock_ms;
  x.node = rooms_->node();
  x.token_auth_on = chosen_.auth.token_auth_on;
  x.disable_encryption = chosen_.auth.disable_encryption;
  x.manager_uid = chosen_.http.manager_uid;
  x.manager_token = token_;
  x.visitors_suffix = chosen_.auth.visitors_suffix;
  x.send_rate = user_rate_;
  x.address_rates = address_rates_;
  x.handler_time_max = chosen_.scheduler.handler_time;
  x.retry_interval = ms(chosen_.message_retry.interval);
  x.retry_max = chosen_.message_retry.max_count;
  x.subscriptions_max = chosen_.gateway.subscriptions_max;
  x.submit = [this](const channel_delivery_ptr& d) { deliver(d); };
  x.forget = [this](std::string_view uid, const lease* who) {
    users_->forget(uid, who);
  };
  x.quarantine = rooms_->quarantine();
  x.build_chains();
  return x;
}

void node::house::build_pools() {
  take_over_rates();
  ids_ = std::make_shared<actors::id_generator>(rooms_->node(),
                                                rooms_->last_log_time());
  actors::pusher_options push{sessions_, stats_, wall_clock_ms};
  pushers_ = std::make_shared<actors::pusher_pool>(
    *system_, chosen_.pusher.workers, chosen_.pusher.queue_max, push);
  channel_services_
    = std::make_shared<actors::channel_services>(channel_services_of());
  channels_ = actors::make_channel_directory(
    *system_, chosen_.channel.queue_max, stats_,
    [this] { return channel_services_; });
  user_services_ = std::make_shared<actors::user_services>(user_services_of());
  users_ = actors::make_user_directory(*system_, chosen_.user.queue_max, stats_,
                                       [this] { return user_services_; });
  sweeper_ = system_->spawn<caf::detached + caf::hidden>(
    sweeper, sweeper_options{users_, channels_, chosen_.user.idle_time,
                             chosen_.channel.idle_time,
                             chosen_.message_retry.scan_interval,
                             chosen_.scheduler.handler_time, stats_});
  proposer_ = std::make_shared<http_proposer>(*system_, rooms_->slots());
  pulse_ = std::make_unique<pulse>(*system_);
}

bool node::house::lives() {
  return pulse_ && pulse_->beats();
}

std::string node::house::not_ready() const {
  return stopping_ ? std::string{"stopping"} : rooms_->not_ready();
}

void node::house::announce() const {
  banner_facts x;
  x.version = configs::version;
  x.data_dir = chosen_.node.data_dir;
  x.tcp = gateway_->tcp_address();
  x.ws = gateway_->ws_address();
  x.tls = gateway_->tls_address();
  x.wss = gateway_->wss_address();
  x.http = with_port(chosen_.http.addr, http_->api_port());
  x.monitor = with_port(chosen_.monitor.addr, http_->monitor_port());
  x.client = client_command();
  x.token_file = token_.empty() ? std::string{} : token_file_;
  x.token_auth = chosen_.auth.token_auth_on;
  x.demo = demo_there_;
  x.start_ms = std::chrono::duration<double, std::milli>(
                 std::chrono::steady_clock::now() - born_)
                 .count();
  std::fputs(banner(x).c_str(), stdout);
  std::fflush(stdout);
  spdlog::info("[node-ready] node {} took {:.0f} ms to start", rooms_->node(),
               x.start_ms);
}

// -- death --------------------------------------------------------------------

void node::house::wait_until_quiet(
  std::chrono::steady_clock::time_point deadline) const {
  while (
    std::chrono::steady_clock::now() < deadline
    && (users_->depth() > 0 || channels_->depth() > 0 || pushers_->depth() > 0))
    std::this_thread::sleep_for(5ms);
}

void node::house::stop() {
  if (std::exchange(stopped_, true) || !system_)
    return;
  auto deadline = std::chrono::steady_clock::now()
                  + ms(chosen_.node.shutdown_time) * 8 / 10;
  stopping_ = true;
  spdlog::info("[node-stopping] node finishes what is in flight");
  if (gateway_) {
    gateway_->stop_accepting();
    gateway_->stop_reading();
  }
  if (http_)
    http_->stop();
  if (users_)
    wait_until_quiet(deadline);
  if (gateway_) {
    gateway_->close_all(wire::reason::unknown, {}, 0ms);
    gateway_->join(2s);
  }
  if (sweeper_)
    caf::anon_send_exit(std::exchange(sweeper_, nullptr),
                        caf::exit_reason::user_shutdown);
  end_all(users_);
  end_all(channels_);
  proposer_ = nullptr;
  pulse_ = nullptr;
  if (pushers_)
    pushers_->stop();
  if (rooms_)
    rooms_->stop(*system_);
  user_services_ = nullptr;
  channel_services_ = nullptr;
  rooms_ = nullptr;
  pushers_ = nullptr;
  system_ = nullptr; // waits for its actors
  spdlog::info("[node-stopped] node has written everything");
}

void node::house::deliver(const user_delivery_ptr& d) {
  users_->deliver(d->content.uid, d);
}

void node::house::deliver(const channel_delivery_ptr& d) {
  channels_->deliver(actors::directory_key(channel_of(d->content)), d);
}

// -- the node -----------------------------------------------------------------

node::node(std::unique_ptr<house> x) : house_(std::move(x)) {
  // nop
}

node::~node() = default;

result<std::unique_ptr<node>, start_fault>
node::start(const configs::options& chosen) {
  auto x = std::make_unique<house>(chosen);
  if (auto ok = x->build(); !ok)
    return ok.error();
  return std::unique_ptr<node>{new node{std::move(x)}};
}

void node::stop() {
  house_->stop();
}

void node::announce() const {
  house_->announce();
}

bool node::lives() {
  return house_->lives();
}

void node::reload(const configs::options& fresh) {
  house_->reload(fresh);
}

void node::deliver(const user_delivery_ptr& batch) {
  house_->deliver(batch);
}

} // namespace jindou::app
