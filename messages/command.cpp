#include "messages/command.hpp"

#include "messages/limits.hpp"
#include "messages/little_endian.hpp"

#include <limits>
#include <tuple>

// Bodies of all commands but append_message: version u8, then the fields of
// the struct in their order. A flag, enum or type is u8, flags of a channel are
// u32, a seq is u64, a name is u16 length + bytes, a token or value u32 length
// + bytes, a list of uids u16 count + names.

namespace jindou::command {

namespace {

constexpr std::uint8_t body_version = 1;
constexpr std::size_t append_body_bytes = 32; // 40...71
constexpr std::size_t append_text_at = record::head_bytes + append_body_bytes;

// -- writing ------------------------------------------------------------------

/// Appends the fields of one command; remembers what was too large.
class writer {
public:
  explicit writer(byte_vector& out) : out_(out) {
    // nop
  }

  template <class T>
  void number(T x) {
    append_le(out_, x);
  }

  void flag(bool x) {
    number(static_cast<std::uint8_t>(x ? 1 : 0));
  }

  template <class T>
  void enumerator(T x) {
    static_assert(sizeof(T) == 1);
    number(static_cast<std::uint8_t>(x));
  }

  void name(std::string_view x) {
    sized<std::uint16_t>(x);
  }

  void value(std::string_view x) {
    sized<std::uint32_t>(x);
  }

  void channel(const channel_key& x) {
    number(x.type);
    name(x.id);
  }

  void names(const std::vector<std::string>& xs) {
    if (xs.size() > limits::uids_per_command_max) {
      fits_ = false;
      return;
    }
    number(static_cast<std::uint16_t>(xs.size()));
    for (auto& x : xs)
      name(x);
  }

  bool fits() const {
    return fits_;
  }

private:
  template <class Length>
  void sized(std::string_view x) {
    if (x.size() > limits::command_bytes_max
        || x.size() > std::numeric_limits<Length>::max()) {
      fits_ = false;
      return;
    }
    number(static_cast<Length>(x.size()));
    append_text(out_, x);
  }

  byte_vector& out_;
  bool fits_ = true;
};

bool fits_names(const append_message& x, std::string_view id) {
  constexpr std::size_t max = std::numeric_limits<std::uint16_t>::max();
  return x.from_uid.size() <= max && x.client_msg_no.size() <= max
         && id.size() <= max && x.topic.size() <= max
         && x.payload.size() <= limits::command_bytes_max;
}

void write(writer& out, byte_vector& bytes, const append_message& x) {
  auto id = x.chan_no == 0 ? x.channel_id : std::string_view{};
  out.number(x.message_id);
  out.number(x.chan_no);
  out.number(x.expire);
  out.number(static_cast<std::uint16_t>(x.from_uid.size()));
  out.number(static_cast<std::uint16_t>(x.client_msg_no.size()));
  out.number(static_cast<std::uint16_t>(id.size()));
  out.number(static_cast<std::uint16_t>(x.topic.size()));
  out.number(static_cast<std::uint32_t>(x.payload.size()));
  out.number(x.channel_type);
  out.number(x.setting);
  out.number(x.flags);
  for (auto text : {x.from_uid, x.client_msg_no, id, x.topic, x.payload})
    append_text(bytes, text);
}

void write(writer& out, const channel_put& x) {
  out.channel(x.channel);
  out.number(x.flags);
  out.flag(x.only_if_missing);
}

void write(writer& out, const channel_disband& x) {
  out.channel(x.channel);
}

void write(writer& out, const members_add& x) {
  out.channel(x.channel);
  out.enumerator(x.list);
  out.flag(x.reset);
  out.names(x.uids);
}

void write(writer& out, const members_remove& x) {
  out.channel(x.channel);
  out.enumerator(x.list);
  out.names(x.uids);
}

void write(writer& out, const members_clear& x) {
  out.channel(x.channel);
  out.enumerator(x.list);
}

void write(writer& out, const user_put& x) {
  out.name(x.uid);
  out.name(x.plugin_no);
}

void write(writer& out, const device_put& x) {
  out.name(x.uid);
  out.number(x.flag);
  out.enumerator(x.level);
  out.value(x.token);
}

void write(writer& out, const conversation_put& x) {
  out.name(x.uid);
  out.channel(x.channel);
  out.number(x.kind);
  out.number(x.read_to);
  out.number(x.deleted_at);
  out.enumerator(x.how);
}

void write(writer& out, const conversation_drop& x) {
  out.name(x.uid);
  out.channel(x.channel);
}

void write(writer& out, const control_put& x) {
  out.name(x.name);
  out.value(x.value);
}

bool write_body(const any& x, byte_vector& out) {
  writer fields{out};
  if (auto msg = std::get_if<append_message>(&x)) {
    if (!fits_names(*msg, msg->channel_id))
      return false;
    write(fields, out, *msg);
    return true;
  }
  fields.number(body_version);
  std::visit(
    [&](const auto& cmd) {
      if constexpr (!std::is_same_v<decltype(cmd), const append_message&>)
        write(fields, cmd);
    },
    x);
  return fields.fits();
}

// -- reading ------------------------------------------------------------------

/// Reads the fields of one command; whatever is out of range makes it bad.
class body_reader {
public:
  explicit body_reader(byte_span body) : in_(body) {
    if (in_.number<std::uint8_t>() != body_version)
      in_.refuse();
  }

  template <class T>
  T number() {
    return in_.number<T>();
  }

  std::uint8_t up_to(std::uint8_t max) {
    auto res = in_.number<std::uint8_t>();
    if (res > max)
      in_.refuse();
    return res;
  }

  std::string name() {
    return std::string{in_.text(in_.number<std::uint16_t>())};
  }

  std::string value() {
    return std::string{in_.text(in_.number<std::uint32_t>())};
  }

  channel_key channel() {
    auto type = in_.number<std::uint8_t>();
    return {type, name()};
  }

  command::list list() {
    return static_cast<command::list>(up_to(2));
  }

  std::vector<std::string> names() {
    std::size_t n = in_.number<std::uint16_t>();
    if (n > limits::uids_per_command_max)
      in_.refuse();
    std::vector<std::string> res;
    for (std::size_t i = 0; i < n && in_.good(); ++i)
      res.push_back(name());
    return res;
  }

  bool done() const {
    return in_.done();
  }

private:
  le_reader in_;
};

// Braces are evaluated from left to right, which is the order of the fields.

any read_body(op code, body_reader& in) {
  switch (code) {
  case op::append_message: // read_append
    break;
  case op::channel_put: {
    auto channel = in.channel();
    auto flags = in.number<std::uint32_t>();
    return channel_put{std::move(channel), flags, in.up_to(1) != 0};
  }
  case op::channel_disband:
    return channel_disband{in.channel()};
  case op::members_add: {
    auto channel = in.channel();
    auto list = in.list();
    auto reset = in.up_to(1) != 0;
    return members_add{std::move(channel), list, reset, in.names()};
  }
  case op::members_remove:
    return members_remove{in.channel(), in.list(), in.names()};
  case op::members_clear:
    return members_clear{in.channel(), in.list()};
  case op::user_put:
    return user_put{in.name(), in.name()};
  case op::device_put:
    return device_put{in.name(), in.number<std::uint8_t>(),
                      static_cast<device_level>(in.up_to(1)), in.value()};
  case op::conversation_put:
    return conversation_put{in.name(),
                            in.channel(),
                            in.up_to(1),
                            in.number<message_seq>(),
                            in.number<message_seq>(),
                            static_cast<conversation_put::mode>(in.up_to(2))};
  case op::conversation_drop:
    return conversation_drop{in.name(), in.channel()};
  case op::control_put:
    return control_put{in.name(), in.value()};
  }
  return append_message{};
}

result<append_message> read_append(byte_span rec) {
  if (rec.size() < append_text_at)
    return errc::corrupt;
  auto p = rec.data();
  append_message res;
  res.message_id = load_le<std::uint64_t>(p + 40);
  res.chan_no = load_le<std::uint32_t>(p + 48);
  res.expire = load_le<std::uint32_t>(p + 52);
  res.channel_type = load_le<std::uint8_t>(p + 68);
  res.setting = load_le<std::uint8_t>(p + 69);
  res.flags = load_le<std::uint16_t>(p + 70);
  le_reader texts{rec.subspan(append_text_at)};
  res.from_uid = texts.text(load_le<std::uint16_t>(p + 56));
  res.client_msg_no = texts.text(load_le<std::uint16_t>(p + 58));
  res.channel_id = texts.text(load_le<std::uint16_t>(p + 60));
  res.topic = texts.text(load_le<std::uint16_t>(p + 62));
  res.payload = texts.text(load_le<std::uint32_t>(p + 64));
  if (!texts.done() || (res.chan_no != 0 && !res.channel_id.empty()))
    return errc::corrupt;
  return res;
}

bool is_command(byte_span rec) {
  return rec.size() >= record::head_bytes
         && record::peek(rec).kind == record::kind::command;
}

} // namespace

op op_of(const any& x) {
  return static_cast<op>(x.index() + 1); // the variant stands in their order
}

errc encode(const any& x, byte_vector& out) {
  auto start = out.size();
  out.resize(start + record::head_bytes); // zero
  store_le(out.data() + start + 12,
           static_cast<std::uint8_t>(record::kind::command));
  store_le(out.data() + start + 13, static_cast<std::uint8_t>(op_of(x)));
  auto fits = write_body(x, out);
  if (fits && out.size() - start <= limits::command_bytes_max)
    return errc::none;
  out.resize(start);
  return errc::too_large;
}

result<any> decode(byte_span rec) {
  if (!is_command(rec))
    return errc::corrupt;
  auto code = record::peek(rec).op;
  if (code == 0 || code > std::variant_size_v<any>)
    return errc::corrupt;
  if (static_cast<op>(code) == op::append_message) {
    auto msg = read_append(rec);
    return msg ? result<any>{any{*msg}} : result<any>{msg.error()};
  }
  body_reader in{rec.subspan(record::head_bytes)};
  auto res = read_body(static_cast<op>(code), in);
  if (!in.done())
    return errc::corrupt;
  return res;
}

result<append_message> decode_append(byte_span rec) {
  if (!is_command(rec)
      || record::peek(rec).op != static_cast<std::uint8_t>(op::append_message))
    return errc::corrupt;
  return read_append(rec);
}

} // namespace jindou::command
