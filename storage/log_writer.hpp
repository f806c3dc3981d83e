#pragma once

#include "messages/actors.hpp"
#include "messages/metrics.hpp"
#include "storage/copy_desk.hpp"
#include "storage/cut_work.hpp"
#include "storage/disk_room.hpp"
#include "storage/log_store.hpp"
#include "storage/store_health.hpp"

#include <caf/actor_clock.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace jindou::storage {

struct log_writer_options {
  /// Opened by whoever spawns, since others need the start report, too.
  std::shared_ptr<log_store> store;
  metrics_ptr counters;
  /// Called once when the disk failed and nothing may be answered any more;
  /// the node ends the process with code 74 in it.
  std::function<void(const error&)> fatal;
  /// Wait before a flush to gather more.
  std::chrono::nanoseconds linger{0};
  room_limits room{};
  /// How often the free space is measured; 0 = never.
  std::chrono::milliseconds probe{0};
  /// Replaces the measurement, for tests.
  std::function<std::uint64_t()> free_bytes{};
  std::shared_ptr<store_health> health = std::make_shared<store_health>();
  /// Looked at in each flush, so whoever orders a copy sends one.
  std::shared_ptr<copy_desk> desk = std::make_shared<copy_desk>();
};

/// Memory of the LOG WRITER: what waits for the next flush.
class log_writer_state {
public:
  static constexpr const char* name = "jindou.log-writer";

  explicit log_writer_state(log_writer_actor::pointer self) : self_(self) {
    // nop
  }

  void start(log_writer_options options);

  void on_order(const log_order_ptr& order);
  void on_work(const cut_work_ptr& work);
  void on_quarantine(const quarantine_row_ptr& row);
  void on_flush();
  std::string on_status() const;

  /// Flushes what was collected, empties the write-ahead log, closes.
  void on_exit(const caf::error& reason);

private:
  /// An order in a flush; one that follows a failed one takes no part.
  struct ordered {
    log_order_ptr order;
    bool follows = false;
  };

  /// What goes into one flush, taken out of the queues.
  struct share {
    std::vector<ordered> orders;
    cut_work_ptr cut;
    cut_work_ptr fold;
    std::vector<quarantine_row_ptr> events;
  };

  /// A damaged replica that is not noted yet, and whether the applier knows.
  struct damage {
    cut_work_ptr work;
    bool told = false;
  };

  void wake();
  void go_on();
  bool works_wait() const;
  bool follows(const log_batch& batch);
  void take_orders(share& to);
  share take_share();
  result<flush_report> write(const share& x);
  void succeeded(const share& x, flush_report done);
  void no_room(const share& x, const error& why);
  void checkpoint();
  void close();
  void flush();
  void copy();
  void end_copy(result<void> how);
  void set_aside();
  void probe();
  void look_at_room();
  void use_reserve();
  void show_room();
  void answer(const log_order& order, flush_result x);
  void fail(const error& why);

  log_writer_actor::pointer self_;
  log_writer_options options_;
  std::deque<log_order_ptr> orders_;
  std::deque<cut_work_ptr> cuts_;
  std::deque<cut_work_ptr> folds_;
  std::deque<damage> asides_;
  std::deque<quarantine_row_ptr> events_;
  /// Number of the last job that was made durable, by group.
  std::map<group_id, std::uint64_t> jobs_;
  /// When work for which there was no room is tried again.
  caf::actor_clock::time_point retry_at_{};
  caf::actor_clock::time_point probe_at_{};
  copy_order_ptr copy_order_;
  std::optional<page_copy> copy_;
  caf::actor_clock::time_point copy_at_{};
  disk_room room_{{}};
  bool awake_ = false;
  /// The last write found no room, and work waits for some.
  bool full_ = false;
  bool failed_ = false;
};

/// Creates the behavior of the LOG WRITER.
log_writer_actor::behavior_type
log_writer(log_writer_actor::stateful_pointer<log_writer_state> self,
           log_writer_options options);

} // namespace jindou::storage
