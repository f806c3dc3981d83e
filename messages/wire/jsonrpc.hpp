#pragma once

#include "messages/bytes.hpp"
#include "messages/errc.hpp"
#include "messages/limits.hpp"
#include "messages/result.hpp"
#include "messages/wire/codec.hpp"
#include "messages/wire/frame.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

/// The same frames as JSON-RPC 2.0 texts: requests and notifications of clients
/// become frames, frames of the server become responses and notifications.
/// Never encrypted; on TCP the objects follow each other without separator.
namespace jindou::wire::jsonrpc {

/// Largest text of one object, white space before it included.
constexpr std::size_t text_bytes_max = limits::frame_body_bytes_max;

/// Deepest nesting of objects and arrays in one text.
constexpr std::size_t depth_max = 64;

/// Says whether a connection that begins with `first` speaks JSON-RPC; nothing
/// while there is only white space.
std::optional<bool> speaks_json(byte_span first);

/// The text of one object and the number of bytes that it took, with the white
/// space before it.
struct object {
  std::string_view text;
  std::size_t bytes = 0;
};

/// Bytes that are no object.
/// Errors: `errc::malformed`: drop `bytes` bytes and go on; `errc::too_large`:
///         no end in sight, close the connection.
struct fault {
  errc error = errc::none;
  std::size_t bytes = 0;
};

/// Cuts objects from a stream by their braces; whether they are good JSON is
/// seen later. Remembers how far it has looked, so that an object which arrives
/// in many pieces is looked at once.
class scanner {
public:
  /// Cuts the first object of `input`, which begins with the same byte as the
  /// last time while that was `need_more`, and else after what was taken.
  std::variant<object, need_more, fault> cut(byte_span input);

private:
  void step(char c);
  void reset();

  std::size_t seen_ = 0;  // bytes looked at
  std::size_t begin_ = 0; // of the object, once `braces_` > 0
  std::size_t braces_ = 0;
  bool in_string_ = false;
  bool escaped_ = false;
};

/// A request or notification of a client as a frame.
struct request {
  wire::frame frame;
  std::string id;                    // "" for a notification
  std::shared_ptr<const void> texts; // what the views of `frame` point into
};

/// Why a text was refused, in the words that clients of the original know.
struct refusal {
  std::string id; // "" when it could not be read
  std::string message;
};

/// Returns 32 random hex digits, for a SEND without client message number.
std::string random_number();

/// Decodes one object to CONNECT, SEND, RECVACK, PING, SUB or DISCONNECT.
/// Errors: everything else is refused; see `encode_error`.
result<request, refusal> decode(std::string_view text,
                                std::string (*fresh_number)() = random_number);

/// Appends the text of CONNACK, SENDACK, SUBACK, PONG (as answer to the request
/// `id`), RECV, EVENT or DISCONNECT to `out`.
/// Errors: `errc::unsupported` for other frames, then `out` is unchanged.
errc encode(const frame& f, std::string_view id, byte_vector& out);

/// Appends the answer to a refused text to `out`.
void encode_error(const refusal& why, byte_vector& out);

} // namespace jindou::wire::jsonrpc
