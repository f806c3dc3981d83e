#include "actors/gateway/client_session.hpp"

#include "actors/gateway/frame_encoder.hpp"
#include "actors/gateway/login_rules.hpp"
#include "messages/wire/reason.hpp"

#include <algorithm>
#include <utility>

namespace jindou::actors {

namespace {

/// The answer to a SEND that reached nobody.
wire::sendack_frame sendack_of(const wire::send_frame& f, message_id id,
                               wire::reason why) {
  wire::sendack_frame ack;
  ack.flags = f.flags;
  ack.message_id = static_cast<std::int64_t>(id);
  ack.client_seq = f.client_seq;
  ack.reason = static_cast<std::uint8_t>(why);
  return ack;
}

} // namespace

client_session::client_session(std::shared_ptr<io_loop> loop, connection_id id,
                               io_loop::socket_type socket,
                               const boost::asio::ip::tcp::endpoint& peer,
                               door_kind kind)
    : id_(id),
      loop_(std::move(loop)),
      socket_(std::move(socket)),
      address_(peer.address()),
      kind_(kind),
      unacked_(loop_->options().unacked_max,
               loop_->options().outbox_bytes_max / 2) {
  transport_.websocket = kind.websocket;
  transport_.remote_address
    = address_.to_string() + ':' + std::to_string(peer.port());
  if (kind.websocket)
    websocket_ = std::make_unique<websocket_state>();
}

client_session::~client_session() {
  if (unanswered_ > 0)
    loop_->state().window.leave();
  loop_->answered_in_bulk(in_bulk_);
}

// -- the port -----------------------------------------------------------------

std::shared_ptr<const session_identity> client_session::identity() const {
  return has_identity_.load(std::memory_order_acquire) ? identity_ : nullptr;
}

void client_session::establish(session_identity who, shared_bytes connack) {
  std::unique_lock guard{mx_};
  if (has_identity_)
    return;
  identity_ = std::make_shared<const session_identity>(std::move(who));
  has_identity_.store(true, std::memory_order_release);
  if (ending_)
    return;
  outbox_.open(std::move(connack));
  wishes_.established = true;
  tell(std::move(guard));
}

void client_session::refuse(shared_bytes connack) {
  std::unique_lock guard{mx_};
  if (!has_identity_) // else it was accepted, which stands
    say_last(std::move(guard), std::move(connack),
             std::chrono::milliseconds{0});
}

session::pushed client_session::append(shared_bytes frames) {
  std::unique_lock guard{mx_};
  if (ending_)
    return pushed::closed;
  switch (outbox_.push(std::move(frames), loop_->options().outbox_bytes_max)) {
  case outbox::verdict::queued:
    return pushed::queued;
  case outbox::verdict::wake:
    return pushed::wake;
  case outbox::verdict::full:
    break;
  }
  if (!said_last_) // else it must get to know that it is kicked
    overflow(std::move(guard));
  return pushed::full;
}

void client_session::answered(std::size_t n) {
  auto take = [n](std::atomic<std::size_t>& from) { // returns what was there
    auto before = from.load();
    while (!from.compare_exchange_weak(before, before - std::min(before, n)))
      continue;
    return before;
  };
  auto before = take(unanswered_);
  if (before > 0 && before <= n)
    loop_->state().window.leave();
  loop_->answered_in_bulk(std::min(take(in_bulk_), n));
  if (!has_waited_enough())
    return;
  tell(std::unique_lock{mx_});
}

bool client_session::has_waited_enough() const {
  auto goal = waits_for_.load();
  return goal >= 0 && static_cast<std::int64_t>(unanswered_.load()) <= goal;
}

void client_session::close(wire::reason why, std::string_view text,
                           std::chrono::milliseconds linger) {
  shared_bytes frame;
  if (auto who = identity(); who && why != wire::reason::unknown) {
    wire::disconnect_frame f;
    f.reason = static_cast<std::uint8_t>(why);
    f.reason_text = text;
    frame = encoded_frame(*who, transport_.websocket, f);
  }
  say_last(std::unique_lock{mx_}, std::move(frame), linger);
}

void client_session::remember(unacked_recv x) {
  std::unique_lock guard{mx_};
  auto forgotten = ending_ ? 0 : unacked_.remember(std::move(x));
  guard.unlock();
  if (forgotten > 0)
    loop_->stats().add(counter::recvs_forgotten, forgotten);
}

bool client_session::acknowledge(message_id id) {
  std::lock_guard guard{mx_};
  return unacked_.acknowledge(id);
}

void client_session::acknowledge_all(const std::vector<message_id>& ids) {
  loop_->stats().add(counter::recvacks, ids.size());
  std::lock_guard guard{mx_};
  for (auto id : ids)
    unacked_.acknowledge(id);
}

std::vector<unacked_recv> client_session::take_due(std::int64_t before_ms,
                                                   std::int64_t now_ms,
                                                   unsigned attempts_max) {
  std::lock_guard guard{mx_};
  return unacked_.take_due(before_ms, now_ms, attempts_max);
}

/// Has the io thread look at what was asked for.
void client_session::tell(guard_type guard) {
  auto news = outbox_.mark();
  guard.unlock();
  if (news)
    loop_->wake({shared_from_this()});
}

/// More waits than the bound allows: the client reads too slowly, or not at
/// all.
void client_session::overflow(guard_type guard) {
  ending_ = true;
  wishes_.overflow = true;
  tell(std::move(guard));
}

/// Appends the last words, beyond any bound, and asks for the end. Who is
/// logged in is served until it comes; asked again, it comes earlier at most.
void client_session::say_last(guard_type guard, shared_bytes frames,
                              std::chrono::milliseconds linger) {
  if (ending_)
    return;
  ending_ = !has_identity_ || linger.count() == 0;
  if (!has_identity_) { // nothing may come before a CONNACK
    outbox_.drop_waiting();
    outbox_.open({});
  }
  if (!std::exchange(said_last_, true))
    outbox_.push_last(std::move(frames));
  wishes_.close_after = std::min(wishes_.close_after.value_or(linger), linger);
  tell(std::move(guard));
}

// -- deliveries ---------------------------------------------------------------

void client_session::deliver(inbox::batch x) {
  if (x.sends > 0 && unanswered_.fetch_add(x.sends) == 0)
    loop_->state().window.enter();
  if (bulk_) {
    loop_->bulk().take(x.sends); // before anybody can give it back
    in_bulk_ += x.sends;
  }
  deliver({uid_, shared_from_this(), std::move(x.bytes), std::move(x.events)});
}

void client_session::deliver(user_batch x) {
  auto places = static_cast<std::int64_t>(x.events.size());
  auto answer = [](user_batch& batch, errc outcome) {
    if (outcome != errc::none) // else the user answers
      static_cast<client_session&>(*batch.from).on_failure(batch, outcome);
  };
  loop_->options().deliver(
    std::make_shared<user_delivery>(std::move(x), places, answer));
}

void client_session::report_closed() {
  deliver({uid_, shared_from_this(), {}, {session_closed{}}});
}

/// Nobody has taken the batch: answers for the user. Any thread.
void client_session::on_failure(const user_batch& x, errc outcome) {
  auto& first = x.events.front();
  if (std::holds_alternative<session_closed>(first))
    loop_->report_later(
      std::static_pointer_cast<client_session>(shared_from_this()));
  else if (std::holds_alternative<connect_request>(first))
    refuse_login(outcome);
  else
    answer_all(x, wire::reason_of(outcome));
}

void client_session::answer_all(const user_batch& x, wire::reason why) {
  auto who = identity();
  auto ws = transport_.websocket;
  auto request = [&](std::uint32_t number) {
    return who->json_rpc ? take_request(number) : std::string{};
  };
  byte_vector out;
  std::size_t sends = 0;
  std::size_t subs = 0;
  for (auto& e : x.events) {
    if (auto* f = std::get_if<wire::send_frame>(&e)) {
      auto ack = sendack_of(*f, loop_->options().next_message_id(), why);
      append_frame(*who, ws, ack, out, request(f->client_seq));
      ++sends;
    } else if (auto* sub = std::get_if<sub_request>(&e)) {
      append_frame(*who, ws, answer_to(sub->frame, why), out,
                   request(sub->number));
      ++subs;
    } else if (std::holds_alternative<wire::ping_frame>(e)) {
      append_frame(*who, ws, wire::pong_frame{}, out, request(0));
    }
  }
  if (!out.empty())
    send(shared_bytes{std::move(out)}, shared_from_this());
  loop_->stats().add(counter::sends_refused, sends);
  answered(sends + subs);
}

void client_session::refuse_login(errc why) {
  loop_->stats().add(counter::logins_refused);
  if (refused_in_silence(why, json_ != nullptr))
    return refuse({});
  wire::connack_frame f;
  f.has_server_version = client_version_ > 3;
  f.server_version = std::min(client_version_, wire::latest_version);
  f.reason = static_cast<std::uint8_t>(wire::reason_of(why));
  f.node_id = loop_->options().node;
  auto ws = transport_.websocket;
  refuse(json_ ? encoded_text(take_request(0), ws, f)
               : encoded_frame(f.server_version, ws, f));
}

} // namespace jindou::actors
