#include "tests/unit/actors/gateway/gateway_fixture.hpp"

#include "actors/gateway/websocket_framing.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace jindou::test {

// -- client -------------------------------------------------------------------

test_client::test_client(const std::string& address) {
  auto colon = address.rfind(':');
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port
    = htons(static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1))));
  ::inet_pton(AF_INET, address.substr(0, colon).c_str(), &to.sin_addr);
  socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
  timeval limit{patience.count(), 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof(to)) != 0) {
    close();
    throw std::runtime_error("nobody listens on " + address);
  }
}

test_client::~test_client() {
  close();
}

/// Whether the server takes it all is seen by what it answers.
void test_client::send(byte_span bytes) {
  while (!bytes.empty()) {
    auto n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0)
      return;
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
}

void test_client::send(const wire::frame& f) {
  auto bytes = bytes_of(f);
  if (websocket_)
    send_message(0x82, bytes);
  else
    send(bytes);
}

void test_client::send_message(unsigned first_byte, byte_span payload) {
  constexpr std::array mask{std::byte{0x37}, std::byte{0xfa}, std::byte{0x21},
                            std::byte{0x3d}};
  auto head = actors::websocket::head_size(payload.size());
  byte_vector out(head);
  actors::websocket::write_head(actors::websocket::opcode::binary,
                                payload.size(), out.data());
  out[0] = static_cast<std::byte>(first_byte);
  out[1] |= std::byte{0x80};
  out.insert(out.end(), mask.begin(), mask.end());
  for (std::size_t i = 0; i < payload.size(); ++i)
    out.push_back(payload[i] ^ mask[i & 3]);
  send(out);
}

void test_client::upgrade(const std::string& more_headers) {
  send(as_bytes("GET /any/path?x=1 HTTP/1.1\r\nHost: nowhere\r\n"
                "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                "Sec-WebSocket-Version: 13\r\n"
                + more_headers + "\r\n"));
  std::string_view end{"\r\n\r\n"};
  while (as_text(input_.bytes).find(end) == std::string_view::npos)
    ASSERT_TRUE(fill());
  auto text = as_text(input_.bytes);
  EXPECT_TRUE(text.starts_with("HTTP/1.1 101 ")) << text;
  EXPECT_NE(text.find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), std::string_view::npos);
  auto size = text.find(end) + end.size();
  input_.bytes.erase(input_.bytes.begin(),
                     input_.bytes.begin() + static_cast<std::ptrdiff_t>(size));
  websocket_ = true;
}

void test_client::login(std::string_view uid) {
  send(connect_of(uid));
  auto f = read();
  ASSERT_TRUE(f.has_value());
  auto* ack = std::get_if<wire::connack_frame>(&*f);
  ASSERT_NE(ack, nullptr);
  EXPECT_EQ(ack->reason, 1);
}

std::optional<wire::frame> test_client::read() {
  if (websocket_) {
    auto [first, payload] = read_message();
    if (first != 0x82)
      return std::nullopt;
    auto bytes = as_bytes(payload);
    input_.last.assign(bytes.begin(), bytes.end());
    auto x = wire::decode(input_.last, wire::latest_version);
    auto* d = std::get_if<wire::decoded>(&x);
    EXPECT_TRUE(d != nullptr && d->bytes == input_.last.size())
      << "not one frame in one message";
    return d != nullptr ? std::optional{d->frame} : std::nullopt;
  }
  return input_.next_frame([this] { return fill(); });
}

std::string test_client::read_text() {
  wire::jsonrpc::scanner scanner;
  for (;;) {
    auto x = scanner.cut(input_.bytes);
    EXPECT_FALSE(std::holds_alternative<wire::jsonrpc::fault>(x));
    if (auto* o = std::get_if<wire::jsonrpc::object>(&x)) {
      std::string text{o->text};
      input_.bytes.erase(input_.bytes.begin(),
                         input_.bytes.begin()
                           + static_cast<std::ptrdiff_t>(o->bytes));
      return text;
    }
    if (!fill())
      return {};
  }
}

std::string test_client::read_all() {
  return input_.rest([this] { return fill(); });
}

std::pair<unsigned, std::string> test_client::read_message() {
  if (!fill_to(2))
    return {};
  auto first = std::to_integer<unsigned>(input_.bytes[0]);
  std::size_t head = 2;
  auto size = std::to_integer<std::size_t>(input_.bytes[1]);
  EXPECT_LT(size, 128u) << "a server must not mask";
  auto wide = size == 126 ? 2u : size == 127 ? 8u : 0u;
  if (!fill_to(head + wide))
    return {};
  if (wide > 0)
    size = 0;
  for (auto i = 0u; i < wide; ++i)
    size = size << 8 | std::to_integer<std::size_t>(input_.bytes[head + i]);
  head += wide;
  if (!fill_to(head + size))
    return {};
  std::string payload{as_text(byte_span{input_.bytes}.subspan(head, size))};
  input_.bytes.erase(input_.bytes.begin(),
                     input_.bytes.begin()
                       + static_cast<std::ptrdiff_t>(head + size));
  return {first, payload};
}

void test_client::shrink(int bytes) {
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
}

void test_client::close() {
  if (socket_ >= 0)
    ::close(std::exchange(socket_, -1));
}

/// Reads once. False: the server closed, or nothing came for too long.
bool test_client::fill() {
  std::array<std::byte, 4'096> buffer;
  auto n = ::recv(socket_, buffer.data(), buffer.size(), 0);
  EXPECT_FALSE(n < 0 && errno == EAGAIN) << "nothing came";
  if (n <= 0)
    return false;
  input_.bytes.insert(input_.bytes.end(), buffer.begin(), buffer.begin() + n);
  return true;
}

bool test_client::fill_to(std::size_t n) {
  while (input_.bytes.size() < n)
    if (!fill())
      return false;
  return true;
}

// -- frames -------------------------------------------------------------------

wire::connect_frame connect_of(std::string_view uid) {
  wire::connect_frame f;
  f.version = wire::latest_version;
  f.device_id = "device";
  f.uid = uid;
  f.token = "token";
  return f;
}

wire::send_frame send_of(std::uint32_t seq, std::string_view payload) {
  wire::send_frame f;
  f.client_seq = seq;
  f.client_msg_no = "no";
  f.channel_id = "peer";
  f.channel_type = channel_type::person;
  f.payload = payload;
  return f;
}

byte_vector bytes_of(const wire::frame& f) {
  byte_vector out;
  EXPECT_EQ(wire::encode(f, wire::latest_version, out), errc::none);
  return out;
}

byte_vector operator+(byte_vector x, const byte_vector& y) {
  x.insert(x.end(), y.begin(), y.end());
  return x;
}

// -- fixture ------------------------------------------------------------------

gateway_fixture::gateway_fixture() {
  on_batch = [this](const user_delivery_ptr& x) { answer(x); };
  options.tcp_addr = "127.0.0.1:0";
  options.ws_addr = "ws://127.0.0.1:0";
  options.sweep_interval = std::chrono::milliseconds{10};
  options.stats = std::make_shared<metrics>();
  options.next_message_id = [] { return message_id{4'711}; };
  options.deliver = [this](user_delivery_ptr x) { deliver(std::move(x)); };
}

gateway_fixture::~gateway_fixture() {
  door.reset();
}

void gateway_fixture::start() {
  door = std::make_unique<actors::gateway>(options);
  ASSERT_EQ(door->start(), "");
}

namespace {

void accept(const connect_request& request, session& from) {
  session_identity who;
  who.uid = request.frame.uid;
  who.version = std::min(request.frame.version, wire::latest_version);
  who.json_rpc = request.json_rpc;
  wire::connack_frame f;
  f.reason = 1;
  auto connack = actors::encoded_frame(who, from.transport().websocket, f,
                                       from.take_request(0));
  from.establish(who, connack);
}

} // namespace

void gateway_fixture::answer(const user_delivery_ptr& x) {
  auto& from = x->content.from;
  auto say = [&from](const wire::frame& f, std::uint32_t seq) {
    from->send(actors::encoded_frame(*from->identity(),
                                     from->transport().websocket, f,
                                     from->take_request(seq)),
               from);
  };
  for (auto& e : x->content.events) {
    if (auto* request = std::get_if<connect_request>(&e)) {
      accept(*request, *from);
      table.add(from);
    } else if (auto* f = std::get_if<wire::send_frame>(&e)) {
      wire::sendack_frame ack;
      ack.client_seq = f->client_seq;
      ack.reason = 1;
      say(ack, f->client_seq);
      from->answered(1);
    } else if (auto* sub = std::get_if<sub_request>(&e)) {
      say(actors::answer_to(sub->frame, wire::reason::success), sub->number);
      from->answered(1);
    } else if (std::holds_alternative<wire::ping_frame>(e)) {
      say(wire::pong_frame{}, 0);
    } else if (std::holds_alternative<session_closed>(e)) {
      table.remove(from);
    }
  }
  x->answer(errc::none);
}

void gateway_fixture::deliver(user_delivery_ptr x) {
  on_batch(x);
  std::lock_guard guard{mx};
  auto& events = x->content.events;
  if (std::holds_alternative<session_closed>(events.front()))
    ++closed_count;
  batches.push_back(std::move(x));
  changed.notify_all();
}

void gateway_fixture::wait_until(const std::function<bool()>& done) {
  std::unique_lock guard{mx};
  EXPECT_TRUE(changed.wait_for(guard, patience, done));
}

} // namespace jindou::test
