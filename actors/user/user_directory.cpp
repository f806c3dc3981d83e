#include "actors/user/user_directory.hpp"

#include <utility>

namespace jindou::actors {

std::shared_ptr<user_directory>
make_user_directory(caf::actor_system& system, std::int64_t queue_max,
                    metrics_ptr stats,
                    std::function<user_services_ptr()> services) {
  directory_options options{queue_max, std::move(stats),
                            counter::user_queue_full, counter::users_spawned,
                            counter::users_retired};
  auto spawn
    = [&system, services = std::move(services)](const std::string& uid) {
        auto hdl
          = system.spawn<caf::lazy_init + caf::hidden>(user, services(), uid);
        return ref_of<user_state>(hdl);
      };
  return std::make_shared<user_directory>(std::move(options), spawn);
}

} // namespace jindou::actors
