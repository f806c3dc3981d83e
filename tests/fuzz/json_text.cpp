#include "messages/wire/jsonrpc.hpp"
#include "tests/fuzz/golden.hpp"

#include <nlohmann/json.hpp>

// One JSON-RPC text of a client.

namespace jindou::fuzz {

namespace {

std::string fixed_number() {
  return "n";
}

void check_frame(const wire::jsonrpc::request& x, std::size_t text_bytes) {
  require(x.id.size() <= 3 * text_bytes);
  if (auto* send = std::get_if<wire::send_frame>(&x.frame)) {
    require(!send->client_msg_no.empty());
    require(send->payload.size() <= text_bytes);
  } else if (auto* connect = std::get_if<wire::connect_frame>(&x.frame)) {
    require(connect->uid.size() <= 3 * text_bytes);
  }
}

void run(byte_span input) {
  auto text = as_text(input);
  auto x = wire::jsonrpc::decode(text, fixed_number);
  if (x) {
    check_frame(*x, text.size());
    require(nlohmann::json::accept(text));
    return;
  }
  byte_vector answer;
  wire::jsonrpc::encode_error(x.error(), answer);
  require(nlohmann::json::accept(as_text(answer)));
  require(x.error().message.size() < 512); // does not give the text back
}

} // namespace

const target json_text{"json_text", run, golden_texts};

} // namespace jindou::fuzz
