#include "tests/crash/back_end.hpp"

#include "messages/wire/base64.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <nlohmann/json.hpp>

namespace jindou::crash {

namespace http = boost::beast::http;
using nlohmann::json;

std::optional<http_answer> back_end::get(const std::string& target) {
  return ask(false, target, {});
}

std::optional<http_answer> back_end::post(const std::string& target,
                                          const std::string& body) {
  return ask(true, target, body);
}

std::optional<http_answer> back_end::ask(bool with_body,
                                         const std::string& target,
                                         const std::string& body) {
  try {
    boost::asio::io_context ctx;
    boost::beast::tcp_stream stream{ctx};
    stream.connect({boost::asio::ip::address_v4::loopback(), port_});
    http::request<http::string_body> request;
    request.method(with_body ? http::verb::post : http::verb::get);
    request.target(target);
    request.version(11);
    request.set(http::field::host, "127.0.0.1");
    request.set(http::field::content_type, "application/json");
    request.set(http::field::connection, "close");
    request.body() = body;
    request.prepare_payload();
    http::write(stream, request);
    boost::beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(64 << 20);
    http::read(stream, buffer, parser);
    return http_answer{parser.get().result_int(), parser.get().body()};
  } catch (const boost::system::system_error&) {
    return {}; // the node is gone or was never there
  }
}

namespace {

stored_message message_of(const json& x) {
  auto text = x.at("payload").get<std::string>();
  byte_vector payload(wire::base64_bytes_max(text.size()));
  payload.resize(wire::base64_decode(text, payload.data()).value_or(0));
  stored_message res;
  res.seq = x.at("message_seq");
  res.message_id = x.at("message_id");
  res.from = x.at("from_uid");
  res.number = x.at("client_msg_no");
  res.id = id_of_payload(as_text(payload));
  res.payload_hash = hash_of_payload(as_text(payload));
  return res;
}

} // namespace

std::optional<std::vector<stored_message>>
read_channel(back_end& from, const channel_name& which, std::uint64_t first) {
  constexpr std::size_t page = 1'000;
  std::vector<stored_message> res;
  for (;;) {
    json ask{{"login_uid", which.reader},
             {"channel_id", which.id},
             {"channel_type", which.type},
             {"start_message_seq", first},
             {"end_message_seq", 0},
             {"limit", page},
             {"pull_mode", 1}};
    auto answer = from.post("/channel/messagesync", ask.dump());
    if (!answer || answer->status != 200)
      return {};
    auto got = json::parse(answer->body, nullptr, false);
    if (got.is_discarded() || !got.contains("messages"))
      return {};
    for (const auto& x : got["messages"])
      res.push_back(message_of(x));
    if (got["messages"].size() < page)
      return res;
    first = res.back().seq + 1;
  }
}

} // namespace jindou::crash
