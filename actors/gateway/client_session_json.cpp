// What a connection does that speaks JSON-RPC.

#include "actors/gateway/client_session.hpp"
#include "actors/gateway/frame_encoder.hpp"

#include <utility>

namespace jindou::actors {

namespace {

/// Texts without sense in a row: what sends more is no client, and each of them
/// costs more than it does the sender.
constexpr std::size_t refused_in_a_row_max = 100;

} // namespace

/// Waits for the CONNECT as a text. Any fault before it closes the connection
/// without a word, as with frames.
void client_session::on_json_greeting() {
  if (!json_)
    json_ = std::make_unique<json_state>();
  auto first = json_->texts.cut_connect(inbox_.waiting());
  inbox_.drop(first.taken);
  if (first.verdict != errc::none)
    return break_off("no connect request");
  if (!first.connect)
    return wait_for_greeting();
  std::unique_lock guard{mx_};
  json_->open.add({0, std::move(first.id)});
  guard.unlock();
  on_connect(*first.connect, std::move(first.bytes));
}

/// Cuts texts as `inbox::cut` cuts frames. Those that are no request are
/// answered here.
inbox::batch client_session::cut_texts(std::size_t sends_max) {
  std::unique_lock guard{mx_};
  auto room = json_->open.room();
  guard.unlock();
  auto x = json_->texts.cut(inbox_.waiting(), sends_max, room);
  inbox_.drop(x.taken);
  if (!x.requests.empty()) {
    guard.lock();
    for (auto& request : x.requests)
      json_->open.add(std::move(request));
    guard.unlock();
  }
  auto sense = !x.cut.events.empty() || !x.cut.acks.empty();
  auto& in_a_row = json_->refused_in_a_row;
  in_a_row = sense ? 0 : in_a_row + x.refused.size();
  if (!x.refused.empty())
    say_refusals(x.refused);
  if (in_a_row > refused_in_a_row_max)
    x.cut.verdict = errc::malformed;
  return std::move(x.cut);
}

void client_session::say_refusals(
  const std::vector<wire::jsonrpc::refusal>& all) {
  byte_vector out;
  for (auto& x : all)
    append_refusal(x, transport_.websocket, out);
  loop_->stats().add(counter::json_texts_refused, all.size());
  say(shared_bytes{std::move(out)});
  write();
}

std::string client_session::take_request(std::uint32_t number) {
  std::lock_guard guard{mx_};
  return json_ ? json_->open.take(number) : std::string{};
}

} // namespace jindou::actors
