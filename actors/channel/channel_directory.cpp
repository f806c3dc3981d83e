#include "actors/channel/channel_directory.hpp"

#include <utility>

namespace jindou::actors {

std::string directory_key(const channel_key& key) {
  std::string res;
  res.reserve(key.id.size() + 1);
  res.push_back(static_cast<char>(key.type));
  res.append(key.id);
  return res;
}

channel_key channel_key_of(std::string_view directory_key) {
  return {static_cast<std::uint8_t>(directory_key.front()),
          std::string{directory_key.substr(1)}};
}

std::shared_ptr<channel_directory>
make_channel_directory(caf::actor_system& system, std::int64_t queue_max,
                       metrics_ptr stats,
                       std::function<channel_services_ptr()> services) {
  directory_options options{
    queue_max, std::move(stats), counter::channel_queue_full,
    counter::channels_spawned, counter::channels_retired};
  auto spawn
    = [&system, services = std::move(services)](const std::string& key) {
        auto hdl = system.spawn<caf::lazy_init + caf::hidden>(
          channel, services(), channel_key_of(key));
        return ref_of<channel_state>(hdl);
      };
  return std::make_shared<channel_directory>(std::move(options), spawn);
}

} // namespace jindou::actors
