#include "actors/http/answers.hpp"
#include "actors/http/endpoints.hpp"
#include "actors/http/json_body.hpp"
#include "actors/http/json_text.hpp"
#include "actors/http/metrics_page.hpp"
#include "actors/http/query.hpp"

namespace jindou::actors::http {

namespace {

bool wants_intranet(const http_call& call) {
  return query_value(call.query, "intranet") == "1";
}

std::string reason_json(std::string_view status, std::string_view name,
                        const std::string& reason) {
  nlohmann::ordered_json x;
  x["status"] = status;
  x[std::string{name}] = reason;
  return json_text(x);
}

} // namespace

http_reply health(http_call& call) {
  auto reason = call.options.node.healthy();
  if (!reason.empty())
    co_return http_answer{500, reason_json("error", "message", reason)};
  co_return http_answer{200, R"({"status":"ok"})"};
}

http_reply healthz(http_call&) {
  co_return http_answer{200, R"({"status":"ok"})"};
}

http_reply readyz(http_call& call) {
  auto reason = call.options.node.ready();
  if (!reason.empty())
    co_return http_answer{503, reason_json("not ready", "reason", reason)};
  co_return http_answer{200, R"({"status":"ready"})"};
}

http_reply metrics_text(http_call& call) {
  co_return http_answer{200, metrics_page(*call.options.counters),
                        "text/plain; version=0.0.4; charset=utf-8"};
}

http_reply backup_begin(http_call& call) {
  nlohmann::json storage;
  auto fields = json_fields::of(call.body, storage);
  auto dir = fields.text("dir", 4'095); // PATH_MAX
  if (!fields.good())
    co_return failure(fields.error().text);
  auto why = call.options.node.begin_backup(dir);
  co_return why.empty() ? ok() : failure(why);
}

http_reply backup_state(http_call& call) {
  co_return http_answer{200, call.options.node.backup_state()};
}

http_reply route_one(http_call& call) {
  co_return http_answer{
    200, addresses_json(call.options.addresses, wants_intranet(call))};
}

http_reply route_batch(http_call& call) {
  auto uids = parse_names(call.body);
  if (!uids)
    co_return failure(uids.error().text);
  auto element
    = addresses_json(call.options.addresses, wants_intranet(call), &*uids);
  co_return http_answer{200, "[" + element + "]"};
}

http_reply demo_page(http_call& call) {
  if (auto file = call.demo.find(call.path))
    co_return http_answer{200, file->bytes, file->content_type};
  co_return http_answer{404, "404 page not found", "text/plain; charset=utf-8"};
}

} // namespace jindou::actors::http
