#include "apps/vectors/frame_fields.hpp"
#include "apps/vectors/json_fields.hpp"
#include "apps/vectors/vector_check.hpp"
#include "messages/errc.hpp"
#include "messages/wire/codec.hpp"

namespace jindou::vectors {

namespace {

using namespace wire;

std::string outcome_of(const std::variant<decoded, need_more, errc>& result) {
  if (std::holds_alternative<need_more>(result))
    return "incomplete";
  if (auto* e = std::get_if<errc>(&result))
    return "error " + std::string{to_string(*e)};
  return "accepted";
}

/// Cuts one frame off `bytes` and compares it; returns the bytes it took.
std::size_t compare_decoded(byte_span bytes, std::uint8_t version,
                            const frame& expected, report& to) {
  auto result = decode(bytes, version);
  auto* got = std::get_if<decoded>(&result);
  if (got == nullptr) {
    to.differs("decoding gives " + outcome_of(result));
    return 0;
  }
  if (got->frame != expected)
    to.differs("decoded " + difference(got->frame, expected));
  return got->bytes;
}

void compare_encoded(byte_span got, byte_span expected, report& to) {
  if (as_text(got) != as_text(expected))
    to.differs("encoded " + hex_of(got.first(std::min(got.size(), 300UL)))
               + " instead of "
               + hex_of(expected.first(std::min(expected.size(), 300UL))));
}

void check_frame(const nlohmann::json& item, report& to) {
  json_fields fields{item};
  auto version = fields.number<std::uint8_t>("protocol_version");
  auto bytes = fields.hex("hex");
  auto expected = frame_of(fields.part("fields"));
  if (!fields.ok() || !expected.problem.empty())
    return to.differs(fields.ok() ? expected.problem : fields.problem());
  byte_vector encoded;
  if (auto e = encode(expected.frame, version, encoded); e != errc::none)
    to.differs("encoding gives error " + std::string{to_string(e)});
  else
    compare_encoded(encoded, bytes, to);
  auto taken = compare_decoded(bytes, version, expected.frame, to);
  if (taken != 0)
    to.expect(taken == bytes.size(), "decoding leaves bytes over");
}

void check_stream(const nlohmann::json& item, report& to) {
  json_fields fields{item};
  auto version = fields.number<std::uint8_t>("protocol_version");
  auto bytes = fields.hex("hex");
  auto& frames = fields.part("frames");
  auto& ends = fields.part("frame_ends");
  if (!fields.ok())
    return to.differs(fields.problem());
  if (!frames.is_array() || !ends.is_array() || frames.size() != ends.size())
    return to.differs("has not one end per frame");
  byte_vector encoded;
  std::size_t at = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    auto expected = frame_of(frames[i]);
    if (!expected.problem.empty())
      return to.differs(expected.problem);
    encode(expected.frame, version, encoded);
    auto taken = compare_decoded(byte_span{bytes}.subspan(at), version,
                                 expected.frame, to);
    if (taken == 0)
      return;
    at += taken;
    to.expect(ends[i] == at, "a frame ends at byte " + std::to_string(at));
  }
  compare_encoded(encoded, bytes, to);
}

// -- malformed input ----------------------------------------------------------

/// Where the codec does something else than the original, on purpose.
struct intended {
  bool (*applies)(byte_span bytes, std::string_view listed);
  std::string_view outcome;
  std::string_view why;
};

bool has_long_length(byte_span bytes) {
  auto longer
    = [](std::byte b) { return (b & std::byte{0x80}) != std::byte{}; };
  return bytes.size() > 4 && longer(bytes[1]) && longer(bytes[2])
         && longer(bytes[3]) && longer(bytes[4]);
}

constexpr intended intentions[] = {
  {[](byte_span b, std::string_view listed) {
     return b.empty() && listed.starts_with("crash");
   },
   "incomplete", "nothing to decode is no fault: more will come"},
  {[](byte_span, std::string_view listed) {
     return listed.starts_with("crash");
   },
   "error", "hostile input is refused and crashes nothing"},
  {[](byte_span b, std::string_view listed) {
     return !b.empty() && (b[0] >> 4) == std::byte{0} && listed == "incomplete";
   },
   "error", "the reserved type 0 is refused instead of waiting for ever"},
  {[](byte_span b, std::string_view listed) {
     return has_long_length(b) && listed == "incomplete";
   },
   "error", "a length that goes on after its fourth byte is refused at once"},
};

void check_refused(const nlohmann::json& item, report& to) {
  json_fields fields{item};
  auto version = fields.number<std::uint8_t>("protocol_version");
  auto bytes = fields.hex("hex");
  auto listed = fields.text("original_codec");
  if (!fields.ok())
    return to.differs(fields.problem());
  auto result = decode(bytes, version);
  auto got = outcome_of(result);
  for (auto& x : intentions)
    if (x.applies(bytes, listed)) {
      to.deviates(x.why);
      return to.expect(got.starts_with(x.outcome), "decoding gives " + got);
    }
  auto kind = std::string_view{listed}.substr(0, listed.find(' '));
  if (!got.starts_with(kind))
    to.differs("decoding gives " + got + " instead of " + listed);
  auto consumed = listed.find("(consumed ");
  auto* d = std::get_if<decoded>(&result);
  if (d != nullptr && consumed != std::string::npos)
    to.expect(listed.substr(consumed).starts_with(
                "(consumed " + std::to_string(d->bytes) + " of "),
              "decoding consumes " + std::to_string(d->bytes));
}

} // namespace

void check_frames(const nlohmann::json& list, report& to) {
  for (std::size_t i = 0; auto& item : list) {
    to.begin(label("vectors", item, i++));
    check_frame(item, to);
  }
}

void check_streams(const nlohmann::json& list, report& to) {
  for (std::size_t i = 0; auto& item : list) {
    to.begin(label("streams", item, i++));
    check_stream(item, to);
  }
}

void check_malformed(const nlohmann::json& list, report& to) {
  for (std::size_t i = 0; auto& item : list) {
    to.begin(label("malformed", item, i++));
    check_refused(item, to);
  }
}

} // namespace jindou::vectors
