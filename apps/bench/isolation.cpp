#include "apps/bench/isolation.hpp"

#include "apps/bench/accounts.hpp"
#include "apps/bench/bare_node.hpp"
#include "apps/bench/isolation_sessions.hpp"
#include "apps/node/node.hpp"
#include "configs/logging.hpp"
#include "messages/cluster.hpp"
#include "messages/hash.hpp"

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

namespace jindou::bench {

namespace {

constexpr std::chrono::microseconds isolation_beat{100};
constexpr std::chrono::milliseconds settle_time{1'000};
constexpr std::chrono::milliseconds stuck_every{1'500};
constexpr unsigned flood_batch = 100;
constexpr const char* flooded = "flooded";
constexpr const char* crowded = "crowded";

class isolation_load {
public:
  explicit isolation_load(const isolation_options& options)
      : options_(options), payload_(options.payload_bytes, 'x') {
    // nop
  }

  report run(std::string& fault) {
    fault = build();
    if (fault.empty()) {
      for (unsigned i = 1; i <= options_.when.runs; ++i)
        play_all(i);
      finish();
    }
    close();
    return std::move(report_);
  }

private:
  using attack = void (isolation_load::*)(std::int64_t now);

  struct phase {
    const char* name;
    double per_second;
    attack strike;
    population isolation_load::*whose;
  };

  // -- before -----------------------------------------------------------------

  std::string build() {
    std::error_code ignored;
    if (std::filesystem::exists(options_.data_dir, ignored))
      return options_.data_dir + " exists; name a folder to be made";
    auto chosen = node_options();
    if (!configs::start_logging(chosen.log, chosen.log_levels))
      return "cannot log";
    auto started = app::node::start(chosen);
    if (!started)
      return started.error().text;
    node_ = std::move(*started);
    make_sessions();
    auto why = make_groups();
    return why.empty() ? log_in() : why;
  }

  configs::options node_options() {
    boost::asio::io_context io;
    boost::asio::ip::tcp::acceptor free_port{
      io, {boost::asio::ip::make_address("127.0.0.1"), 0}};
    http_.server = free_port.local_endpoint();
    http_.address = "127.0.0.1:" + std::to_string(http_.server.port());
    auto x = whole_node_options(options_.data_dir);
    x.http.addr = http_.address;
    x.log.level = "error";
    return x;
  }

  /// Victims are near if their channel shares its raft group, and so its host,
  /// applier and log entries, with the flooded one.
  bool is_near(const std::string& a, const std::string& b) const {
    auto group_of = [](std::uint8_t type, const std::string& id) {
      return initial_group_of(slot_of(hash_of_channel(type, id)),
                              limits::data_groups);
    };
    return group_of(channel_type::person, person_channel_id(a, b))
           == group_of(channel_type::group, flooded);
  }

  template <class Session = pool_session, class... Ts>
  void add(population& to, const std::string& uid, pool_peer peer,
           Ts&... more) {
    to.members.push_back(std::make_shared<Session>(
      ++last_id_, uid, std::move(peer), to.tally, more..., io_));
  }

  void make_sessions() {
    // A twentieth is near, however the groups fall.
    auto near_wanted = options_.victims / 20 + 1;
    for (unsigned i = 0;
         near_.members.size() + far_.members.size() < options_.victims; ++i) {
      auto a = "victim" + std::to_string(i);
      auto b = "friend" + std::to_string(i);
      auto near = is_near(a, b);
      auto wanted = near ? near_wanted : options_.victims - near_wanted;
      auto& to = near ? near_ : far_;
      if (to.members.size() >= wanted)
        continue;
      add<victim_session>(to.members, to, a, {b}, to.recv);
      add<victim_session>(friends_, to, b, {a}, to.recv);
    }
    for (unsigned i = 0; i < 4; ++i)
      add(flooders_.members, flooders_, "flooder" + std::to_string(i),
          {flooded, channel_type::group});
    add(greedy_.members, greedy_, "greedy", {"patient"});
    add(speaker_.members, speaker_, "speaker", {crowded, channel_type::group});
    for (unsigned i = 0; i < options_.crowd; ++i)
      add(crowd_.members, crowd_, "listener" + std::to_string(i), {"speaker"});
  }

  template <class Session = pool_session, class... Ts>
  void add(sessions& to, population& of, const std::string& uid, pool_peer peer,
           Ts&... more) {
    to.push_back(std::make_shared<Session>(++last_id_, uid, std::move(peer),
                                           of.tally, more..., io_));
  }

  std::string make_groups() {
    std::ifstream in{options_.data_dir + "/manager.token"};
    std::getline(in, http_.manager_token);
    auto uids_of = [](const char* prefix, std::size_t n) {
      std::vector<std::string> uids;
      for (std::size_t i = 0; i < n; ++i)
        uids.push_back(prefix + std::to_string(i));
      return uids;
    };
    auto why = make_group(http_, flooded, uids_of("flooder", 4));
    auto listeners = uids_of("listener", options_.crowd);
    listeners.emplace_back("speaker");
    return why.empty() ? make_group(http_, crowded, listeners) : why;
  }

  std::string log_in() {
    std::uint64_t wanted = 0;
    each_session([&](pool_session& s) {
      node_->deliver(s.make_login());
      ++wanted;
      if (wanted % 100 == 0)
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    });
    auto until = clock::now() + std::chrono::seconds{30};
    while (logins() < wanted && clock::now() < until)
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    if (logins() == wanted)
      return {};
    return "only " + std::to_string(logins()) + " users logged in";
  }

  std::uint64_t logins() const {
    return near_.tally.logins + far_.tally.logins + flooders_.tally.logins
           + greedy_.tally.logins + speaker_.tally.logins + crowd_.tally.logins;
  }

  template <class F>
  void each_session(F f) {
    for (auto* all : {&near_.members, &far_.members, &friends_,
                      &flooders_.members, &greedy_.members, &speaker_.members,
                      &crowd_.members, &stuck_.members})
      for (auto& s : *all)
        f(*s);
  }

  // -- phases -----------------------------------------------------------------

  std::array<phase, 5> phases() const {
    auto flood = static_cast<double>(options_.flood) / flood_batch;
    return {{{"quiet", 1, &isolation_load::do_nothing, nullptr},
             {"flooded_channel", flood, &isolation_load::flood_channel,
              &isolation_load::flooders_},
             {"flooded_user", flood, &isolation_load::flood_user,
              &isolation_load::greedy_},
             {"stuck_handler", 1'000.0 / stuck_every.count(),
              &isolation_load::block_handler, nullptr},
             {"push_storm", static_cast<double>(options_.storm),
              &isolation_load::speak, &isolation_load::speaker_}}};
  }

  void do_nothing(std::int64_t) {
    // the yardstick
  }

  void flood_channel(std::int64_t now) {
    send(flooders_, flood_batch, payload_, now);
  }

  void flood_user(std::int64_t now) {
    send(greedy_, flood_batch, payload_, now);
  }

  void block_handler(std::int64_t) {
    auto uid = "stuck" + std::to_string(stuck_.members.size());
    add<stuck_session>(stuck_.members, stuck_, uid, {"patient"});
    node_->deliver(stuck_.members.back()->make_login());
  }

  void speak(std::int64_t now) {
    send(speaker_, 1, payload_, now);
  }

  void send(population& who, unsigned n, const std::string& payload,
            std::int64_t due) {
    auto& s = *who.members[who.turn++ % who.members.size()];
    who.sent += n;
    node_->deliver(s.make_sends(n, payload, due));
  }

  void play_all(unsigned run) {
    for (auto& p : phases()) {
      // One beat through warm-up and run: of what blocks a thread, no more than
      // one may be under way.
      metronome strike{p.per_second, now_ns()};
      play(p, strike, options_.when.warmup);
      near_.forget_times();
      far_.forget_times();
      auto before = p.whose == nullptr ? counts{} : counts_of(this->*p.whose);
      auto pushed = crowd_.tally.pushed.load();
      auto began = now_ns();
      play(p, strike, options_.when.duration);
      auto seconds = static_cast<double>(now_ns() - began) / 1e9;
      keep(p, before, pushed, seconds, run);
      std::this_thread::sleep_for(settle_time);
    }
  }

  void play(const phase& p, metronome& strike, std::chrono::nanoseconds time) {
    auto began = now_ns();
    auto share = static_cast<double>(near_.members.size()) / options_.victims;
    auto rate = static_cast<double>(options_.rate);
    metronome near{rate * share, began};
    metronome far{rate * (1 - share), began};
    for (auto now = began; now < began + time.count(); now = now_ns()) {
      send_due(near_, near, now);
      send_due(far_, far, now);
      // What a flood cannot hand in on time is not handed in later, so that
      // victims stay on time.
      for (unsigned i = 0; i < 10 && strike.take(now); ++i)
        (this->*p.strike)(now);
      std::this_thread::sleep_for(isolation_beat);
    }
  }

  void send_due(population& who, metronome& beat, std::int64_t now) {
    for (auto due = beat.due(); beat.take(now); due = beat.due())
      send(who, 1, stamped(due, options_.payload_bytes), due);
  }

  struct counts {
    std::uint64_t sent = 0;
    std::uint64_t accepted = 0;
    std::uint64_t refused = 0;
  };

  static counts counts_of(const population& x) {
    return {x.sent, x.tally.accepted, x.tally.refused};
  }

  void keep(const phase& p, const counts& before, std::uint64_t pushed,
            double seconds, unsigned run) {
    std::string name = std::string{"isolation."} + p.name;
    auto keep_rate = [&](const char* what, std::uint64_t n) {
      report_.at(name + what, "per second")
        .runs.push_back(static_cast<double>(n) / seconds);
    };
    auto far = far_.tally.times.take();
    report_.add_quantiles(name + ".ack", far);
    report_.add_quantiles(name + ".recv", far_.recv.take());
    report_.add_quantiles(name + ".near.ack", near_.tally.times.take());
    report_.add_quantiles(name + ".near.recv", near_.recv.take());
    if (p.whose != nullptr) {
      auto after = counts_of(this->*p.whose);
      keep_rate(".offered", after.sent - before.sent);
      keep_rate(".accepted", after.accepted - before.accepted);
      keep_rate(".refused", after.refused - before.refused);
    }
    if (p.whose == &isolation_load::speaker_)
      keep_rate(".pushed", crowd_.tally.pushed - pushed);
    std::fprintf(stderr, "run %u of %u, %s: victims P50 %.3f ms, P99 %.3f ms\n",
                 run, options_.when.runs, p.name,
                 static_cast<double>(far.quantile(0.5)) / 1e6,
                 static_cast<double>(far.quantile(0.99)) / 1e6);
  }

  // -- after ------------------------------------------------------------------

  void finish() {
    auto until = clock::now() + options_.when.drain_max;
    auto all = {&near_, &far_, &flooders_, &greedy_, &speaker_};
    auto open = [&] {
      std::uint64_t n = 0;
      for (auto* x : all)
        n += x->unanswered();
      return n;
    };
    while (open() > 0 && clock::now() < until)
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    report_.benchmark = "isolation";
    report_.options = {{"victims", std::to_string(options_.victims)},
                       {"near", std::to_string(near_.members.size())},
                       {"rate", std::to_string(options_.rate)},
                       {"flood", std::to_string(options_.flood)},
                       {"crowd", std::to_string(options_.crowd)},
                       {"storm", std::to_string(options_.storm)},
                       {"payload", std::to_string(options_.payload_bytes)}};
    report_.faults
      = {{"victims_refused", near_.tally.refused + far_.tally.refused},
         {"victims_lost", near_.lost() + far_.lost()},
         {"unanswered", open()}};
  }

  void close() {
    if (!node_)
      return;
    each_session([&](pool_session& s) { node_->deliver(s.make_close()); });
    node_->stop();
    configs::stop_logging();
    std::error_code ignored;
    std::filesystem::remove_all(options_.data_dir, ignored);
  }

  const isolation_options& options_;
  std::string payload_;
  http_access http_;
  no_io io_;
  connection_id last_id_ = 0;
  population near_;
  population far_;
  population flooders_;
  population greedy_;
  population speaker_;
  population crowd_;
  population stuck_;
  sessions friends_; // counted with their victims
  std::unique_ptr<app::node> node_;
  report report_;
};

} // namespace

report run_isolation(const isolation_options& options, std::string& fault) {
  return isolation_load{options}.run(fault);
}

} // namespace jindou::bench
