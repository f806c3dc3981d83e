#include "messages/wire/codec.hpp"
#include "messages/wire/layout.hpp"
#include "tests/unit/messages/wire/hex.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <deque>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace jindou::wire {

namespace {

constexpr unsigned fixed_seed = 20'240'601;

/// Makes random frames; the texts live as long as it does.
class frame_maker {
public:
  explicit frame_maker(unsigned seed) : random_(seed) {
    // nop
  }

  template <std::size_t I = 0>
  frame make(std::size_t type, std::uint8_t version) {
    if constexpr (I + 1 < std::variant_size_v<frame>)
      if (type != I)
        return make<I + 1>(type, version);
    std::variant_alternative_t<I, frame> f;
    fill(f, version);
    return f;
  }

  std::uint64_t number() {
    switch (random_() % 4) {
    case 0:
      return 0;
    case 1:
      return ~std::uint64_t{0};
    default:
      return random_();
    }
  }

  // A pass over a layout that sets what it is shown.
  template <class... Ts>
  void operator()(Ts&... fields) {
    (set(fields), ...);
  }

  void rest(std::string_view& bytes) {
    set(bytes);
  }

private:
  template <class Frame>
  void fill(Frame& f, std::uint8_t version) {
    if constexpr (requires { f.flags; })
      f.flags = flags_of(static_cast<std::uint8_t>(random_()));
    if constexpr (requires { f.has_server_version; })
      f.has_server_version = random_() % 2 == 0;
    if constexpr (requires { layout(*this, f, version); })
      layout(*this, f, version);
  }

  void set(std::integral auto& field) {
    field = static_cast<std::remove_reference_t<decltype(field)>>(number());
  }

  void set(std::string_view& field) {
    constexpr std::size_t sizes[] = {0, 0, 1, 2, 15, 127, 128, 300, 17'000};
    auto& text = texts_.emplace_back(sizes[random_() % std::size(sizes)], ' ');
    for (auto& c : text)
      c = static_cast<char>(random_());
    field = text;
  }

  std::mt19937_64 random_;
  std::deque<std::string> texts_;
};

/// Decodes a copy that ends where its memory ends, so that a sanitizer sees
/// every byte read beyond it.
std::variant<decoded, need_more, errc>
decode_exact(byte_span bytes, std::uint8_t version,
             std::unique_ptr<std::byte[]>& copy) {
  copy = std::make_unique<std::byte[]>(bytes.size());
  std::copy(bytes.begin(), bytes.end(), copy.get());
  return decode({copy.get(), bytes.size()}, version);
}

/// What is decoded must be encoded to something that says the same.
void expect_stable(const frame& f, std::uint8_t version) {
  byte_vector out;
  ASSERT_EQ(encode(f, version, out), errc::none);
  auto again = decode(out, version);
  ASSERT_TRUE(std::holds_alternative<decoded>(again)) << to_hex(out);
  EXPECT_EQ(std::get<decoded>(again).frame, f) << to_hex(out);
  EXPECT_EQ(std::get<decoded>(again).bytes, out.size());
}

struct golden_frame {
  byte_vector bytes;
  std::uint8_t version;
};

std::vector<golden_frame> golden_frames() {
  std::ifstream in{JINDOU_SOURCE_DIR "/tests/golden/golden-vectors.json"};
  auto file = nlohmann::json::parse(in);
  std::vector<golden_frame> frames;
  for (const char* section : {"vectors", "streams", "malformed"})
    for (auto& item : file[section])
      frames.push_back({from_hex(item["hex"].get<std::string>()),
                        item["protocol_version"].get<std::uint8_t>()});
  return frames;
}

} // namespace

TEST(codec_property_test, decodes_every_frame_that_it_encoded) {
  RecordProperty("seed", fixed_seed);
  frame_maker maker{fixed_seed};
  for (int round = 0; round < 20; ++round)
    for (std::uint8_t version = 0; version <= 6; ++version)
      for (std::size_t type = 0; type < std::variant_size_v<frame>; ++type) {
        auto f = maker.make(type, version);
        ASSERT_EQ(f.index(), type);
        expect_stable(f, version);
        ASSERT_FALSE(HasFatalFailure() || HasNonfatalFailure())
          << "seed " << fixed_seed << ", round " << round << ", version "
          << +version << ", type " << type + 1;
      }
}

TEST(codec_property_test, appends_frames_without_touching_what_is_there) {
  frame_maker maker{fixed_seed + 1};
  byte_vector stream;
  std::vector<frame> frames;
  for (std::size_t i = 0; i < 120; ++i) {
    frames.push_back(maker.make(i % std::variant_size_v<frame>, 4));
    ASSERT_EQ(encode(frames.back(), 4, stream), errc::none);
  }
  byte_span left{stream};
  for (auto& f : frames) {
    auto next = decode(left, 4);
    ASSERT_TRUE(std::holds_alternative<decoded>(next))
      << "seed " << fixed_seed + 1;
    EXPECT_EQ(std::get<decoded>(next).frame, f);
    left = left.subspan(std::get<decoded>(next).bytes);
  }
  EXPECT_TRUE(left.empty());
}

TEST(codec_property_test, waits_for_more_at_every_truncation) {
  std::unique_ptr<std::byte[]> copy;
  for (auto& [bytes, version] : golden_frames()) {
    auto whole = decode(bytes, version);
    auto* d = std::get_if<decoded>(&whole);
    if (d == nullptr)
      continue;
    auto step = d->bytes < 1'000 ? 1U : 7U;
    for (std::size_t n = 0; n < d->bytes; n += step)
      ASSERT_TRUE(std::holds_alternative<need_more>(
        decode_exact(byte_span{bytes}.first(n), version, copy)))
        << to_hex(byte_span{bytes}.first(n));
  }
}

TEST(codec_property_test, survives_every_changed_byte) {
  std::unique_ptr<std::byte[]> copy;
  std::size_t frames = 0;
  for (auto [bytes, version] : golden_frames())
    for (std::size_t i = 0; i < std::min<std::size_t>(bytes.size(), 160); ++i)
      for (unsigned mask : {1, 2, 4, 8, 16, 32, 64, 128, 0x7f, 0xff}) {
        auto right = bytes[i];
        bytes[i] ^= static_cast<std::byte>(mask);
        auto result = decode_exact(bytes, version, copy);
        bytes[i] = right;
        if (auto* d = std::get_if<decoded>(&result)) {
          ++frames;
          ASSERT_LE(d->bytes, bytes.size());
          expect_stable(d->frame, version);
          ASSERT_FALSE(HasFailure()) << to_hex(bytes) << " at " << i;
        }
      }
  EXPECT_GT(frames, 10'000U);
}

TEST(codec_property_test, survives_random_bytes_at_every_version) {
  constexpr auto seed = fixed_seed + 2;
  std::mt19937_64 random{seed};
  std::unique_ptr<std::byte[]> copy;
  std::size_t outcomes[3] = {};
  for (int round = 0; round < 50'000; ++round) {
    byte_vector bytes(random() % 48);
    for (auto& b : bytes) // small values make short lengths likely
      b = static_cast<std::byte>(random() % 3 == 0 ? random() : random() % 16);
    if (bytes.size() > 1) {
      bytes[0] = static_cast<std::byte>(random() % 13 << 4);
      bytes[1] = static_cast<std::byte>(random() % bytes.size());
    }
    auto version = static_cast<std::uint8_t>(random() % 7);
    auto result = decode_exact(bytes, version, copy);
    ++outcomes[result.index()];
    if (auto* d = std::get_if<decoded>(&result))
      expect_stable(d->frame, version);
    ASSERT_FALSE(HasFailure()) << "seed " << seed << ", round " << round;
  }
  for (auto n : outcomes)
    EXPECT_GT(n, 2'000U);
}

} // namespace jindou::wire
