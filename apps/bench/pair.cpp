#include "apps/bench/pair.hpp"

#include "apps/client/words.hpp"

#include <charconv>
#include <cstring>

namespace jindou::bench {

namespace {

constexpr std::size_t index_digits = 8;

void write_index(std::uint32_t index, char* to) {
  static constexpr char digits[] = "0123456789abcdef";
  for (auto i = index_digits; i > 0; --i) {
    to[i - 1] = digits[index & 15];
    index >>= 4;
  }
}

std::uint32_t read_index(std::string_view digits) {
  std::uint32_t index = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), index, 16);
  return index;
}

} // namespace

pair::pair(client::thread_kit& kit, const pairs_options& options,
           pair_tally& tally, const events& who, unsigned number)
    : options_(options),
      tally_(tally),
      events_(who),
      sender_uid_(options.uid_prefix + "_s" + std::to_string(number)),
      receiver_uid_(options.uid_prefix + "_r" + std::to_string(number)),
      number_(client::random_name() + std::string(index_digits, '0')),
      times_(in_flight_max),
      out_(*this, kit),
      in_(*this, kit) {
  payload_.assign(std::max(options.payload_bytes, number_.size()), 'x');
  std::memcpy(payload_.data(), number_.data(), number_.size());
}

client::login pair::login_of(const std::string& uid) const {
  client::login who;
  who.uid = uid;
  who.token = token_of(options_.http, uid);
  who.device_id = "bench-" + uid;
  return who;
}

void pair::connect() {
  in_.link.start(options_.server, login_of(receiver_uid_));
  out_.link.start(options_.server, login_of(sender_uid_));
}

void pair::on_login(std::uint8_t reason, const std::string& uid) {
  if (reason != 1)
    return events_.on_fault(
      uid + ": login refused: " + std::string{client::reason_name(reason)});
  if (++logged_in_ == 2)
    events_.on_ready();
}

// -- sending ------------------------------------------------------------------

void pair::start_closed_loop() {
  closed_loop_ = true;
  for (unsigned i = 0; i < options_.window; ++i)
    append(now_ns());
  out_.link.flush();
}

void pair::append(std::int64_t intended_ns) {
  if (next_index_ - answered_ > in_flight_max) {
    ++tally_.unsent;
    return;
  }
  auto index = next_index_++;
  write_index(index, number_.data() + number_.size() - index_digits);
  std::memcpy(payload_.data(), number_.data(), number_.size());
  time_of(index) = intended_ns;
  wire::send_frame f;
  f.flags.no_persist = options_.no_persist;
  f.client_seq = index;
  f.client_msg_no = number_;
  f.channel_id = receiver_uid_;
  f.channel_type = 1;
  f.payload = payload_;
  if (out_.link.send(f) == errc::none)
    ++tally_.sent;
  else
    ++tally_.unsent;
}

void pair::on_sendack(const wire::sendack_frame& f) {
  auto now = now_ns();
  answered_ = f.client_seq;
  if (f.reason == 1)
    ++tally_.accepted;
  else
    ++tally_.refused;
  tally_.ack.add(static_cast<std::uint64_t>(now - time_of(f.client_seq)));
  if (closed_loop_)
    append(now);
}

// -- receiving ----------------------------------------------------------------

void pair::on_recv(const wire::recv_frame& f) {
  in_.link.acknowledge(f);
  auto prefix
    = std::string_view{number_}.substr(0, number_.size() - index_digits);
  if (!f.client_msg_no.starts_with(prefix))
    return; // of an earlier run
  on_message(read_index(f.client_msg_no.substr(prefix.size())), f);
}

void pair::on_message(std::uint32_t index, const wire::recv_frame& f) {
  if (index < next_arrival_ || index >= next_index_) {
    ++tally_.late_or_doubled;
    return;
  }
  next_arrival_ = index + 1;
  ++tally_.arrived;
  ++tally_.delivered;
  if (next_index_ - index <= in_flight_max)
    tally_.recv.add(static_cast<std::uint64_t>(now_ns() - time_of(index)));
  if (last_seq_ != 0 && !options_.no_persist && f.message_seq != last_seq_ + 1)
    ++tally_.seq_gaps;
  last_seq_ = f.message_seq;
  if (index % options_.verify_every == 0 && !intact(f))
    ++tally_.damaged;
}

bool pair::intact(const wire::recv_frame& f) {
  auto plain = in_.link.open(f);
  return plain && plain->size() == payload_.size()
         && as_text(*plain).starts_with(f.client_msg_no)
         && f.from_uid == sender_uid_;
}

} // namespace jindou::bench
