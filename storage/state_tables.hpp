#pragma once

#include "storage/head.hpp"
#include "storage/rows.hpp"
#include "storage/sqlite.hpp"
#include "storage/state.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jindou::storage {

/// The reading side of the tables that cuts and folds write: one look-up each,
/// on a connection of its own. Every call sees the last commit.
/// Errors: all calls can fail with a fault of SQLite, and with
///         `fault::corrupt` without an SQLite code for a damaged row.
class state_tables {
public:
  explicit state_tables(connection& db);

  /// Has all calls see the same commit, and spares each of them the locks of a
  /// statement of its own, while the transaction lives.
  result<transaction> hold() {
    return transaction::begin(*db_, transaction::kind::read);
  }

  result<std::optional<channel_row>> channel(rep_t rep, std::uint8_t type,
                                             std::string_view id);
  result<std::optional<channel_row>> channel(rep_t rep, chan_t chan_no);
  result<std::optional<channel_head>> head(rep_t rep, chan_t chan_no);

  /// A row of `ix`.
  result<std::optional<position_block>> block(std::int64_t key);

  /// Reads a log record; empty = no such row.
  result<byte_vector> record_at(position pos);

  result<bool> has_member(std::int64_t chan, command::list list,
                          std::string_view uid);

  /// Appends at most `limit` uids above `after`, in order.
  result<void> members_after(std::int64_t chan, command::list list,
                             std::string_view after, std::size_t limit,
                             std::vector<std::string>& out);

  result<std::optional<user_row>> user(rep_t rep, std::string_view uid);
  result<std::optional<device_row>> device(rep_t rep, std::string_view uid,
                                           std::uint8_t flag);
  result<std::optional<conversation_row>>
  conversation(rep_t rep, std::string_view uid, const channel_key& channel);
  result<std::optional<std::string>> control(rep_t rep, std::string_view name);

  /// A row of `journal`.
  struct journal_row {
    std::uint64_t cut_no = 0;
    byte_vector bytes;
  };

  /// Returns the first row at or above `cut_no`, if there is one.
  result<std::optional<journal_row>> journal_from(rep_t rep,
                                                  std::uint64_t cut_no);

  /// Takes a row of `dedupe`: the ordinal of its first record, and bytes that
  /// are good until it returns.
  using dedupe_fun = std::function<result<void>(std::uint64_t, byte_span)>;

  /// Reads all rows of a replica in order, by one statement: there may be very
  /// many. What `take` returns as an error ends it.
  result<void> each_dedupe(rep_t rep, const dedupe_fun& take);

private:
  result<std::optional<channel_row>> read_channel(statement& from);

  connection* db_;
  statement channel_by_key_;
  statement channel_by_no_;
  statement head_;
  statement block_;
  statement record_;
  statement has_member_;
  statement members_after_;
  statement user_;
  statement device_;
  statement conversation_;
  statement control_;
  statement journal_;
  statement dedupe_;
};

} // namespace jindou::storage
