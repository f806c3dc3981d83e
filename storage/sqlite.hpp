#pragma once

#include "storage/work.hpp"

#include <concepts>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_backup;
struct sqlite3_stmt;

/// Our own thin skin over SQLite; only sqlite.cpp includes its header. None of
/// it is safe for two threads at once.
namespace jindou::storage {

struct connection_options {
  std::string path = {};
  /// Name of a registered VFS; empty = the system's.
  std::string vfs = {};
  bool read_only = false;
  bool create = false;
  std::uint32_t cache_kib = 8'192;
  /// How long to wait for a lock; later a busy database is a bug.
  std::chrono::milliseconds busy_timeout{2'000};
};

/// What a checkpoint did.
struct checkpoint_state {
  /// Everything in the write-ahead log has reached the main file.
  bool complete = false;
  /// Frames in the log and frames moved; of a TRUNCATE 0.
  int log_frames = 0;
  int moved_frames = 0;
};

enum class checkpoint_mode { passive, truncate };

/// One connection with the settings of the house.
class connection {
public:
  connection() = default;
  connection(connection&&) noexcept;
  connection& operator=(connection&&) noexcept;
  ~connection();

  static result<connection> open(const connection_options& options);

  /// Settings that may not touch a foreign file, so not part of `open`: WAL
  /// mode, full synchronisation, no automatic checkpoint.
  result<void> use_wal();

  /// Runs statements that give no rows.
  result<void> run(const std::string& sql);

  /// Reads one number, as of a pragma.
  result<std::int64_t> number(std::string_view sql);

  /// Moves the write-ahead log into the main file. A busy database is no error
  /// but an incomplete checkpoint.
  /// Errors: every other one, `fault::full` included.
  result<checkpoint_state> checkpoint(checkpoint_mode mode);

  /// Pages in the write-ahead log after the last commit.
  std::uint32_t wal_pages() const;

  bool in_transaction() const;

  sqlite3* native() const;

private:
  struct inner;
  std::unique_ptr<inner> inner_;
};

/// A prepared statement. Texts and blobs are bound as they lie: they must live
/// until the statement has run.
class statement {
public:
  statement() = default;
  statement(connection& db, std::string_view sql);
  statement(statement&&) noexcept;
  statement& operator=(statement&&) noexcept;
  ~statement();

  /// Binds all parameters from the first on.
  template <class... Ts>
  statement& bind(const Ts&... xs) {
    int i = 0;
    (bind_one(++i, xs), ...);
    return *this;
  }

  /// Binds one parameter, counted from 1.
  void bind_one(int i, std::string_view x);
  void bind_one(int i, byte_span x);
  void bind_one(int i, const value& x);

  template <std::integral T>
  void bind_one(int i, T x) {
    bind_number(i, static_cast<std::int64_t>(x));
  }

  /// Goes to the next row: true = there is one. After the last one and after an
  /// error the statement is as new.
  result<bool> step();

  /// Runs to the end; rows are skipped.
  result<void> run();

  /// Makes the statement as new before its last row was read.
  void reset();

  /// Columns of the present row, counted from 0.
  std::int64_t integer(int column) const;
  std::string_view text(int column) const;
  byte_span blob(int column) const;

private:
  void bind_number(int i, std::int64_t x);
  void note(int code);

  sqlite3* db_ = nullptr;
  sqlite3_stmt* stmt_ = nullptr;
  int code_ = 0; // first error of prepare or bind
};

/// Rolls back at the end of its scope unless it was committed.
class transaction {
public:
  enum class kind { read, write };

  static result<transaction> begin(connection& db, kind k = kind::write);

  transaction(transaction&&) noexcept;
  transaction& operator=(transaction&&) = delete;
  ~transaction();

  result<void> commit();

private:
  explicit transaction(connection& db) : db_(&db) {
    // nop
  }

  connection* db_;
};

/// Copies a database into a new file, some pages at a time, through the
/// connection that writes it: what that commits meanwhile reaches the copy,
/// too, so no read transaction has to stay open and nothing begins anew. The
/// copy is good once `step` has returned true; it is not synchronised.
class page_copy {
public:
  /// Errors: those of making the file.
  static result<page_copy> begin(connection& from, const std::string& path);

  page_copy(page_copy&&) noexcept;
  page_copy& operator=(page_copy&&) = delete;
  ~page_copy();

  /// Copies up to `pages`; not within a transaction. True = all are there, and
  /// the file is closed.
  /// Errors: `fault::full`, or any other; the copy is useless then, the
  ///         database as good as before.
  result<bool> step(int pages);

  /// Pages of the database and how many are still to come, as of the last step.
  std::uint32_t total() const;
  std::uint32_t left() const;

private:
  page_copy() = default;

  connection to_;
  sqlite3_backup* native_ = nullptr;
};

} // namespace jindou::storage
