#pragma once

#include "actors/http/http_call.hpp"
#include "messages/channel.hpp"
#include "messages/command.hpp"
#include "messages/errc.hpp"
#include "messages/history.hpp"
#include "messages/policy.hpp"
#include "messages/user.hpp"

#include <functional>
#include <span>
#include <string>
#include <vector>

/// The questions of the endpoints to the rest of the node, each answered by
/// the deadline of the call.
namespace jindou::actors::http {

template <class T>
using waiting = boost::asio::awaitable<T>;

/// What became of a message.
struct submit_outcome {
  errc verdict = errc::none;
  jindou::message_id message_id = 0;
  message_seq seq = 0;
};

/// Reads what is applied of a channel.
waiting<result<channel_view>> fetch_view(http_call& call, channel_key channel);

/// Carries out an order; none if every command changed or found what it names.
waiting<errc> carry_out(http_call& call, channel_order order);

/// Gives messages to their channels, all at once.
/// Shape: one outcome per batch of one message; a channel that did not answer
///        shows as `verdict`.
waiting<std::vector<submit_outcome>> submit_all(http_call& call,
                                                std::vector<submit_batch> all);

/// Reads history of a channel.
waiting<result<history>> read_history(http_call& call, history_range range);

/// Writes a device record, after the events that wait for the user.
waiting<errc> write_token(http_call& call, std::string uid, set_token event);

/// Makes one command for each uid and proposes it to the group of that uid.
/// Best effort: the list that it follows from stands already.
waiting<void>
change_conversations(http_call& call, std::span<const std::string> uids,
                     std::function<command::any(const std::string&)> make);

} // namespace jindou::actors::http
