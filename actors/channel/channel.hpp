#pragma once

#include "actors/channel/channel_options.hpp"
#include "actors/channel/distribution.hpp"
#include "actors/channel/listener_set.hpp"
#include "actors/channel/subscriber_set.hpp"
#include "actors/resident.hpp"
#include "actors/waiting_line.hpp"
#include "messages/actors.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace jindou::actors {

class channel_state;
using channel_pointer = resident_pointer<channel_actor, channel_state>;

/// Memory and rules of one CHANNEL: the ordered queue of its messages.
///
/// A batch of submits runs through the Distribute chain. It may stop in front
/// of a missing view: then the channel waits, so that nothing overtakes. Once
/// proposed it flies: the next batch is taken up at once, and flights land in
/// the order in which they took off. What one turn of the scheduler brings is
/// proposed together and pushed together.
class channel_state {
public:
  /// Gives this actor its name in logs and in the shell.
  static constexpr const char* name = "jindou.channel";

  void start(channel_pointer self, channel_services_ptr services,
             channel_key key);
  void on_delivery(const channel_delivery_ptr& x);
  void on_applied(const applied_ptr& x);
  void on_channel(const channel_fetched& x);
  void on_person(const person_fetched& x);
  void on_tick();
  void on_idle();
  std::string on_status() const;

  /// Works off what waits, unless this turn brings more. Every message ends
  /// with it: whichever is the last of a turn finds all that came before.
  void work();

  // -- handlers of the Distribute chain
  // ----------------------------------------
  static step check_rate(distribution& x);
  static step check_view(distribution& x);
  static step check_permission(distribution& x);
  static step build_records(distribution& x);
  static step replicate(distribution& x);
  static step post_process(distribution& x);

private:
  /// An order under way: the channel waits for it. A long one goes into the log
  /// in parts, one behind the other.
  struct pending_order {
    channel_delivery_ptr from;
    std::int64_t since_ms = 0;
    std::uint64_t request = 0; // the part under way
    std::size_t proposed = 0;  // commands, with that part
    std::vector<command::applied> results;
  };

  struct cached_person {
    std::uint64_t version = 0;
    person_view view;
  };

  bool more_comes() const;
  void take_waiting();
  void make_runway(distribution& x);
  void take_off();
  void begin_submit(channel_delivery_ptr x);
  void begin_order(channel_delivery_ptr x);
  void begin_history(const channel_delivery_ptr& x);
  void begin_subscription(channel_delivery_ptr x);
  errc subscribe(subscription& x);
  errc unsubscribe(const subscription& x);
  void review_listeners();
  void advance(std::unique_ptr<distribution> x);
  void try_again_or_set_aside(std::unique_ptr<distribution> x,
                              std::string_view why);
  void land_flights();
  void propose_order_part();
  void on_order_part(const applied_batch& x);
  void finish_order(errc outcome);
  void count_order(event_type event, std::int64_t since_ms, errc outcome);
  subscriber_set& list_of(command::list which);
  void edit_lists(const command::any& x);
  void edit_flags(const command::channel_put& x);
  void add_members(const command::members_add& x);

  void fetch_view();
  void ask_about(std::string_view owner, std::string_view sender);
  bool view_is_fresh() const;
  step ask_person(const distribution& x);
  errc ask_lists(std::string_view uid) const;

  void propose_block(group_id group, std::uint64_t request, mutable_block block,
                     std::vector<std::uint32_t> ends);
  void fan_out(distribution& x);
  void push_gathered();
  void push_to(const std::shared_ptr<const push_content>& content,
               const std::vector<subscriber_set::part>& parts);
  void push_to_listeners(const std::shared_ptr<const push_content>& content);
  void push_part(push_batch part);
  bool has_two_ends() const;
  std::string_view guest() const;
  bool is_receiver(std::string_view uid) const;
  std::vector<subscriber_set::part> receivers();
  bool makes_conversations() const;
  void remember_conversation(const distribution& x);
  void count(const distribution& x);
  message_id next_id();

  channel_pointer self_ = nullptr;
  channel_services_ptr services_;
  channel_key key_;
  /// Whose record and lists count: the channel without the command suffix.
  channel_key lists_key_;
  std::uint64_t hash_ = 0;

  // -- the view
  // ----------------------------------------------------------------
  bool loaded_ = false;
  bool fetching_ = false;
  errc fetch_error_ = errc::none;
  std::uint64_t version_ = 0;
  std::uint32_t flags_ = 0;
  std::uint32_t chan_no_ = 0;
  subscriber_set subscribers_;
  subscriber_set denied_;
  subscriber_set allowed_;
  /// Sessions that have subscribed to a data channel; null: none has.
  std::unique_ptr<listener_set> listeners_;
  /// By sender; at most the two ends of a person channel.
  std::map<std::string, cached_person, std::less<>> persons_;

  token_bucket bucket_;

  // -- the queue
  // ---------------------------------------------------------------
  waiting_line<channel_delivery_ptr> waiting_;
  /// The batch that waits for a view, in front of `waiting_`.
  std::unique_ptr<distribution> blocked_;
  /// The same of a subscription; at most one of both.
  channel_delivery_ptr blocked_subscription_;
  std::unique_ptr<pending_order> order_;
  /// Records of the batches that take off together, and where they end.
  mutable_block runway_;
  std::vector<std::uint32_t> runway_ends_;
  std::uint64_t runway_request_ = 0;
  /// Pushes of this turn, for the channel's own receivers.
  std::shared_ptr<push_content> gathered_;
  std::size_t gathered_bytes_ = 0;
  waiting_line<std::unique_ptr<distribution>> flights_;
  std::uint64_t last_request_ = 0;
  std::shared_ptr<std::atomic<std::int64_t>> pushes_
    = std::make_shared<std::atomic<std::int64_t>>(0);
};

/// Creates the behavior of one CHANNEL.
channel_actor::behavior_type
channel(channel_pointer self, channel_services_ptr services, channel_key key);

} // namespace jindou::actors
