#include "actors/http/answers.hpp"
#include "actors/http/endpoints.hpp"
#include "actors/http/history_page.hpp"
#include "actors/http/node_calls.hpp"
#include "actors/http/outgoing.hpp"
#include "messages/channel_id.hpp"

#include <algorithm>
#include <chrono>
#include <span>

namespace jindou::actors::http {

namespace {

/// Messages of one wave of /message/sendbatch.
constexpr std::size_t wave_max = 256;

/// Payload bytes of one answer of /channel/messagesync.
constexpr std::size_t history_bytes_max = 16 << 20;

/// What v2 does not report: it has answered before it asks who may write.
bool is_refusal(errc e) {
  return e >= errc::banned && e <= errc::not_subscribed;
}

std::vector<submit_batch> wave_of(const send_request& request,
                                  std::span<const std::string> uids) {
  std::vector<submit_batch> out;
  for (const auto& uid : uids)
    out.push_back(submit_to(request, uid, random_number_text()));
  return out;
}

/// Says whether somebody did not answer in time.
bool add_failures(std::vector<failed_receiver>& to,
                  std::span<const std::string> wave,
                  const std::vector<submit_outcome>& outcomes) {
  auto late = false;
  for (std::size_t i = 0; i < wave.size(); ++i) {
    auto e = outcomes[i].verdict;
    late = late || e == errc::unknown;
    if (e != errc::none && !is_refusal(e))
      to.push_back({wave[i], std::string{to_string(e)}});
  }
  return late;
}

} // namespace

http_reply message_send(http_call& call) {
  auto request = parse_send(call.body);
  if (!request)
    co_return failure(request.error().text);
  auto to_list = !request->subscribers.empty();
  if (request->client_msg_no.empty() || to_list)
    request->client_msg_no = random_number_text();
  std::vector<submit_batch> one;
  one.push_back(submit_of(*request));
  auto outcomes = co_await submit_all(call, std::move(one));
  const auto& got = outcomes.front();
  if (got.verdict != errc::none && !is_refusal(got.verdict))
    co_return failure(got.verdict);
  if (to_list)
    co_return ok();
  co_return http_answer{200,
                        accepted_json(got.message_id, request->client_msg_no)};
}

http_reply message_send_batch(http_call& call) {
  auto request = parse_send_batch(call.body);
  if (!request)
    co_return failure(request.error().text);
  std::vector<failed_receiver> failed;
  std::vector<std::string> uids;
  for (auto& uid : request->subscribers) {
    if (has_special_characters(uid))
      failed.push_back({uid, "the uid must not contain @, # or &"});
    else
      uids.push_back(std::move(uid));
  }
  std::span<const std::string> left{uids};
  auto stuck = false;
  while (!left.empty() && !stuck) {
    auto wave = left.first(std::min(wave_max, left.size()));
    left = left.subspan(wave.size());
    auto batches = wave_of(*request, wave);
    // Each wave has the time of a whole request, as long as all goes well.
    call.deadline
      = std::chrono::steady_clock::now() + call.options.times.request;
    auto outcomes = co_await submit_all(call, std::move(batches));
    stuck = add_failures(failed, wave, outcomes);
  }
  for (const auto& uid : left)
    failed.push_back({uid, "not tried"});
  co_return http_answer{200, failed_json(failed)};
}

http_reply channel_message_sync(http_call& call) {
  auto request = parse_sync(call.body);
  if (!request)
    co_return failure(request.error().text);
  auto range = range_of(*request);
  if (!range) { // empty, but of a channel that was used it echoes the range
    auto view = co_await fetch_view(call, request->channel);
    if (!view)
      co_return failure(view.error());
    history none;
    none.last_seq = view->last_seq;
    co_return http_answer{200, history_json(*request, none, 0)};
  }
  auto found = co_await read_history(call, *range);
  while (!found && found.error() == errc::too_large && range->limit > 1) {
    // Fewer of them, then; the answer says that there are more.
    range->limit /= 2;
    request->limit = range->limit;
    found = co_await read_history(call, *range);
  }
  if (!found)
    co_return failure(found.error());
  co_return http_answer{200, history_json(*request, *found, history_bytes_max)};
}

http_reply channel_max_message_seq(http_call& call) {
  auto channel = parse_max_seq(call.query);
  if (!channel)
    co_return failure(channel.error().text);
  auto view = co_await fetch_view(call, std::move(*channel));
  if (!view)
    co_return failure(view.error());
  co_return http_answer{200, max_seq_json(view->last_seq)};
}

} // namespace jindou::actors::http
