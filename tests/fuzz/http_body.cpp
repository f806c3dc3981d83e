#include "actors/http/history_page.hpp"
#include "actors/http/orders.hpp"
#include "actors/http/outgoing.hpp"
#include "actors/http/requests.hpp"
#include "messages/command.hpp"
#include "messages/limits.hpp"
#include "tests/fuzz/target.hpp"

#include <nlohmann/json.hpp>

// The body of every endpoint. What is taken becomes commands that the log can
// hold, and batches whose names are within bounds.

namespace jindou::fuzz {

namespace {

using namespace actors::http;

void check_name(const std::string& x) {
  require(x.size() <= limits::name_bytes_max);
  require(x.find('\0') == std::string::npos);
}

void check_names(const std::vector<std::string>& all) {
  for (auto& x : all) {
    check_name(x);
    require(!is_blank(x));
  }
}

void check(const fault& x) {
  require(!x.text.empty() && x.text.size() < 1'024);
}

void check(const channel_key& x) {
  check_name(x.id);
}

void check(const channel_order& x) {
  for (auto& one : x.commands) {
    byte_vector record;
    require(command::encode(one, record) == errc::none);
    auto read = command::decode(record);
    require(read && *read == one);
  }
}

void check(const user_token_request& x) {
  check_name(x.uid);
  require(!is_blank(x.uid));
}

void check(const channel_request& x) {
  check(x.channel);
  check_names(x.subscribers);
  check(channel_order_of(x));
}

void check(const members_request& x) {
  check(x.channel);
  check_names(x.uids);
  check(subscriber_add_order(x));
  check(list_order(x, command::list::allow));
  check(remove_order(x, command::list::deny));
}

void check(const submit_batch& x, const send_request& from) {
  require(x.items.size() == 1 && !x.channel.id.empty());
  require(x.items.front().payload == from.payload);
}

void check(const send_request& x) {
  check_name(x.from_uid);
  check_names(x.subscribers);
  require(x.payload.size() <= limits::payload_bytes_max);
  check(submit_of(x), x);
  check(submit_to(x, "someone", "n"), x);
}

void check(const sync_request& x) {
  check_name(x.login_uid);
  auto range = range_of(x);
  require(!range || range->limit <= limits::history_rows_max);
}

void check(const std::vector<std::string>& x) {
  check_names(x);
}

template <class T>
void check(const result<T, fault>& x) {
  if (x)
    check(*x);
  else
    check(x.error());
}

template <auto Parse>
void parse(std::string_view body) {
  check(Parse(body));
}

using parser = void (*)(std::string_view);
constexpr parser parsers[] = {parse<parse_user_token>,
                              parse<parse_channel>,
                              parse<parse_channel_flags>,
                              parse<parse_channel_delete>,
                              parse<parse_subscriber_add>,
                              parse<parse_subscriber_remove>,
                              parse<parse_subscriber_remove_all>,
                              parse<parse_list_change>,
                              parse<parse_whitelist_add>,
                              parse<parse_list_set>,
                              parse<parse_list_clear>,
                              parse<parse_send>,
                              parse<parse_send_batch>,
                              parse<parse_sync>,
                              parse<parse_names>};

void run(byte_span input) {
  auto [which, body] = choose(input, std::size(parsers));
  parsers[which](as_text(body));
}

inputs seeds() {
  constexpr std::string_view bodies[] = {
    R"({"uid":"u1","token":"t","device_flag":1,"device_level":1})",
    R"({"channel_id":"g","channel_type":2,"large":1,"ban":0,"reset":1,)"
    R"("subscribers":["a","b"],"uids":["c",null," "]})",
    R"({"from_uid":"a","channel_id":"b","channel_type":1,"payload":"aGk=",)"
    R"("header":{"no_persist":1,"red_dot":1,"sync_once":1},"expire":3,)"
    R"("client_msg_no":"n","stream_no":"","subscribers":[]})",
    R"({"from_uid":"a","subscribers":["b","c"],"payload":"aGk="})",
    R"({"login_uid":"a","channel_id":"b","channel_type":1,"limit":20,)"
    R"("start_message_seq":1,"end_message_seq":9,"pull_mode":1})",
    R"(["a","b"])",
    R"({"channel_id":"a\u0000\ud83d\ude00","CHANNEL_TYPE":1e2,"uids":[[]]})"};
  inputs res;
  for (unsigned which = 0; which < std::size(parsers); ++which)
    for (auto body : bodies)
      res.push_back(chosen(which, as_bytes(body)));
  return res;
}

} // namespace

const target http_body{"http_body", run, seeds};

} // namespace jindou::fuzz
