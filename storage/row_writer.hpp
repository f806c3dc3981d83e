#pragma once

#include "storage/schema.hpp"

#include <array>
#include <map>
#include <optional>

namespace jindou::storage {

/// Writes rows of any table; each statement is prepared at its first use. The
/// caller's transaction decides what counts.
class row_writer {
public:
  explicit row_writer(connection& db) : db_(&db) {
    // nop
  }

  result<void> put(const row_put& row);
  result<void> drop(const row_drop& rows);
  result<void> drop(const row_drop_range& rows);

  /// Notes a replica as damaged for good. The state alone: what is wrong in the
  /// row stays to be looked at.
  result<void> set_aside(rep_t rep);

  /// All of one cut or fold step.
  result<void> write(const state_change& change);

private:
  /// The statement at `place`, made from what `sql` returns if it is missing.
  template <class F>
  statement& prepared(std::optional<statement>& place, F sql) {
    if (!place)
      place.emplace(*db_, sql());
    return *place;
  }

  connection* db_;
  std::array<std::optional<statement>, schema::table_count> puts_;
  std::array<std::optional<statement>, schema::table_count> ranges_;
  std::map<std::pair<table, std::size_t>, std::optional<statement>> drops_;
};

} // namespace jindou::storage
