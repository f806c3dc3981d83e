#pragma once

#include "apps/client/stream.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace jindou::bench {

/// One client of a broker, whatever protocol it speaks, so that one load
/// drives all of them.
class broker_link {
public:
  /// Who hears of what happens. Views end with the call.
  class listener {
  public:
    virtual ~listener() = default;

    /// Logged in, and subscribed where that was asked for.
    virtual void on_ready() = 0;

    /// The broker has taken one more message; answers come in the order of the
    /// messages. `ok` is false where it refused.
    virtual void on_acked(bool ok) = 0;

    virtual void on_message(std::string_view payload) = 0;

    virtual void on_closed(std::string_view why) = 0;
  };

  /// Who logs in. An empty topic subscribes to nothing.
  struct account {
    std::string name;
    std::string token;
    std::string topic;
  };

  virtual ~broker_link() = default;

  virtual void start(const client::endpoint& to, account who) = 0;

  /// Appends a message; what is received meanwhile is acknowledged by the
  /// link itself.
  virtual void publish(std::string_view topic, std::string_view payload) = 0;

  /// Writes what was appended, in a callback when all of that read is seen.
  virtual void flush() = 0;
};

enum class broker {
  jindou,
  mqtt, ///< MQTT 3.1.1, QoS 1 in both directions
  nats, ///< NATS without JetStream: a PONG stands for the acknowledgement
};

struct broker_link_options {
  broker protocol = broker::jindou;
  /// jindou: topics are groups instead of users.
  bool groups = false;
  /// jindou: messages are not stored.
  bool no_persist = false;
};

std::unique_ptr<broker_link> make_broker_link(client::thread_kit& kit,
                                              const broker_link_options& how,
                                              broker_link::listener& who);

} // namespace jindou::bench
