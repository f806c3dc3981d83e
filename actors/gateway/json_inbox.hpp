#pragma once

#include "actors/gateway/inbox.hpp"
#include "messages/wire/jsonrpc.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace jindou::actors {

/// Longest id of a request: we keep it until the answer is on its way.
constexpr std::size_t request_id_bytes_max = 256;

/// A request whose answer must carry its id; 0 numbers all that are neither
/// SEND nor SUB.
struct open_request {
  std::uint32_t number = 0;
  std::string id;
};

/// The ids of the requests of one connection that have no answer yet; pure,
/// guarded by its session. SENDs and SUBs are bound by the window of the
/// session, all others here.
class open_requests {
public:
  /// CONNECT and PINGs that may be unanswered.
  static constexpr std::size_t others_max = 64;

  /// Places that are free for requests without a number.
  std::size_t room() const {
    return others_max - others_.size();
  }

  void add(open_request x);

  /// Takes an id, empty if there is none; 0 takes the oldest without a number.
  std::string take(std::uint32_t number);

  std::size_t size() const {
    return numbered_.size() + others_.size();
  }

private:
  std::map<std::uint32_t, std::string> numbered_;
  std::deque<std::string> others_;
};

/// Cuts requests and notifications out of the texts that one JSON-RPC client
/// sends; pure. Numbers SENDs and SUBs, which have no number of their own
/// there. The bytes wait at the caller, who drops what is `taken`.
class json_inbox {
public:
  /// The first request of a connection.
  struct first_request {
    errc verdict = errc::none; // not none: close the connection
    std::optional<wire::connect_frame> connect;
    std::string id;
    shared_bytes bytes; // what the views point into
    std::size_t taken = 0;
  };

  /// Requests for the user, texts to be answered with an error.
  struct batch {
    /// Its verdict ends the connection behind the events: a text without end,
    /// or `errc::stopping` for a client that says good-bye.
    inbox::batch cut;
    std::vector<open_request> requests;
    std::vector<wire::jsonrpc::refusal> refused;
    std::size_t taken = 0;
    /// What the views of the events point into.
    std::vector<std::shared_ptr<const void>> texts;
  };

  /// Cuts the CONNECT. Neither verdict nor frame: more bytes are needed.
  first_request cut_connect(byte_span input);

  /// Cuts up to `limits::frames_per_batch_max` texts with at most `sends_max`
  /// SENDs and SUBs and `others_max` other requests; more of these are refused.
  batch cut(byte_span input, std::size_t sends_max, std::size_t others_max);

private:
  /// Where a batch stops.
  struct bounds {
    std::size_t sends;
    std::size_t others;
  };

  bool cut_one(byte_span input, bounds& left, batch& to);
  void take(wire::jsonrpc::request x, bounds& left, batch& to);
  void take_send(wire::send_frame f, std::string id, batch& to);
  void take_sub(const wire::sub_frame& f, std::string id, batch& to);
  std::uint32_t next_number();

  wire::jsonrpc::scanner scanner_;
  std::uint32_t last_number_ = 0;
};

} // namespace jindou::actors
