#include "actors/channel/permission.hpp"

#include "messages/channel_id.hpp"

namespace jindou::actors::permission {

errc of_channel(std::uint8_t type, std::uint32_t flags) {
  switch (type) {
  case channel_type::info:
  case channel_type::customer_service:
  case channel_type::visitors:
  case channel_type::agent:
    return errc::none;
  default:
    break;
  }
  if ((flags & command::channel_flags::ban) != 0)
    return errc::banned;
  if ((flags & command::channel_flags::disband) != 0)
    return errc::disbanded;
  return errc::none;
}

question about(const sender& who, std::uint8_t type, std::string_view id) {
  if (type == channel_type::info || type == channel_type::customer_service)
    return question::nothing;
  auto plain = without_command_suffix(id);
  if (type == channel_type::agent) {
    auto ends = split_channel_id(plain);
    if (ends && (ends->first == who.uid || ends->second == who.uid))
      return question::nothing;
  }
  if (type == channel_type::visitors && plain == who.uid)
    return question::nothing;
  if (who.system_device || who.system_account)
    return question::nothing;
  return type == channel_type::person ? question::person : question::group;
}

std::string_view other_person(std::string_view id, std::string_view uid) {
  auto ends = split_channel_id(without_command_suffix(id));
  if (!ends)
    return {};
  return ends->first == uid ? ends->second : ends->first;
}

errc of_person(const person_view& lists, bool allow_list_off) {
  if (lists.denied)
    return errc::denied;
  if (!allow_list_off && !lists.allowed)
    return errc::not_allowed;
  return errc::none;
}

errc of_group(const group_facts& facts) {
  if (facts.denied)
    return errc::denied;
  if (!facts.subscribed)
    return errc::not_subscribed;
  if (!facts.allow_list_empty && !facts.allowed)
    return errc::not_allowed;
  return errc::none;
}

errc of_listener(std::uint8_t type, std::uint32_t flags, const listener& who) {
  if (type != channel_type::data)
    return who.receiver ? errc::none : errc::not_subscribed;
  if (auto e = of_channel(type, flags); e != errc::none)
    return e;
  return who.denied ? errc::denied : errc::none;
}

} // namespace jindou::actors::permission
