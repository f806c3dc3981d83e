#include "storage/sqlite.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <utility>

namespace jindou::storage {

namespace {

fault fault_of(int code) {
  switch (code & 0xff) {
  case SQLITE_OK:
  case SQLITE_ROW:
  case SQLITE_DONE:
    return fault::none;
  case SQLITE_FULL:
    return fault::full;
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    return fault::corrupt;
  case SQLITE_READONLY:
    return fault::readonly;
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return fault::locked;
  default:
    break;
  }
  if (code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC)
    return fault::sync;
  if (code == SQLITE_IOERR_CORRUPTFS)
    return fault::corrupt;
  return fault::io;
}

/// One thread per connection and no memory statistics: locks that we do not
/// need. Must run before the first connection of the process.
bool configure_once() {
  static const bool done = [] {
    return sqlite3_config(SQLITE_CONFIG_MULTITHREAD) == SQLITE_OK
           && sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK
           && sqlite3_initialize() == SQLITE_OK;
  }();
  return done;
}

/// What SQLite reports as some fault of a file, though the system knows better.
fault fault_of(int code, int os_errno) {
  auto grows = code == SQLITE_IOERR_WRITE || code == SQLITE_IOERR_SHMSIZE;
  auto opens = (code & 0xff) == SQLITE_CANTOPEN;
  if ((grows || opens) && (os_errno == ENOSPC || os_errno == EDQUOT))
    return fault::full;
  if (opens && (os_errno == EROFS || os_errno == EACCES))
    return fault::readonly;
  return fault_of(code);
}

/// Translates the last error of a connection.
error failure(sqlite3* db, int code, std::string context) {
  error res;
  res.what = fault_of(code);
  res.sqlite_code = code;
  res.context = std::move(context);
  if (db != nullptr) {
    res.os_errno = sqlite3_system_errno(db);
    res.what = fault_of(code, res.os_errno);
    res.context += ": ";
    res.context += sqlite3_errmsg(db);
  }
  return res;
}

int note_wal_pages(void* pages, sqlite3*, const char*, int n) {
  *static_cast<std::uint32_t*>(pages) = static_cast<std::uint32_t>(n);
  return SQLITE_OK;
}

} // namespace

// -- connection ---------------------------------------------------------------

struct connection::inner {
  sqlite3* db = nullptr;
  std::uint32_t wal_pages = 0;

  ~inner() {
    sqlite3_close_v2(db); // statements that live on finish it
  }
};

connection::connection(connection&&) noexcept = default;
connection& connection::operator=(connection&&) noexcept = default;
connection::~connection() = default;

result<connection> connection::open(const connection_options& options) {
  if (!configure_once())
    return error{fault::io, SQLITE_MISUSE, 0, "configure sqlite"};
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  flags |= options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  if (options.create)
    flags |= SQLITE_OPEN_CREATE;
  connection res;
  res.inner_ = std::make_unique<inner>();
  auto vfs = options.vfs.empty() ? nullptr : options.vfs.c_str();
  auto rc = sqlite3_open_v2(options.path.c_str(), &res.inner_->db, flags, vfs);
  if (rc != SQLITE_OK)
    return failure(res.native(), rc, "open " + options.path);
  auto db = res.inner_->db;
  sqlite3_busy_timeout(db, static_cast<int>(options.busy_timeout.count()));
  // A checkpoint at close would hide its error.
  sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  auto settings = "PRAGMA cache_size=-" + std::to_string(options.cache_kib)
                  + ";PRAGMA mmap_size=0;PRAGMA secure_delete=OFF;"
                    "PRAGMA cell_size_check=ON;PRAGMA trusted_schema=OFF;"
                    "PRAGMA temp_store=MEMORY";
  if (auto done = res.run(settings); !done)
    return done.error();
  return res;
}

result<void> connection::use_wal() {
  // The page size counts only for a file that is being made.
  auto done = run("PRAGMA page_size=8192;PRAGMA auto_vacuum=NONE;"
                  "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
                  "PRAGMA journal_size_limit=-1;PRAGMA wal_autocheckpoint=0");
  if (!done)
    return done;
  sqlite3_wal_hook(inner_->db, note_wal_pages, &inner_->wal_pages);
  statement mode{*this, "PRAGMA journal_mode"};
  auto row = mode.step();
  if (!row)
    return row.error();
  if (mode.text(0) != "wal")
    return error{fault::io, SQLITE_ERROR, 0, "no write-ahead log here"};
  return {};
}

result<void> connection::run(const std::string& sql) {
  auto rc = sqlite3_exec(inner_->db, sql.c_str(), nullptr, nullptr, nullptr);
  if (rc != SQLITE_OK)
    return failure(inner_->db, rc, sql.substr(0, 80));
  return {};
}

result<std::int64_t> connection::number(std::string_view sql) {
  statement query{*this, sql};
  auto row = query.step();
  if (!row)
    return row.error();
  if (!*row)
    return error{fault::not_found, 0, 0, std::string{sql}};
  return query.integer(0);
}

result<checkpoint_state> connection::checkpoint(checkpoint_mode mode) {
  auto how = mode == checkpoint_mode::passive ? SQLITE_CHECKPOINT_PASSIVE
                                              : SQLITE_CHECKPOINT_TRUNCATE;
  checkpoint_state res;
  auto rc = sqlite3_wal_checkpoint_v2(inner_->db, nullptr, how, &res.log_frames,
                                      &res.moved_frames);
  if (rc == SQLITE_BUSY)
    return res; // a reader is in the way
  if (rc != SQLITE_OK)
    return failure(inner_->db, rc, "checkpoint");
  res.complete = res.log_frames == res.moved_frames;
  if (mode == checkpoint_mode::truncate)
    inner_->wal_pages = 0;
  return res;
}

std::uint32_t connection::wal_pages() const {
  return inner_->wal_pages;
}

bool connection::in_transaction() const {
  return sqlite3_get_autocommit(inner_->db) == 0;
}

sqlite3* connection::native() const {
  return inner_->db;
}

// -- statement ----------------------------------------------------------------

statement::statement(connection& db, std::string_view sql) : db_(db.native()) {
  code_
    = sqlite3_prepare_v3(db.native(), sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &stmt_, nullptr);
}

statement::statement(statement&& x) noexcept
    : db_(x.db_), stmt_(std::exchange(x.stmt_, nullptr)), code_(x.code_) {
  // nop
}

statement& statement::operator=(statement&& x) noexcept {
  std::swap(db_, x.db_);
  std::swap(stmt_, x.stmt_);
  std::swap(code_, x.code_);
  return *this;
}

statement::~statement() {
  sqlite3_finalize(stmt_);
}

void statement::note(int code) {
  if (code_ == SQLITE_OK)
    code_ = code;
}

void statement::bind_number(int i, std::int64_t x) {
  note(sqlite3_bind_int64(stmt_, i, x));
}

void statement::bind_one(int i, std::string_view x) {
  auto p = x.empty() ? "" : x.data(); // a null pointer would bind NULL
  note(sqlite3_bind_text64(stmt_, i, p, x.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void statement::bind_one(int i, byte_span x) {
  static constexpr std::byte nothing{};
  auto p = x.empty() ? &nothing : x.data();
  note(sqlite3_bind_blob64(stmt_, i, p, x.size(), SQLITE_STATIC));
}

void statement::bind_one(int i, const value& x) {
  if (auto number = std::get_if<std::int64_t>(&x))
    bind_number(i, *number);
  else if (auto chars = std::get_if<std::string>(&x))
    bind_one(i, std::string_view{*chars});
  else
    bind_one(i, byte_span{std::get<byte_vector>(x)});
}

result<bool> statement::step() {
  if (code_ == SQLITE_OK) {
    auto rc = sqlite3_step(stmt_);
    if (rc == SQLITE_ROW)
      return true;
    if (rc == SQLITE_DONE) {
      sqlite3_reset(stmt_);
      return false;
    }
    code_ = rc;
  }
  auto sql = stmt_ == nullptr ? "prepare" : sqlite3_sql(stmt_);
  auto res = failure(db_, code_, sql);
  sqlite3_reset(stmt_);
  if (stmt_ != nullptr)
    code_ = SQLITE_OK;
  return res;
}

result<void> statement::run() {
  for (;;) {
    auto row = step();
    if (!row)
      return row.error();
    if (!*row)
      return {};
  }
}

void statement::reset() {
  sqlite3_reset(stmt_);
}

std::int64_t statement::integer(int column) const {
  return sqlite3_column_int64(stmt_, column);
}

std::string_view statement::text(int column) const {
  auto p = sqlite3_column_text(stmt_, column);
  auto n = static_cast<std::size_t>(sqlite3_column_bytes(stmt_, column));
  return {reinterpret_cast<const char*>(p), p == nullptr ? 0 : n};
}

byte_span statement::blob(int column) const {
  auto p = sqlite3_column_blob(stmt_, column);
  auto n = static_cast<std::size_t>(sqlite3_column_bytes(stmt_, column));
  return {static_cast<const std::byte*>(p), p == nullptr ? 0 : n};
}

// -- transaction --------------------------------------------------------------

result<transaction> transaction::begin(connection& db, kind k) {
  auto done = db.run(k == kind::write ? "BEGIN IMMEDIATE" : "BEGIN");
  if (!done)
    return done.error();
  return transaction{db};
}

transaction::transaction(transaction&& x) noexcept
    : db_(std::exchange(x.db_, nullptr)) {
  // nop
}

transaction::~transaction() {
  if (db_ != nullptr && db_->in_transaction())
    std::ignore = static_cast<bool>(db_->run("ROLLBACK"));
}

result<void> transaction::commit() {
  return db_->run("COMMIT");
}

// -- page copy ----------------------------------------------------------------

result<page_copy> page_copy::begin(connection& from, const std::string& path) {
  auto to
    = connection::open({.path = path, .create = true, .cache_kib = 1'024});
  if (!to)
    return to.error();
  // Nobody needs half a copy: no journal, and whoever ordered it synchronises.
  if (auto done = to->run("PRAGMA journal_mode=OFF;PRAGMA synchronous=OFF");
      !done)
    return done.error();
  page_copy res;
  res.to_ = std::move(*to);
  res.native_
    = sqlite3_backup_init(res.to_.native(), "main", from.native(), "main");
  if (res.native_ == nullptr)
    return failure(res.to_.native(), sqlite3_errcode(res.to_.native()),
                   "begin a copy " + path);
  return res;
}

page_copy::page_copy(page_copy&& x) noexcept
    : to_(std::move(x.to_)), native_(std::exchange(x.native_, nullptr)) {
  // nop
}

page_copy::~page_copy() {
  if (native_ != nullptr)
    sqlite3_backup_finish(native_);
}

result<bool> page_copy::step(int pages) {
  auto rc = sqlite3_backup_step(native_, pages);
  if (rc == SQLITE_OK)
    return false;
  if (rc != SQLITE_DONE) {
    auto res = failure(nullptr, rc, "copy pages: ");
    res.context += sqlite3_errstr(rc);
    return res;
  }
  rc = sqlite3_backup_finish(std::exchange(native_, nullptr));
  if (rc != SQLITE_OK)
    return failure(to_.native(), rc, "finish a copy");
  to_ = connection{};
  return true;
}

std::uint32_t page_copy::total() const {
  return native_ == nullptr
           ? 0
           : static_cast<std::uint32_t>(sqlite3_backup_pagecount(native_));
}

std::uint32_t page_copy::left() const {
  return native_ == nullptr
           ? 0
           : static_cast<std::uint32_t>(sqlite3_backup_remaining(native_));
}

} // namespace jindou::storage
