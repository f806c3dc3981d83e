#include "actors/http/answers.hpp"

#include "actors/http/json_text.hpp"
#include "messages/hash.hpp"

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

std::string accepted_json(message_id id, std::string_view client_msg_no) {
  nlohmann::ordered_json x;
  x["status"] = 200;
  x["data"]["message_id"] = id;
  x["data"]["client_msg_no"] = client_msg_no;
  return json_text(x);
}

std::string failed_json(const std::vector<failed_receiver>& failed) {
  nlohmann::ordered_json x;
  x["fail_uids"] = nlohmann::ordered_json::array();
  x["reason"] = nlohmann::ordered_json::array();
  for (const auto& one : failed) {
    x["fail_uids"].push_back(one.uid);
    x["reason"].push_back(one.reason);
  }
  return json_text(x);
}

std::string members_json(const std::vector<std::string>& uids) {
  if (uids.empty())
    return "null";
  auto x = nlohmann::ordered_json::array();
  for (const auto& uid : uids) {
    nlohmann::ordered_json member;
    member["id"] = hash_of_user(uid); // rows have no number of their own
    member["uid"] = uid;
    x.push_back(std::move(member));
  }
  return json_text(x);
}

std::string max_seq_json(message_seq seq) {
  return R"({"message_seq":)" + std::to_string(seq) + "}";
}

} // namespace jindou::actors::http
