#include "apps/node/replica_rooms.hpp"

#include "apps/node/proposer.hpp"
#include "apps/node/store_fault.hpp"
#include "cluster/raft_host.hpp"
#include "cluster/slot_table.hpp"
#include "configs/command_line.hpp"
#include "storage/applier.hpp"
#include "storage/log_store.hpp"
#include "storage/log_writer.hpp"
#include "storage/reader.hpp"
#include "storage/reader_shell.hpp"
#include "storage/store_health.hpp"

#include <caf/scoped_actor.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <random>
#include <thread>

namespace jindou::app {

namespace {

using namespace std::chrono_literals;

/// A healthy group takes milliseconds, a long duplicate window seconds.
constexpr auto ready_limit = 60s;

/// How often the free space of the disk is measured.
constexpr auto probe_interval = 500ms;

storage::store_options store_options_of(const configs::options& chosen) {
  storage::store_options x;
  x.dir = chosen.node.data_dir;
  x.cache_kib = chosen.storage.cache_kib;
  x.checkpoint_pages
    = static_cast<std::uint32_t>(chosen.storage.checkpoint_bytes / 8'192);
  x.node_id = chosen.node.id;
  x.cluster_id = chosen.cluster.id;
  x.data_groups = chosen.cluster.groups;
  x.free_min = chosen.storage.free_bytes_min;
  x.reserve_bytes = chosen.storage.reserve_bytes;
  return x;
}

[[noreturn]] void end_at_once(int code) {
  spdlog::default_logger()->flush();
  std::_Exit(code);
}

/// Nothing may be answered after a failed write: what is in memory is more
/// than what is on disk.
void disk_failed(const storage::error& e) {
  spdlog::critical("[disk-failed] store cannot go on: {}: {}",
                   to_string(e.what), e.context);
  end_at_once(configs::exit_disk);
}

void host_failed(const std::string& why) {
  spdlog::critical("[host-failed] node cannot go on: {}", why);
  end_at_once(configs::exit_failed);
}

std::vector<cluster::restored_group>
restored_groups(const storage::start_report& report) {
  std::vector<cluster::restored_group> res;
  for (auto& x : report.replicas) {
    if (!x.healthy()) {
      spdlog::error("[replica-quarantined] group {} takes no part: {}",
                    x.row.group, x.quarantine_reason);
      continue;
    }
    cluster::restored_group g{storage::restored_of(x), {}};
    for (auto& t : x.tail)
      g.tail.push_back({t.entry, t.pos});
    res.push_back(std::move(g));
  }
  return res;
}

std::int64_t newest_log_time(const storage::start_report& report) {
  std::uint64_t res = 0;
  for (auto& x : report.replicas) {
    res = std::max(res, x.cut.log_time);
    for (auto& t : x.tail)
      res = std::max(res, t.log_time);
  }
  return static_cast<std::int64_t>(res);
}

/// How many groups hold data: the store knows, since each key lies where the
/// number of the first start has put it. The option counts for new stores.
std::uint32_t data_groups_of(const storage::start_report& report,
                             const configs::options& chosen) {
  std::uint32_t groups = 0; // the control group
  for (auto& x : report.replicas)
    groups = std::max<std::uint32_t>(groups, x.row.group);
  if (groups != chosen.cluster.groups)
    spdlog::warn("[groups-kept] store keeps the {} groups it was made with; "
                 "cluster.groups = {} counts for new ones",
                 groups, chosen.cluster.groups);
  return groups;
}

std::shared_ptr<const storage::group_map>
groups_of_slots(std::uint32_t groups) {
  auto table = cluster::slot_table::initial(groups);
  return std::make_shared<const storage::group_map>(table.groups_of_slots());
}

storage::applier_options
applier_options_of(const configs::options& chosen,
                   std::shared_ptr<const storage::start_report> report,
                   std::shared_ptr<slot_versions> versions, metrics_ptr stats) {
  storage::applier_options x;
  x.state.path = chosen.node.data_dir + "/store.db";
  x.state.dedupe.records_max = chosen.storage.dedupe_records;
  x.state.dedupe.age_s_max = static_cast<std::uint32_t>(
    std::chrono::duration_cast<std::chrono::seconds>(chosen.storage.dedupe_age)
      .count());
  x.state.salt = std::random_device{}();
  x.report = std::move(report);
  x.versions = std::move(versions);
  x.counters = std::move(stats);
  x.cut_age = std::chrono::duration_cast<std::chrono::milliseconds>(
    chosen.storage.cut_age);
  x.fold_age = std::chrono::duration_cast<std::chrono::milliseconds>(
    chosen.storage.fold_age);
  x.fatal = disk_failed;
  return x;
}

/// Keeps the initial slot table in the control group of a new store.
errc keep_slot_table(caf::actor_system& system, const slot_map_ptr& slots,
                     std::uint32_t groups) {
  auto put = cluster::first_slot_table(std::nullopt, groups);
  std::promise<errc> outcome;
  auto answer = make_reply<std::vector<command::applied>>(
    [&](const result<std::vector<command::applied>>& x) {
      outcome.set_value(x ? errc::none : x.error());
    });
  http_proposer proposer{system, slots};
  proposer.propose_to(0, {*put}, std::move(answer));
  return outcome.get_future().get();
}

} // namespace

result<std::unique_ptr<replica_rooms>, start_fault>
replica_rooms::open(caf::actor_system& system, const configs::options& chosen,
                    metrics_ptr stats) {
  auto report = std::make_shared<storage::start_report>();
  auto store_options = store_options_of(chosen);
  auto store = storage::log_store::open(store_options, *report);
  if (!store)
    return store_fault(store_options.dir, store.error());
  std::unique_ptr<replica_rooms> x{new replica_rooms};
  x->node_ = report->node_id;
  x->last_log_time_ = newest_log_time(*report);
  x->report_ = report;
  x->data_groups_ = data_groups_of(*report, chosen);
  if (x->data_groups_ == 0 || report->replicas.size() <= x->data_groups_)
    return store_fault(store_options.dir,
                       {storage::fault::corrupt, 0, 0, "replicas are missing"});
  x->group_of_slot_ = groups_of_slots(x->data_groups_);
  storage::log_writer_options writer;
  writer.store = std::make_shared<storage::log_store>(*std::move(store));
  writer.counters = stats;
  writer.fatal = disk_failed;
  writer.linger = chosen.storage.linger;
  writer.room = {store_options.free_min, store_options.reserve_bytes};
  writer.probe = probe_interval;
  x->health_ = writer.health;
  auto desk = writer.desk;
  x->writer_ = system.spawn<caf::detached + caf::hidden>(storage::log_writer,
                                                         std::move(writer));
  x->backups_ = std::make_unique<backup_room>(
    store_options.dir, store_options.free_min, x->writer_, std::move(desk));
  auto ok = x->start(system, chosen, std::move(stats));
  if (ok)
    return x;
  x->stop(system);
  return ok.error();
}

result<void, start_fault> replica_rooms::start(caf::actor_system& system,
                                               const configs::options& chosen,
                                               metrics_ptr stats) {
  auto store_options = store_options_of(chosen);
  for (std::size_t i = 0; i < chosen.storage.readers; ++i) {
    auto reader = storage::reader::open(store_options);
    if (!reader)
      return store_fault(store_options.dir, reader.error());
    readers_.push_back(system.spawn<caf::detached + caf::hidden>(
      storage::reading, storage::reader_options{
                          std::make_shared<storage::reader>(*std::move(reader)),
                          stats, disk_failed, writer_, group_of_slot_}));
  }
  introduce(system, chosen, std::move(stats));
  if (!wait_until_ready())
    return start_fault{configs::exit_failed,
                       "data directory " + store_options.dir
                         + ": a group does not get ready; "
                           "the lines above may say why"};
  if (!report_->created)
    return {};
  auto e = keep_slot_table(system, slots_, data_groups_);
  if (e == errc::none)
    return {};
  return start_fault{configs::exit_failed,
                     "control group: " + std::string{to_string(e)}};
}

void replica_rooms::introduce(caf::actor_system& system,
                              const configs::options& chosen,
                              metrics_ptr stats) {
  auto versions = std::make_shared<slot_versions>();
  auto options = applier_options_of(chosen, report_, versions, stats);
  options.groups = group_of_slot_;
  options.writer = writer_;
  options.readers = readers_;
  applier_ = system.spawn<caf::detached + caf::hidden>(storage::applier,
                                                       std::move(options));
  status_ = std::make_shared<cluster::host_status>();
  cluster::raft_host_options host;
  host.groups = restored_groups(*report_);
  groups_ = static_cast<std::uint32_t>(host.groups.size());
  host.writer = writer_;
  host.appliers.assign(report_->replicas.size(), applier_);
  host.metrics = std::move(stats);
  host.fatal = host_failed;
  host.status = status_;
  host.has_room = [health = health_] { return !health->no_room; };
  host.damaged
    = [health = health_](group_id group) { return health->damaged(group); };
  host_ = system.spawn<caf::detached + caf::hidden>(cluster::raft_host,
                                                    std::move(host));
  auto map = std::make_shared<slot_map>();
  map->group_of = *group_of_slot_;
  map->groups.assign(report_->replicas.size(), {host_, applier_});
  map->versions = std::move(versions);
  slots_ = std::move(map);
}

bool replica_rooms::wait_until_ready() const {
  auto deadline = std::chrono::steady_clock::now() + ready_limit;
  while (status_->ready_groups + status_->aside_groups < groups_) {
    if (std::chrono::steady_clock::now() > deadline)
      return false;
    std::this_thread::sleep_for(1ms);
  }
  return true;
}

std::string replica_rooms::not_ready() const {
  auto res = broken();
  if (status_->store_full)
    res += res.empty() ? "disk-full" : "; disk-full";
  return res;
}

std::string replica_rooms::broken() const {
  if (status_->ready_groups + status_->aside_groups < groups_)
    return "raft: a group has no leader";
  std::string res;
  for (auto group : damaged_groups())
    res += (res.empty() ? "damaged-groups " : ",") + std::to_string(group);
  return res;
}

std::vector<group_id> replica_rooms::damaged_groups() const {
  std::vector<group_id> res;
  for (auto& x : report_->replicas)
    if (!x.healthy() || health_->damaged(x.row.group))
      res.push_back(x.row.group);
  return res;
}

std::function<void(quarantine_row)> replica_rooms::quarantine() const {
  return [writer = writer_](quarantine_row row) {
    caf::anon_send(writer,
                   std::make_shared<const quarantine_row>(std::move(row)));
  };
}

void replica_rooms::stop(caf::actor_system& system) {
  caf::scoped_actor self{system};
  slots_ = nullptr;
  backups_ = nullptr; // gives up what is under way
  auto end = [&self](auto& hdl) {
    if (!hdl)
      return;
    self->monitor(hdl);
    self->send_exit(hdl, caf::exit_reason::user_shutdown);
    self->receive([](const caf::down_msg&) {});
    hdl = nullptr;
  };
  end(host_);
  end(applier_);
  for (auto& hdl : readers_)
    end(hdl);
  end(writer_);
}

std::string demo_folder() {
  std::error_code ignored;
  auto self = std::filesystem::read_symlink("/proc/self/exe", ignored);
  return (self.parent_path().parent_path() / "share" / "demo").string();
}

} // namespace jindou::app
