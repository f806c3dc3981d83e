#include "messages/wire/codec.hpp"
#include "messages/wire/jsonrpc.hpp"
#include "tests/fuzz/golden.hpp"

#include <nlohmann/json.hpp>

// Frames for a client that speaks JSON-RPC: whatever bytes other clients put
// into names and payloads, what comes out is one JSON object.

namespace jindou::fuzz {

namespace {

void check_json(byte_span text) {
  require(nlohmann::json::accept(as_text(text)));
  wire::jsonrpc::scanner one;
  auto x = one.cut(text);
  auto* object = std::get_if<wire::jsonrpc::object>(&x);
  require(object != nullptr && object->bytes == text.size());
}

void run(byte_span input) {
  auto read = wire::decode(input, wire::latest_version);
  auto* x = std::get_if<wire::decoded>(&read);
  if (x == nullptr)
    return;
  byte_vector out;
  auto id = as_text(input.subspan(x->bytes));
  if (wire::jsonrpc::encode(x->frame, id, out) == errc::none)
    check_json(out);
  else
    require(out.empty());
  wire::jsonrpc::encode_error({std::string{id}, std::string{id}}, out = {});
  check_json(out);
}

inputs seeds() {
  auto res = golden_bytes("vectors");
  for (auto& x : res)
    x.push_back(std::byte{'7'}); // the id
  return res;
}

} // namespace

const target json_frames{"json_frames", run, seeds};

} // namespace jindou::fuzz
