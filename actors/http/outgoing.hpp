#pragma once

#include "actors/http/requests.hpp"
#include "messages/channel.hpp"

#include <string>
#include <vector>

/// Messages of the business back end on their way into channels. Pure but for
/// the random numbers.
namespace jindou::actors::http {

/// Names the channel that a request means and makes its batch of one message.
/// Shape: `client_msg_no` of the request is used as it is.
submit_batch submit_of(const send_request& request);

/// The same message for one receiver of /message/sendbatch.
submit_batch submit_to(const send_request& request, const std::string& uid,
                       const std::string& client_msg_no);

/// A fresh client message number: 32 hex digits and a `0`.
std::string random_number_text();

} // namespace jindou::actors::http
