#include "actors/handler_chain.hpp"

#include "actors/log.hpp"

namespace jindou::actors {

void report_overdue(const handler_metric& who, metrics& stats,
                    std::chrono::nanoseconds took) {
  stats.add(counter::handlers_overdue);
  log().warn(
    "[handler-overdue] handler {}.{} took {} ms", to_string(who.event()),
    who.handler(),
    std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
}

} // namespace jindou::actors
