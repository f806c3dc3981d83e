#include "tests/unit/node/small_node.hpp"

#include "cluster/slot_table.hpp"
#include "storage/applier.hpp"
#include "storage/log_store.hpp"
#include "storage/log_writer.hpp"
#include "storage/reader_shell.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>
#include <utility>

namespace jindou::test {

namespace {

constexpr std::uint32_t data_groups = 4;

/// Waits for one answer and hands it to a future.
struct waiting {
  static constexpr const char* name = "waiting";
  std::promise<result<outcomes>> answer;
};

proposer_actor::behavior_type
wait_for_answer(proposer_actor::stateful_pointer<waiting> self,
                std::shared_ptr<std::promise<result<outcomes>>> answer) {
  return {[self, answer](const applied_ptr& x) {
    if (x->error != errc::none)
      answer->set_value(x->error);
    else
      answer->set_value(x->results);
    self->quit();
  }};
}

void fatal(const storage::error& why) {
  std::fprintf(stderr, "store failed: %s\n", why.context.c_str());
  std::abort();
}

storage::store_options options_of(const std::string& folder) {
  storage::store_options x;
  x.dir = folder;
  x.reserve_bytes = 0;
  x.data_groups = data_groups;
  return x;
}

} // namespace

small_node::config::config() {
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-threads", 1);
}

small_node::small_node(const std::string& folder,
                       std::function<std::uint64_t()> now)
    : now_(std::move(now)),
      system_(std::make_unique<caf::actor_system>(config_)) {
  spawn_all(folder);
}

small_node::~small_node() {
  if (host_)
    stop();
}

void small_node::spawn_all(const std::string& folder) {
  report_ = std::make_shared<storage::start_report>();
  auto store = storage::log_store::open(options_of(folder), *report_);
  if (!store)
    return fatal(store.error());
  auto reader = storage::reader::open(options_of(folder));
  if (!reader)
    return fatal(reader.error());
  writer_ = system_->spawn<caf::detached>(
    storage::log_writer,
    storage::log_writer_options{
      std::make_shared<storage::log_store>(std::move(*store)), metrics_,
      fatal});
  readers_.push_back(system_->spawn<caf::detached>(
    storage::reading,
    storage::reader_options{
      std::make_shared<storage::reader>(std::move(*reader)), metrics_, fatal}));
  storage::applier_options applying;
  applying.state.path = folder + "/store.db";
  applying.report = report_;
  applying.groups = std::make_shared<storage::group_map>(
    cluster::slot_table::initial(data_groups).groups_of_slots());
  applying.versions = std::make_shared<slot_versions>();
  applying.counters = metrics_;
  applying.writer = writer_;
  applying.readers = readers_;
  applying.cut_age = std::chrono::milliseconds{20};
  applying.fold_age = std::chrono::milliseconds{100};
  applying.fatal = fatal;
  applier_ = system_->spawn<caf::detached>(storage::applier, applying);
  cluster::raft_host_options hosting;
  for (const auto& x : report_->replicas) {
    EXPECT_TRUE(x.healthy()) << x.quarantine_reason;
    cluster::restored_group group{storage::restored_of(x), {}};
    for (const auto& t : x.tail)
      group.tail.push_back({t.entry, t.pos});
    hosting.groups.push_back(std::move(group));
  }
  status_ = std::make_shared<cluster::host_status>();
  hosting.writer = writer_;
  hosting.appliers.assign(data_groups + 1, applier_);
  hosting.metrics = metrics_;
  hosting.now = now_;
  hosting.status = status_;
  host_ = system_->spawn<caf::detached>(cluster::raft_host, hosting);
  while (status_->ready_groups <= data_groups)
    std::this_thread::yield();
}

// -- proposals ----------------------------------------------------------------

group_id small_node::group_of(const channel_key& channel) const {
  auto slot = slot_of(hash_of_channel(channel.type, channel.id));
  return cluster::slot_table::initial(data_groups).group_of(slot);
}

std::future<result<outcomes>>
small_node::propose(const channel_key& channel,
                    const std::vector<command::any>& what) {
  return send(group_of(channel), what);
}

std::future<result<outcomes>>
small_node::send(group_id group, const std::vector<command::any>& what) {
  auto answer = std::make_shared<std::promise<result<outcomes>>>();
  auto res = answer->get_future();
  auto p = std::make_shared<jindou::propose>();
  p->group = group;
  p->from = system_->spawn(wait_for_answer, answer);
  p->block = std::make_shared<byte_vector>();
  for (const auto& x : what) {
    EXPECT_EQ(command::encode(x, *p->block), errc::none);
    p->ends.push_back(static_cast<std::uint32_t>(p->block->size()));
  }
  caf::anon_send(host_, std::move(p));
  return res;
}

result<outcomes> small_node::put(group_id group, const command::any& what) {
  return send(group, {what}).get();
}

// -- reads --------------------------------------------------------------------

template <class T, class Message>
result<T> small_node::ask(std::shared_ptr<Message> what) {
  std::promise<result<T>> answer;
  auto res = answer.get_future();
  what->answer
    = make_reply<T>([&](result<T> x) { answer.set_value(std::move(x)); });
  caf::anon_send(applier_, std::move(what));
  return res.get();
}

result<history> small_node::read(const channel_key& channel) {
  auto what = std::make_shared<history_request>();
  what->range.channel = channel;
  what->range.limit = limits::history_rows_max;
  what->range.which = history_range::order::oldest;
  return ask<history>(std::move(what));
}

result<channel_view> small_node::view(const channel_key& channel) {
  auto what = std::make_shared<fetch_channel>();
  what->channel = channel;
  return ask<channel_view>(std::move(what));
}

result<user_view> small_node::view(const std::string& uid, int device_flag) {
  auto what = std::make_shared<fetch_user>();
  what->uid = uid;
  what->device_flag = device_flag;
  return ask<user_view>(std::move(what));
}

// -- the end ------------------------------------------------------------------

void small_node::stop() {
  end(true);
}

void small_node::kill() {
  end(false);
}

void small_node::end(bool in_order) {
  caf::scoped_actor self{*system_};
  auto why
    = in_order ? caf::exit_reason::user_shutdown : caf::exit_reason::kill;
  auto end_of = [&](auto& x) {
    self->monitor(x);
    self->send_exit(x, why);
    x = nullptr;
    self->receive([](const caf::down_msg&) {});
  };
  end_of(host_);
  end_of(applier_);
  end_of(writer_);
  for (auto& x : readers_)
    end_of(x);
  readers_.clear();
}

} // namespace jindou::test
