#pragma once

#include "actors/resident.hpp"
#include "actors/user/login.hpp"
#include "actors/user/subscriptions.hpp"
#include "actors/user/user_options.hpp"
#include "actors/waiting_line.hpp"
#include "messages/actors.hpp"
#include "messages/wire/crypto.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace jindou::actors {

class user_state;
using user_pointer = resident_pointer<user_actor, user_state>;

/// All sessions of one uid and the rules for what they ask.
///
/// Events are handled in the order in which they came. One that needs a view
/// which is not there yet stops the queue until the answer arrives.
class user_state {
public:
  /// Gives this actor its name in logs and in the shell.
  static constexpr const char* name = "jindou.user";

  void start(user_pointer self, user_services_ptr services, std::string uid);
  void on_delivery(const user_delivery_ptr& x);
  void on_submitted(const submitted_ptr& x);
  void on_subscribed(const subscribed& x);
  void on_fetched(const user_fetched& x);
  void on_applied(const applied_ptr& x);
  void on_tick();
  void on_idle();
  std::string on_status() const;

  /// Works off what waits, unless this turn brings more. Every message ends
  /// with it: whichever is the last of a turn finds all that came before.
  void work();

  // -- handlers of the Connect chain
  // -------------------------------------------
  static step fetch_login_view(login& x);
  static step authenticate_login(login& x);
  static step agree_on_keys(login& x);
  static step settle_conflicts(login& x);
  static step establish(login& x);

  // -- handlers of the OnSend chain
  // --------------------------------------------
  static step check_send_ban(sending& x);
  static step check_rates(sending& x);
  static step decrypt(sending& x);
  static step check_limits(sending& x);
  static step submit(sending& x);

private:
  /// A device record under way.
  struct pending_token {
    user_delivery_ptr from;
    const set_token* order = nullptr;
    std::int64_t since_ms = 0;
  };

  bool more_comes() const;
  bool handle_next();
  void handle(const user_delivery_ptr& from, const user_event& event);
  bool next_continues(const session_ptr& session) const;
  void collect_sends();
  void run_login();
  void refuse(const login& x, errc why);
  void run_sending();
  void close_session(const session_ptr& who);
  void write_token(const user_delivery_ptr& from, const set_token& x);
  void recv_ack(const session_ptr& from, const wire::recvack_frame& f);
  std::size_t take_pings();
  void subscribe(const user_delivery_ptr& from, const sub_request& x);
  void unsubscribe_all(const session_ptr& who);
  void push_again();
  void on_failure(std::string_view why);
  void try_one_by_one(const sending& failed);
  void set_aside(const sending& failed, std::string_view why);
  void kick_all(std::uint8_t device_flag);
  void fetch_view(int device_flag);
  std::uint64_t view_version() const;
  std::size_t place_of(std::vector<submit_batch>& batches,
                       std::vector<std::size_t>& bytes,
                       const wire::send_frame& f) const;
  void submit_to(const sending& x, submit_batch batch);

  user_pointer self_ = nullptr;
  user_services_ptr services_;
  std::string uid_;
  std::vector<session_ptr> sessions_;
  subscriptions subscriptions_;

  waiting_line<user_delivery_ptr> waiting_;
  /// The batch that is being handled and its next event.
  user_delivery_ptr current_;
  std::size_t next_event_ = 0;
  /// At most one of them waits for a view.
  std::unique_ptr<login> login_;
  std::unique_ptr<sending> sending_;
  /// Frames of a run that failed, in front of all others; the last is next.
  std::vector<std::unique_ptr<sending>> retries_;

  token_bucket bucket_;
  bool have_flags_ = false;
  std::uint32_t channel_flags_ = 0;
  std::uint64_t flags_version_ = 0;
  bool fetching_ = false;
  errc fetch_error_ = errc::none;
  std::uint64_t last_request_ = 0;
  std::map<std::uint64_t, pending_token> tokens_;
};

/// Creates the behavior of one USER.
user_actor::behavior_type user(user_pointer self, user_services_ptr services,
                               std::string uid);

} // namespace jindou::actors
