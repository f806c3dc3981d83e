#include "storage/log_store.hpp"

#include "messages/assert.hpp"
#include "messages/limits.hpp"
#include "messages/mutant.hpp"
#include "storage/data_folder.hpp"
#include "storage/row_writer.hpp"
#include "storage/tail_runs.hpp"

#include <algorithm>
#include <map>

namespace jindou::storage {

namespace {

using clock = std::chrono::steady_clock;

/// Notes how long each step of a start takes.
class stopwatch {
public:
  explicit stopwatch(start_report& report) : report_(report) {
    // nop
  }

  void lap(const char* step) {
    auto now = clock::now();
    report_.steps.emplace_back(
      step, std::chrono::duration_cast<std::chrono::microseconds>(now - last_));
    last_ = now;
  }

private:
  start_report& report_;
  clock::time_point last_ = clock::now();
};

/// A replica that takes entries.
struct writable {
  rep_t rep = 0;
  tail_runs runs;
  /// Damaged: no cut will ever cover its rows.
  bool aside = false;
};

} // namespace

struct log_store::inner {
  inner(data_folder where, connection writer, const store_options& x)
      : folder(std::move(where)),
        db(std::move(writer)),
        rows(db),
        insert(db, "INSERT INTO log(pos, rec) VALUES(?, ?)"),
        vote(db, "UPDATE replica SET term = ?, vote = ? WHERE rep = ?"),
        clean(db, "UPDATE store_meta SET value = ? WHERE name = 'clean_pos'"),
        forget(db, "DELETE FROM quarantine WHERE no <= ?"),
        checkpoint_pages(x.checkpoint_pages),
        checkpoint_due(x.checkpoint_pages) {
    // nop
  }

  void take_over(const start_report& report);
  result<void> read_quarantine();

  result<void> write(const write_batch& batch, flush_report& out);
  result<void> write_cut(const state_change& cut);
  result<void> write_batch_of(const log_batch& batch, flush_report& out);
  result<void> write_job(const log_job& job, flush_result& out);
  result<void> drop_suffix(writable& to, raft::log_index from);
  result<void> append(writable& to, const raft::entry& x);
  result<void> write_event(const quarantined_event& x);

  position clean_pos_with(const state_change& cut) const;
  writable& replica_of(group_id group);
  void committed(const write_batch& batch);
  void rolled_back();

  data_folder folder;
  connection db;
  row_writer rows;
  statement insert;
  statement vote;
  statement clean;
  statement forget;
  std::uint32_t checkpoint_pages;
  /// Pages at which the next checkpoint is due; more than above after one that
  /// a reader kept from completing.
  std::uint32_t checkpoint_due;
  std::map<group_id, writable> replicas;
  position next = 1;
  position next_before = 1;
  std::int64_t next_event = 1;
  byte_vector scratch;
};

// -- life ---------------------------------------------------------------------

log_store::log_store(std::unique_ptr<inner> x) : inner_(std::move(x)) {
  // nop
}

log_store::log_store(log_store&&) noexcept = default;
log_store& log_store::operator=(log_store&&) noexcept = default;
log_store::~log_store() = default;

result<log_store> log_store::open(const store_options& options,
                                  start_report& report) {
  report = {};
  stopwatch watch{report};
  if (auto wrong = validate(options); !wrong.empty())
    return error{fault::not_found, 0, 0, wrong};
  auto folder = data_folder::open(options.dir);
  if (!folder)
    return folder.error();
  watch.lap("lock");
  auto db = start_store(*folder, options, report);
  if (!db)
    return db.error();
  watch.lap("read");
  if (auto free = folder->free_bytes(); free && *free >= options.free_min)
    report.reserved = folder->reserve(options.reserve_bytes);
  watch.lap("reserve");
  auto res
    = std::make_unique<inner>(std::move(*folder), std::move(*db), options);
  if (auto done = res->read_quarantine(); !done)
    return done.error();
  res->take_over(report);
  return log_store{std::move(res)};
}

void log_store::inner::take_over(const start_report& report) {
  next = report.next_position;
  for (auto& x : report.replicas) {
    if (!x.healthy())
      continue;
    writable to{x.row.rep, tail_runs{x.cut.applied}};
    for (auto& t : x.tail)
      to.runs.append(t.pos);
    to.runs.commit();
    replicas.emplace(x.row.group, std::move(to));
  }
}

result<void> log_store::inner::read_quarantine() {
  auto last = db.number("SELECT coalesce(max(no), 0) FROM quarantine");
  if (!last)
    return last.error();
  next_event = *last + 1;
  return {};
}

result<void> log_store::close() {
  auto emptied = inner_->db.checkpoint(checkpoint_mode::truncate);
  inner_.reset();
  if (!emptied)
    return emptied.error();
  return {};
}

// -- a flush ------------------------------------------------------------------

result<flush_report> log_store::flush(const write_batch& batch) {
  flush_report res;
  auto tx = transaction::begin(inner_->db);
  if (!tx)
    return tx.error();
  inner_->next_before = inner_->next;
  auto done = inner_->write(batch, res);
  JINDOU_MUTANT_POINT("ack-before-commit",
                      kept<transaction>().emplace(std::move(*tx));
                      inner_->committed(batch); return res);
  if (done)
    done = tx->commit();
  if (!done) {
    inner_->rolled_back();
    return done.error();
  }
  inner_->committed(batch);
  return res;
}

result<void> log_store::inner::write(const write_batch& batch,
                                     flush_report& out) {
  if (batch.cut != nullptr)
    if (auto done = write_cut(*batch.cut); !done)
      return done;
  if (batch.fold != nullptr)
    if (auto done = rows.write(*batch.fold); !done)
      return done;
  for (auto x : batch.batches)
    if (auto done = write_batch_of(*x, out); !done)
      return done;
  for (auto& x : batch.quarantined)
    if (auto done = write_event(x); !done)
      return done;
  return {};
}

result<void> log_store::inner::write_cut(const state_change& cut) {
  JINDOU_MUTANT_POINT("split-cut", auto half = cut; half.puts.pop_back();
                      static_cast<void>(rows.write(half));
                      static_cast<void>(db.run("COMMIT;BEGIN IMMEDIATE")));
  if (auto done = rows.write(cut); !done)
    return done;
  return clean.bind(clean_pos_with(cut)).run();
}

result<void> log_store::inner::write_batch_of(const log_batch& batch,
                                              flush_report& out) {
  auto& res = out.results.emplace_back();
  for (auto& job : batch.jobs) {
    if (auto done = write_job(job, res); !done)
      return done;
    out.entries += job.append.size();
    for (auto& x : job.append)
      out.bytes += x.bytes.size();
  }
  return {};
}

result<void> log_store::inner::write_job(const log_job& job,
                                         flush_result& out) {
  auto& to = replica_of(job.group);
  if (job.vote)
    if (auto done = vote.bind(job.vote->term, job.vote->vote, to.rep).run();
        !done)
      return done;
  if (job.cut_from)
    if (auto done = drop_suffix(to, *job.cut_from); !done)
      return done;
  if (!job.append.empty())
    out.placed.push_back({job.group, job.append.front().index, next,
                          static_cast<std::uint32_t>(job.append.size())});
  for (auto& x : job.append)
    if (auto done = append(to, x); !done)
      return done;
  out.finished.push_back({job.group, job.job});
  return {};
}

result<void> log_store::inner::drop_suffix(writable& to, raft::log_index from) {
  for (auto& x : to.runs.cut_from(from)) {
    row_drop_range gone{table::log, static_cast<std::int64_t>(x.first),
                        static_cast<std::int64_t>(x.last)};
    if (auto done = rows.drop(gone); !done)
      return done;
  }
  return {};
}

result<void> log_store::inner::append(writable& to, const raft::entry& x) {
  auto record = x.bytes.span();
  JINDOU_ASSERT(record.size() >= record::head_bytes);
  JINDOU_ASSERT(x.index == to.runs.last() + 1);
  JINDOU_ASSERT(record::peek(record).index == x.index);
  // The rep is ours alone, the shared record is everybody's: a copy gets it.
  scratch.assign(record.begin(), record.end());
  record::stamp_rep(scratch, to.rep);
  JINDOU_MUTANT_POINT(
    "drop-row", if (one_of(200, [] {})) {
      to.runs.append(next++);
      return {};
    });
  if (auto done = insert.bind(next, byte_span{scratch}).run(); !done)
    return done;
  to.runs.append(next++);
  return {};
}

result<void> log_store::inner::write_event(const quarantined_event& x) {
  value body = byte_vector{x.body.begin(), x.body.end()};
  row_put row{table::quarantine,
              {next_event, x.at, std::string{x.actor}, std::int64_t{x.event},
               std::string{x.reason}, std::move(body)}};
  if (auto done = rows.put(row); !done)
    return done;
  auto oldest = next_event - std::int64_t{limits::quarantine_rows_max};
  ++next_event;
  return forget.bind(oldest).run();
}

// -- bookkeeping --------------------------------------------------------------

writable& log_store::inner::replica_of(group_id group) {
  auto i = replicas.find(group);
  JINDOU_ASSERT(i != replicas.end());
  return i->second;
}

/// Every row at or below it will be covered by the cut of its replica.
position log_store::inner::clean_pos_with(const state_change& cut) const {
  auto first = next;
  JINDOU_MUTANT_POINT("clean-pos-too-high", return next - 1);
  for (auto& [group, x] : replicas) {
    if (x.aside)
      continue;
    auto covered = group == cut.group ? cut.applied : x.runs.covered();
    if (auto pos = x.runs.first_above(covered))
      first = std::min(first, *pos);
  }
  return first - 1;
}

void log_store::inner::committed(const write_batch& batch) {
  for (auto& [group, x] : replicas)
    x.runs.commit();
  if (batch.cut != nullptr)
    replica_of(batch.cut->group).runs.forget_to(batch.cut->applied);
}

void log_store::inner::rolled_back() {
  for (auto& [group, x] : replicas)
    x.runs.rollback();
  next = next_before;
}

// -- faults
// --------------------------------------------------------------------

result<void> log_store::set_aside(group_id group) {
  auto& x = inner_->replica_of(group);
  x.aside = true; // whatever the disk says
  return inner_->rows.set_aside(x.rep);
}

result<page_copy> log_store::copy_to(const std::string& path) {
  return page_copy::begin(inner_->db, path);
}

result<std::uint64_t> log_store::free_bytes() const {
  return inner_->folder.free_bytes();
}

bool log_store::reserve(std::uint64_t bytes) {
  return inner_->folder.reserve(bytes);
}

std::uint64_t log_store::shrink_reserve(std::uint64_t bytes) {
  return inner_->folder.shrink_reserve(bytes);
}

// -- checkpoints --------------------------------------------------------------

std::uint32_t log_store::wal_pages() const {
  return inner_->db.wal_pages();
}

result<checkpoint_state> log_store::checkpoint() {
  return inner_->db.checkpoint(checkpoint_mode::passive);
}

result<std::optional<checkpoint_state>> log_store::checkpoint_if_due() {
  JINDOU_MUTANT_POINT("ack-before-commit", linger();
                      static_cast<void>(kept<transaction>()->commit());
                      kept<transaction>().reset());
  auto& my = *inner_;
  auto pages = my.db.wal_pages();
  if (pages < my.checkpoint_pages) // the log began anew
    my.checkpoint_due = my.checkpoint_pages;
  if (pages < my.checkpoint_due)
    return std::optional<checkpoint_state>{};
  auto done = my.db.checkpoint(checkpoint_mode::passive);
  JINDOU_MUTANT_POINT("checkpoint-ignored",
                      return std::optional<checkpoint_state>{});
  if (!done)
    return done.error();
  // A complete one lets the next commit begin the log anew; one held up by a
  // reader is not tried again after every flush.
  my.checkpoint_due = pages + my.checkpoint_pages / 4;
  return std::optional{*done};
}

} // namespace jindou::storage
