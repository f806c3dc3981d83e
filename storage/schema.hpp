#pragma once

#include "storage/sqlite.hpp"

#include <span>
#include <string_view>

/// Tables of the store, their versions, and the SQL that a row needs.
namespace jindou::storage::schema {

/// "jdou": says that a file is ours. Written to disk, never change.
constexpr std::int64_t application_id = 0x6a646f75;

/// What this program writes. 2: rows of duplicates know the sender; earlier
/// programs would take them for damage, so they must not open the file.
constexpr std::int64_t version = 2;

/// Turns a store of version `from` into one of `from` + 1.
struct migration {
  std::int64_t from;
  std::string_view sql;
};

std::span<const migration> migrations();

/// What kind of file was opened. A file without content is of version 0.
/// Errors: `fault::foreign`, `fault::newer_schema`.
result<std::int64_t> check(connection& db);

/// Runs the migrations from `from` on inside the caller's transaction and sets
/// the version.
result<void> migrate(connection& db, std::int64_t from);

/// Name and columns of a table as the store writes them.
struct shape {
  std::string_view name;
  /// Columns of the primary key, in order; the first ones of the table.
  std::span<const std::string_view> key;
  std::uint8_t columns;
};

constexpr std::size_t table_count = 16;

const shape& shape_of(table t);

std::string insert_sql(table t);

/// Deletes by the first `columns` columns of the key.
std::string drop_sql(table t, std::size_t columns);

/// Deletes a range of the first column of the key.
std::string drop_range_sql(table t);

} // namespace jindou::storage::schema
