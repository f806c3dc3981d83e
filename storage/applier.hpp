#pragma once

#include "messages/actors.hpp"
#include "messages/metrics.hpp"
#include "storage/cut_scheduler.hpp"
#include "storage/cut_work.hpp"
#include "storage/state_store.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace jindou::storage {

/// Group of each slot.
using group_map = std::array<group_id, limits::slots>;

struct applier_options {
  state_options state;
  /// What the start of the store found; only read when the applier starts.
  std::shared_ptr<const start_report> report;
  std::shared_ptr<const group_map> groups;
  std::shared_ptr<slot_versions> versions;
  metrics_ptr counters;
  log_writer_actor writer;
  std::vector<reader_actor> readers;
  /// Age of a change that a cut should write.
  std::chrono::milliseconds cut_age{500};
  /// How long the journal of a replica grows before a fold.
  std::chrono::milliseconds fold_age{30'000};
  /// Called once when the disk failed and nothing may be answered any more;
  /// the node ends the process with code 74 in it.
  std::function<void(const error&)> fatal;
};

/// Says what is missing or out of its bounds; empty = nothing.
std::string validate(const applier_options& x);

/// Memory of the APPLIER: the applied state of its groups.
class applier_state {
public:
  static constexpr const char* name = "jindou.applier";

  explicit applier_state(applier_actor::pointer self) : self_(self) {
    // nop
  }

  void start(applier_options options);

  void on_order(const apply_order_ptr& order);
  void on_durable(const cut_work_ptr& work);
  void on_fetch_user(const fetch_user& what);
  void on_fetch_channel(const fetch_channel& what);
  void on_fetch_person(const fetch_person& what);
  void on_history(const history_request& what);
  void on_tick();
  std::string on_status() const;

  /// Hands the writer a last cut of everything, then ends.
  void on_exit(const caf::error& reason);

private:
  using clock_type = std::chrono::steady_clock;

  /// An order that has not been carried out to its end.
  struct order_at {
    apply_order_ptr order;
    raft_host_actor host;
    std::size_t next = 0;
    std::vector<command::applied> results;
  };

  /// One replica and what waits for it.
  struct member {
    replica_store* store = nullptr;
    std::deque<order_at> orders;
    /// Damaged: applies and answers nothing any more.
    bool broken = false;
  };

  // applier.cpp: orders
  void carry_out(std::size_t i);
  bool apply_items(std::size_t i, order_at& x);
  bool make_room(std::size_t i);
  void answer(order_at& x);
  void refuse(const order_at& x, errc why);
  void refuse_all(std::size_t i);

  // applier.cpp: cuts and folds
  void cut(std::size_t i, bool in_turn);
  void fold_if_due(clock_type::time_point now);
  bool has_no_cut_under_way(std::size_t i) const;
  void fold(std::size_t i);
  void hand_over(state_change&& x);
  void load_next();
  void plan_tick();

  // applier.cpp: faults
  bool usable(std::size_t i);
  void set_aside(std::size_t i);
  void on_aside(group_id group);
  errc failed(std::size_t i, const error& why);

  // applier_reads.cpp
  result<user_view> view_of(const fetch_user& what, replica_store& mine);
  result<channel_view> view_of(const fetch_channel& what);
  result<person_view> view_of(const fetch_person& what);
  result<read_rows_ptr> resolve(const history_request& what);
  jindou::result<std::size_t> place_of(std::uint64_t hash);
  template <class View, class Fetch>
  void answer_fetch(const Fetch& what, std::uint64_t hash);

  applier_actor::pointer self_;
  applier_options options_;
  std::unique_ptr<state_store> store_;
  std::vector<member> members_;
  std::map<group_id, std::size_t> places_;
  std::vector<slot_id> changed_slots_;
  cut_scheduler cuts_{0, {}};
  fold_scheduler folds_{0, {}};
  std::map<const cut_work*, std::size_t> under_way_;
  bool fold_under_way_ = false;
  std::size_t next_to_load_ = 0;
  std::size_t next_reader_ = 0;
  std::uint64_t next_number_ = 1;
  std::optional<clock_type::time_point> next_tick_;
  bool dead_ = false;
};

/// Creates the behavior of the APPLIER.
applier_actor::behavior_type
applier(applier_actor::stateful_pointer<applier_state> self,
        applier_options options);

} // namespace jindou::storage
