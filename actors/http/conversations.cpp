#include "actors/http/conversations.hpp"

#include "messages/channel_id.hpp"

namespace jindou::actors::http {

namespace {

command::any put(const std::string& uid, channel_key channel,
                 message_seq read_to, command::conversation_put::mode how) {
  command::conversation_put out;
  out.uid = uid;
  out.channel = std::move(channel);
  out.read_to = read_to;
  out.how = how;
  return out;
}

using mode = command::conversation_put::mode;

} // namespace

bool keeps_conversations(const channel_key& channel) {
  return channel.type != channel_type::live;
}

bool denial_changes_conversations(const channel_key& channel) {
  return keeps_conversations(channel) && channel.type != channel_type::person;
}

conversation_change joined_conversation(const channel_key& channel,
                                        message_seq last_seq) {
  return [channel, last_seq](const std::string& uid) {
    return put(uid, channel, last_seq, mode::overwrite);
  };
}

conversation_change dropped_conversation(const channel_key& channel) {
  return [channel](const std::string& uid) -> command::any {
    return command::conversation_drop{uid, channel};
  };
}

conversation_change opened_conversation(const channel_key& channel) {
  return [channel](const std::string& uid) {
    return put(uid, channel, 0, mode::if_missing);
  };
}

conversation_change allowed_conversation(const std::string& owner) {
  return [owner](const std::string& uid) {
    channel_key channel{channel_type::person, person_channel_id(uid, owner)};
    return put(uid, std::move(channel), 0, mode::if_missing);
  };
}

} // namespace jindou::actors::http
