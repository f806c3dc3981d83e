#include "apps/bench/bare_node.hpp"

#include "messages/type_ids.hpp"

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <string>

namespace jindou::bench {

namespace {

applier_actor::behavior_type bare_applier(applier_actor::pointer, int) {
  return {
    [](const apply_order_ptr&) {},
    [](const cut_work_ptr&) {},
    [](const fetch_user_ptr& x) { x->answer->answer(user_view{}); },
    [](const fetch_channel_ptr& x) { x->answer->answer(channel_view{}); },
    [](const fetch_person_ptr& x) { x->answer->answer(person_view{}); },
    [](const history_request_ptr& x) { x->answer->answer(history{}); },
    [](atom::tick) {},
    [](atom::status) { return std::string{"bare"}; },
  };
}

} // namespace

configs::node_config make_bare_config() {
  configs::node_config x{configs::options{}};
  x.add_message_types<caf::id_block::jindou_messages>();
  x.add_error_category(caf::atom("jindou"), render_errc);
  return x;
}

configs::options whole_node_options(const std::string& data_dir) {
  configs::options x;
  x.node.data_dir = data_dir;
  x.gateway.tcp_addr = "127.0.0.1:0";
  x.gateway.ws_addr = "127.0.0.1:0";
  x.http.addr = "127.0.0.1:0";
  x.monitor.addr = "127.0.0.1:0";
  x.auth.token_auth_on = false;
  x.auth.disable_encryption = true;
  x.log.level = "warn";
  return x;
}

slot_map_ptr make_bare_slots(caf::actor_system& system) {
  auto x = std::make_shared<slot_map>();
  x->versions = std::make_shared<slot_versions>();
  x->groups.push_back({{}, system.spawn(bare_applier, 0)}); // group 0 for all
  return x;
}

void end_bare_slots(const slot_map& slots) {
  caf::anon_send_exit(slots.groups.front().applier,
                      caf::exit_reason::user_shutdown);
}

} // namespace jindou::bench
