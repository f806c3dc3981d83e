#pragma once

#include "actors/http/http_options.hpp"
#include "messages/actors.hpp"

#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace jindou::actors::http::test {

/// Plays the pools: keeps what it was given and answers as it was told.
class fake_node {
public:
  using applied_list = std::vector<command::applied>;
  using proposal = std::pair<std::string, command::any>;

  node_functions functions() {
    node_functions out;
    out.deliver_user = [this](user_delivery_ptr x) { on_user(std::move(x)); };
    out.deliver_channel
      = [this](channel_delivery_ptr x) { on_channel(std::move(x)); };
    out.fetch_channel = [this](const fetch_channel_ptr& x) { on_fetch(*x); };
    out.propose_for_user
      = [this](const std::string& uid, std::vector<command::any> commands,
               const reply_ptr<applied_list>& answer) {
          std::lock_guard guard{mx};
          for (auto& x : commands)
            proposals.emplace_back(uid, std::move(x));
          answer->answer(applied_list(commands.size()));
        };
    out.ready = [] { return std::string{}; };
    out.healthy = out.ready;
    return out;
  }

  // -- what it says
  // ----------------------------------------------------------------------
  /// Answer to every delivery; `lost` drops it unanswered.
  errc delivery_error = errc::none;
  /// What apply says of the commands of an order.
  errc applied_error = errc::none;
  /// What the channel says of a message.
  errc verdict = errc::none;
  /// Answer to a fetch.
  errc fetch_error = errc::none;
  /// Keeps deliveries and fetches instead of answering.
  bool silent = false;
  std::map<channel_key, channel_view> views;
  history stored;
  /// A longer history is too large.
  std::uint32_t rows_readable = limits::history_rows_max;

  // -- what it was given
  // ----------------------------------------------------------------------
  std::mutex mx;
  std::vector<user_delivery_ptr> users;
  std::vector<channel_delivery_ptr> channels;
  std::vector<fetch_channel_ptr> fetches;
  std::vector<proposal> proposals;

  const channel_order& order(std::size_t i = 0) {
    return std::get<channel_order>(channels.at(i)->content);
  }

  const submit_batch& submitted_batch(std::size_t i = 0) {
    return std::get<submit_batch>(channels.at(i)->content);
  }

private:
  void on_user(user_delivery_ptr x) {
    std::lock_guard guard{mx};
    auto kept = x;
    users.push_back(kept);
    if (silent)
      return;
    auto& event = std::get<set_token>(kept->content.events.at(0));
    if (delivery_error == errc::none)
      event.answer->answer({});
    kept->answer(delivery_error);
  }

  void on_channel(channel_delivery_ptr x) {
    std::lock_guard guard{mx};
    channels.push_back(x);
    if (silent)
      return;
    if (delivery_error == errc::lost) {
      channels.back() = nullptr; // the last reference is the argument
      return;
    }
    if (delivery_error == errc::none)
      std::visit([this](auto& batch) { fill(batch); }, x->content);
    x->answer(delivery_error);
  }

  void on_fetch(fetch_channel& x) {
    std::lock_guard guard{mx};
    if (silent)
      return fetches.push_back(std::make_shared<fetch_channel>(x));
    if (fetch_error != errc::none)
      x.answer->answer(fetch_error);
    else
      x.answer->answer(views[x.channel]);
  }

  void fill(submit_batch& x) {
    for (auto& item : x.items) {
      item.verdict = verdict;
      item.message_id = 9'007'199'254'740'993ull + next_++;
      item.seq = verdict == errc::none ? next_ : 0;
    }
  }

  void fill(channel_order& x) {
    command::applied one;
    one.error = applied_error;
    x.answer->answer(applied_list(x.commands.size(), one));
  }

  void fill(history_request& x) {
    if (x.range.limit > rows_readable)
      x.answer->answer(errc::too_large);
    else
      x.answer->answer(stored);
  }

  void fill(subscription&) {
    ADD_FAILURE() << "back ends hold no sessions";
  }

  std::uint64_t next_ = 0;
};

} // namespace jindou::actors::http::test
