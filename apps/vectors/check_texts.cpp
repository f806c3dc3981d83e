#include "apps/vectors/frame_fields.hpp"
#include "apps/vectors/json_fields.hpp"
#include "apps/vectors/vector_check.hpp"
#include "messages/channel_id.hpp"
#include "messages/errc.hpp"
#include "messages/wire/jsonrpc.hpp"

namespace jindou::vectors {

namespace {

using namespace wire;

// -- derived names ------------------------------------------------------------

void check_person(const nlohmann::json& item, report& to) {
  json_fields fields{item};
  auto from = fields.text("from");
  auto peer = fields.text("to");
  auto id = fields.text("fake_channel_id");
  to.expect(person_channel_id(from, peer) == id,
            "is named " + person_channel_id(from, peer));
  to.expect(stored_channel_id(peer, from, channel_type::person) == id,
            "is named otherwise from the other end");
  to.expect(crc32_of(from) == fields.number<std::uint32_t>("crc32_from"),
            "crc32_from is another");
  to.expect(crc32_of(peer) == fields.number<std::uint32_t>("crc32_to"),
            "crc32_to is another");
  to.expect(fields.ok(), fields.problem());
}

/// The slot function of the original is not ours, the hash under it is.
void check_hash(const nlohmann::json& item, report& to) {
  json_fields fields{item};
  auto hash = crc32_of(fields.text("id"));
  to.expect(hash == fields.number<std::uint32_t>("crc32"), "crc32 is another");
  to.expect(fields.ok(), fields.problem());
}

void check_temp(const nlohmann::json& item, report& to) {
  json_fields fields{item};
  std::vector<std::string> uids;
  for (auto& uid : fields.part("subscribers"))
    uids.push_back(uid.is_string() ? uid.get<std::string>() : std::string{});
  auto id = temp_channel_id(uids);
  to.expect(id == fields.text("temp_channel_id"), "is named " + id);
  to.expect(fields.ok(), fields.problem());
}

// -- JSON-RPC -----------------------------------------------------------------

std::string next_number; // what the next SEND without a number is given; the
                         // original makes a random one, so any will do

std::string number_source() {
  return next_number;
}

/// Equal as texts or at least as JSON: the order of members carries nothing.
bool same_json(std::string_view a, std::string_view b) {
  if (a == b)
    return true;
  auto x = nlohmann::json::parse(a, nullptr, false);
  auto y = nlohmann::json::parse(b, nullptr, false);
  return !x.is_discarded() && x == y;
}

void check_refusal(std::string_view text, std::string_view expected,
                   report& to) {
  auto read = jsonrpc::decode(text);
  if (read && std::holds_alternative<sub_frame>(read->frame))
    return to.deviates("subscribe is answered instead of refused");
  if (read)
    return to.differs("is accepted");
  byte_vector reply;
  jsonrpc::encode_error(read.error(), reply);
  if (!same_json(as_text(reply), expected))
    to.differs("is answered " + std::string{as_text(reply)});
}

void check_request(json_fields& fields, std::string_view text, report& to) {
  auto expected = frame_of(fields.part("fields"));
  auto id = fields.text("request_id");
  if (!fields.ok() || !expected.problem.empty())
    return to.differs(fields.ok() ? expected.problem : fields.problem());
  if (auto* f = std::get_if<send_frame>(&expected.frame))
    next_number = f->client_msg_no;
  auto cut = jsonrpc::scanner{}.cut(as_bytes(text));
  auto* object = std::get_if<jsonrpc::object>(&cut);
  to.expect(object != nullptr && object->bytes == text.size(),
            "is not cut as one object");
  auto read = jsonrpc::decode(text, number_source);
  if (!read)
    return to.differs("is refused: " + read.error().message);
  to.expect(read->frame == expected.frame,
            "decoded " + difference(read->frame, expected.frame));
  to.expect(read->id == id, "has the id \"" + read->id + '"');
}

void check_reply(json_fields& fields, std::string_view text, report& to) {
  auto given = frame_of(fields.part("fields"));
  auto id = fields.text("request_id");
  if (!fields.ok() || !given.problem.empty())
    return to.differs(fields.ok() ? given.problem : fields.problem());
  byte_vector out;
  if (auto e = jsonrpc::encode(given.frame, id, out); e != errc::none)
    return to.differs("encoding gives error " + std::string{to_string(e)});
  if (!same_json(as_text(out), text))
    to.differs("encoded " + std::string{as_text(out)});
}

void check_text(const nlohmann::json& item, report& to) {
  json_fields fields{item};
  auto text = fields.text("json");
  auto direction = fields.text("direction");
  if (!fields.ok())
    return to.differs(fields.problem());
  if (fields.has("error_reply"))
    check_refusal(text, fields.text("error_reply"), to);
  else if (direction == "c2s")
    check_request(fields, text, to);
  else if (direction == "s2c")
    check_reply(fields, text, to);
  else
    to.differs("goes neither c2s nor s2c");
  to.expect(fields.ok(), fields.problem());
}

} // namespace

void check_derived(const nlohmann::json& lists, report& to) {
  for (auto& [kind, list] : lists.items())
    for (std::size_t i = 0; auto& item : list) {
      to.begin(label("derived/" + kind, item, i++));
      if (kind == "fake_person_channel")
        check_person(item, to);
      else if (kind == "slots")
        check_hash(item, to);
      else if (kind == "temp_channel_of_subscribers")
        check_temp(item, to);
      else
        to.differs("is of an unknown kind");
    }
}

void check_jsonrpc(const nlohmann::json& list, report& to) {
  for (std::size_t i = 0; auto& item : list) {
    to.begin(label("jsonrpc", item, i++));
    check_text(item, to);
  }
}

} // namespace jindou::vectors
