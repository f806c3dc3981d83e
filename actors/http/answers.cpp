#include "actors/http/answers.hpp"

#include "actors/http/json_text.hpp"

#include <nlohmann/json.hpp>

namespace jindou::actors::http {

http_answer ok() {
  return {200, R"({"status":200})"};
}

http_answer soft_status(unsigned n) {
  return {200, R"({"status":)" + std::to_string(n) + "}"};
}

http_answer failure(std::string_view text) {
  nlohmann::ordered_json x;
  x["msg"] = text;
  x["status"] = 400;
  return {400, json_text(x)};
}

http_answer failure(errc e) {
  return failure(to_string(e));
}

std::string addresses_json(const route_addresses& here, bool intranet,
                           const std::vector<std::string>* uids) {
  nlohmann::ordered_json x;
  x["tcp_addr"] = intranet ? here.intranet_tcp : here.tcp;
  x["ws_addr"] = intranet ? std::string{} : here.ws;
  x["wss_addr"] = intranet ? std::string{} : here.wss;
  if (uids)
    x["uids"] = *uids;
  return json_text(x);
}

} // namespace jindou::actors::http
