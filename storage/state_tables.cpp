#include "storage/state_tables.hpp"

#include <limits>

namespace jindou::storage {

namespace {

constexpr auto sql_channel_columns
  = "SELECT k, type, id, flags, members, denied, allowed, list_version, "
    "created, updated FROM channel ";

std::string channel_sql(const char* where) {
  return std::string{sql_channel_columns} + where;
}

std::uint64_t unsigned_at(const statement& from, int column) {
  return static_cast<std::uint64_t>(from.integer(column));
}

byte_vector bytes_at(const statement& from, int column) {
  auto x = from.blob(column);
  return {x.begin(), x.end()};
}

std::string text_at(const statement& from, int column) {
  return std::string{from.text(column)};
}

std::int64_t code(command::list x) {
  return static_cast<std::int64_t>(x);
}

/// Steps once and lets `read` make a row of what is there.
template <class Row, class Read>
result<std::optional<Row>> one(statement& from, Read read) {
  auto there = from.step();
  if (!there)
    return there.error();
  std::optional<Row> res;
  if (*there) {
    res = read(from);
    from.reset();
  }
  return res;
}

/// The same for a blob that can be damaged.
template <class Row>
result<std::optional<Row>> decoded(statement& from,
                                   jindou::result<Row> (*decode)(byte_span),
                                   const char* what) {
  auto there = from.step();
  if (!there)
    return there.error();
  if (!*there)
    return std::optional<Row>{};
  auto row = decode(from.blob(0));
  from.reset();
  if (!row)
    return damaged(what);
  return std::optional<Row>{std::move(*row)};
}

} // namespace

state_tables::state_tables(connection& db)
    : db_(&db),
      channel_by_key_(db,
                      channel_sql("WHERE rep = ?1 AND type = ?2 AND id = ?3")),
      channel_by_no_(db, channel_sql("WHERE k = ?1")),
      head_(db, "SELECT b FROM head WHERE k = ?1"),
      block_(db, "SELECT b FROM ix WHERE k = ?1"),
      record_(db, "SELECT rec FROM log WHERE pos = ?1"),
      has_member_(db, "SELECT 1 FROM member WHERE k = ?1 AND list = ?2 "
                      "AND uid = ?3"),
      members_after_(db, "SELECT uid FROM member WHERE k = ?1 AND list = ?2 "
                         "AND uid > ?3 ORDER BY uid LIMIT ?4"),
      user_(db, "SELECT uid, plugin_no, created FROM user "
                "WHERE rep = ?1 AND uid = ?2"),
      device_(db, "SELECT uid, flag, level, token, updated FROM device "
                  "WHERE rep = ?1 AND uid = ?2 AND flag = ?3"),
      conversation_(db,
                    "SELECT uid, type, id, kind, read_to, deleted_at, created, "
                    "updated FROM conversation "
                    "WHERE rep = ?1 AND uid = ?2 AND type = ?3 AND id = ?4"),
      control_(db, "SELECT value FROM control WHERE rep = ?1 AND name = ?2"),
      journal_(db, "SELECT k, b FROM journal WHERE k >= ?1 AND k < ?2 "
                   "ORDER BY k LIMIT 1"),
      dedupe_(db, "SELECT k, b FROM dedupe WHERE k >= ?1 AND k < ?2 "
                  "ORDER BY k") {
  // nop
}

// -- channels -----------------------------------------------------------------

result<std::optional<channel_row>>
state_tables::channel(rep_t rep, std::uint8_t type, std::string_view id) {
  return read_channel(channel_by_key_.bind(rep, type, id));
}

result<std::optional<channel_row>> state_tables::channel(rep_t rep,
                                                         chan_t chan_no) {
  return read_channel(channel_by_no_.bind(chan_key(rep, chan_no)));
}

result<std::optional<channel_row>> state_tables::read_channel(statement& from) {
  return one<channel_row>(from, [](const statement& x) {
    channel_row res;
    res.chan_no = static_cast<chan_t>(x.integer(0) & chan_max);
    res.key = {static_cast<std::uint8_t>(x.integer(1)), text_at(x, 2)};
    res.flags = static_cast<std::uint32_t>(x.integer(3));
    for (std::size_t i = 0; i < res.counts.size(); ++i)
      res.counts[i] = unsigned_at(x, static_cast<int>(4 + i));
    res.list_version = unsigned_at(x, 7);
    res.created = unsigned_at(x, 8);
    res.updated = unsigned_at(x, 9);
    return res;
  });
}

result<std::optional<channel_head>> state_tables::head(rep_t rep,
                                                       chan_t chan_no) {
  head_.bind(chan_key(rep, chan_no));
  return decoded(head_, decode_head, "head");
}

result<std::optional<position_block>> state_tables::block(std::int64_t key) {
  block_.bind(key);
  return decoded(block_, position_block::decode, "position block");
}

result<byte_vector> state_tables::record_at(position pos) {
  record_.bind(pos);
  auto there = record_.step();
  if (!there)
    return there.error();
  byte_vector res;
  if (*there) {
    res = bytes_at(record_, 0);
    record_.reset();
  }
  return res;
}

// -- lists --------------------------------------------------------------------

result<bool> state_tables::has_member(std::int64_t chan, command::list list,
                                      std::string_view uid) {
  auto there = has_member_.bind(chan, code(list), uid).step();
  if (there && *there)
    has_member_.reset();
  return there;
}

result<void> state_tables::members_after(std::int64_t chan, command::list list,
                                         std::string_view after,
                                         std::size_t limit,
                                         std::vector<std::string>& out) {
  members_after_.bind(chan, code(list), after, limit);
  for (;;) {
    auto there = members_after_.step();
    if (!there)
      return there.error();
    if (!*there)
      return {};
    out.push_back(text_at(members_after_, 0));
  }
}

// -- users and what belongs to them -------------------------------------------

result<std::optional<user_row>> state_tables::user(rep_t rep,
                                                   std::string_view uid) {
  return one<user_row>(user_.bind(rep, uid), [](const statement& x) {
    return user_row{text_at(x, 0), text_at(x, 1), unsigned_at(x, 2)};
  });
}

result<std::optional<device_row>>
state_tables::device(rep_t rep, std::string_view uid, std::uint8_t flag) {
  return one<device_row>(device_.bind(rep, uid, flag), [](const statement& x) {
    return device_row{text_at(x, 0), static_cast<std::uint8_t>(x.integer(1)),
                      static_cast<device_level>(x.integer(2)), text_at(x, 3),
                      unsigned_at(x, 4)};
  });
}

result<std::optional<conversation_row>>
state_tables::conversation(rep_t rep, std::string_view uid,
                           const channel_key& channel) {
  auto& from
    = conversation_.bind(rep, uid, channel.type, std::string_view{channel.id});
  return one<conversation_row>(from, [](const statement& x) {
    conversation_row res;
    res.uid = text_at(x, 0);
    res.channel = {static_cast<std::uint8_t>(x.integer(1)), text_at(x, 2)};
    res.kind = static_cast<std::uint8_t>(x.integer(3));
    res.read_to = unsigned_at(x, 4);
    res.deleted_at = unsigned_at(x, 5);
    res.created = unsigned_at(x, 6);
    res.updated = unsigned_at(x, 7);
    return res;
  });
}

result<std::optional<std::string>>
state_tables::control(rep_t rep, std::string_view name) {
  return one<std::string>(control_.bind(rep, name), [](const statement& x) {
    return std::string{as_text(x.blob(0))};
  });
}

// -- journal and duplicates ---------------------------------------------------

result<std::optional<state_tables::journal_row>>
state_tables::journal_from(rep_t rep, std::uint64_t cut_no) {
  auto zero = serial_key(rep, 0);
  journal_.bind(serial_key(rep, cut_no),
                serial_key(static_cast<rep_t>(rep + 1), 0));
  return one<journal_row>(journal_, [zero](const statement& x) {
    return journal_row{static_cast<std::uint64_t>(x.integer(0) - zero),
                       bytes_at(x, 1)};
  });
}

result<void> state_tables::each_dedupe(rep_t rep, const dedupe_fun& take) {
  auto zero = serial_key(rep, 0);
  dedupe_.bind(zero, serial_key(static_cast<rep_t>(rep + 1), 0));
  for (;;) {
    auto there = dedupe_.step();
    if (!there)
      return there.error();
    if (!*there)
      return {};
    auto first = static_cast<std::uint64_t>(dedupe_.integer(0) - zero);
    if (auto done = take(first, dedupe_.blob(1)); !done) {
      dedupe_.reset();
      return done;
    }
  }
}

} // namespace jindou::storage
