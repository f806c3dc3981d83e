#include "actors/http/node_calls.hpp"

#include "actors/http/ask.hpp"
#include "messages/actors.hpp"

#include <algorithm>

namespace jindou::actors::http {

namespace {

using applied_list = std::vector<command::applied>;

/// Proposals of one wave of conversation changes.
constexpr std::size_t wave_max = 512;

/// Passes a failed delivery on as the answer; a good one answers otherwise.
template <class Batch, class T>
auto failed_to(answer_to<T> to) {
  return [to = std::move(to)](Batch&, errc e) {
    if (e != errc::none)
      to(e);
  };
}

void start_submit(http_call& call, submit_batch batch,
                  answer_to<submit_outcome> to) {
  auto answered = [to = std::move(to)](channel_batch& x, errc e) {
    auto batch_back = std::get_if<submit_batch>(&x);
    if (e == errc::none && batch_back && !batch_back->items.empty()) {
      const auto& item = batch_back->items.front();
      to(submit_outcome{item.verdict, item.message_id, item.seq});
    } else {
      to(e == errc::none ? errc::lost : e);
    }
  };
  call.options.node.deliver_channel(std::make_shared<channel_delivery>(
    channel_batch{std::move(batch)}, 1, std::move(answered)));
}

} // namespace

waiting<result<channel_view>> fetch_view(http_call& call, channel_key channel) {
  co_return co_await ask<channel_view>(call, [&](answer_to<channel_view> to) {
    auto question = std::make_shared<fetch_channel>();
    question->channel = std::move(channel);
    question->answer = make_reply<channel_view>(std::move(to));
    call.options.node.fetch_channel(std::move(question));
  });
}

waiting<errc> carry_out(http_call& call, channel_order order) {
  auto answer
    = co_await ask<applied_list>(call, [&](const answer_to<applied_list>& to) {
        order.answer = make_reply<applied_list>(to);
        call.options.node.deliver_channel(std::make_shared<channel_delivery>(
          channel_batch{std::move(order)}, 1, failed_to<channel_batch>(to)));
      });
  if (!answer)
    co_return answer.error();
  for (const auto& x : *answer)
    if (x.error != errc::none && x.error != errc::not_found)
      co_return x.error;
  co_return errc::none;
}

waiting<std::vector<submit_outcome>> submit_all(http_call& call,
                                                std::vector<submit_batch> all) {
  auto answers = co_await ask_each<submit_outcome>(
    call, all.size(), [&](std::size_t i, answer_to<submit_outcome> to) {
      start_submit(call, std::move(all[i]), std::move(to));
    });
  std::vector<submit_outcome> out(answers.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (answers[i])
      out[i] = *answers[i];
    else
      out[i].verdict = answers[i].error();
  }
  co_return out;
}

waiting<result<history>> read_history(http_call& call, history_range range) {
  co_return co_await ask<history>(call, [&](const answer_to<history>& to) {
    history_request question;
    question.range = std::move(range);
    question.answer = make_reply<history>(to);
    call.options.node.deliver_channel(std::make_shared<channel_delivery>(
      channel_batch{std::move(question)}, 1, failed_to<channel_batch>(to)));
  });
}

waiting<errc> write_token(http_call& call, std::string uid, set_token event) {
  auto answer = co_await ask<void>(call, [&](const answer_to<void>& to) {
    event.answer = make_reply<void>(to);
    user_batch batch;
    batch.uid = std::move(uid);
    batch.events.emplace_back(std::move(event));
    call.options.node.deliver_user(std::make_shared<user_delivery>(
      std::move(batch), 1, failed_to<user_batch>(to)));
  });
  co_return answer ? errc::none : answer.error();
}

waiting<void>
change_conversations(http_call& call, std::span<const std::string> uids,
                     std::function<command::any(const std::string&)> make) {
  while (!uids.empty() && std::chrono::steady_clock::now() < call.deadline) {
    auto wave = uids.first(std::min(wave_max, uids.size()));
    uids = uids.subspan(wave.size());
    co_await ask_each<applied_list>(
      call, wave.size(), [&](std::size_t i, answer_to<applied_list> to) {
        std::vector<command::any> commands;
        commands.push_back(make(wave[i]));
        call.options.node.propose_for_user(
          wave[i], std::move(commands),
          make_reply<applied_list>(std::move(to)));
      });
  }
}

} // namespace jindou::actors::http
