#pragma once

#include "actors/http/http_call.hpp"
#include "messages/errc.hpp"
#include "messages/ids.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Answers as v2 words them.
namespace jindou::actors::http {

/// 200 `{"status":200}`.
http_answer ok();

/// 200 with a status of its own: `{"status":N}`.
http_answer soft_status(unsigned n);

/// 400 `{"msg":"...","status":400}`, for everything that goes wrong.
http_answer failure(std::string_view text);

/// 400 for a node that could not do it.
http_answer failure(errc e);

/// Answers of the addresses of this node; with `uids` the one element of
/// /route/batch.
std::string addresses_json(const route_addresses& here, bool intranet,
                           const std::vector<std::string>* uids = nullptr);

/// Answer of /message/send.
std::string accepted_json(message_id id, std::string_view client_msg_no);

/// Someone whom /message/sendbatch could not serve.
struct failed_receiver {
  std::string uid;
  std::string reason;
};

/// Answer of /message/sendbatch.
std::string failed_json(const std::vector<failed_receiver>& failed);

/// Answer of /channel/whitelist: `null` if there is nobody.
std::string members_json(const std::vector<std::string>& uids);

/// Answer of /channel/max_message_seq.
std::string max_seq_json(message_seq seq);

} // namespace jindou::actors::http
