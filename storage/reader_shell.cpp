#include "storage/reader_shell.hpp"

#include "messages/assert.hpp"
#include "messages/hash.hpp"
#include "messages/limits.hpp"
#include "storage/log.hpp"

#include <exception>

namespace jindou::storage {

reader_actor::behavior_type
reading(reader_actor::stateful_pointer<reader_state> self,
        reader_options options) {
  self->state.start(std::move(options));
  self->set_exception_handler([self](std::exception_ptr&) -> caf::error {
    self->state.fail(); // else its part of the reads goes to a dead actor
    return caf::exit_reason::unhandled_exception;
  });
  return {
    [self](const read_rows_ptr& x) { self->state.on_read(*x); },
  };
}

void reader_state::start(reader_options options) {
  options_ = std::move(options);
}

void reader_state::on_read(const read_rows& x) {
  auto res = read(x);
  if (!res && res.error() == errc::corrupt)
    report_damage(x.channel);
  options_.counters->add(counter::history_reads);
  x.answer->answer(std::move(res));
}

jindou::result<history> reader_state::read(const read_rows& x) {
  JINDOU_ASSERT(x.positions.size() == x.seqs.size());
  if (x.positions.size() > limits::history_rows_max)
    return errc::too_large;
  auto records
    = options_.store->records(x.positions, limits::history_bytes_max);
  if (!records)
    return errc_of(records.error());
  auto res = history_of(x.channel, x.last_seq, x.seqs, *records);
  if (!res)
    log().error("[history-foreign-row] a channel refers to a row of another");
  return res;
}

void reader_state::fail() {
  options_.fatal({fault::io, 0, 0, "exception in a reader"});
}

errc reader_state::errc_of(const error& why) const {
  if (why.what == fault::locked)
    return errc::unavailable;
  if (why.what == fault::full)
    return errc::too_large;
  log().error("[history-read-failed] reading failed ({}, sqlite {}): {}",
              to_string(why.what), why.sqlite_code, why.context);
  if (why.sqlite_code == 0)
    return errc::corrupt;
  options_.fatal(why);
  return errc::disk_failed;
}

/// A damaged row costs its replica: it may neither vote nor serve (W6).
void reader_state::report_damage(const channel_key& channel) {
  if (!options_.writer)
    return;
  auto work = std::make_shared<cut_work>();
  work->what = state_change::kind::aside;
  auto slot = slot_of(hash_of_channel(channel.type, channel.id));
  work->group = (*options_.groups)[slot];
  work->from = caf::actor_cast<applier_actor>(self_->current_sender());
  log().error("[replica-damaged] group {} has a damaged row, takes part no "
              "more",
              work->group);
  self_->send(options_.writer, cut_work_ptr{std::move(work)});
}

jindou::result<history> history_of(const channel_key& channel,
                                   message_seq last_seq,
                                   std::span<const message_seq> seqs,
                                   std::span<const shared_bytes> records) {
  history res;
  res.last_seq = last_seq;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (records[i].size() == 0)
      continue;
    auto body = command::decode_append(records[i].span());
    if (!body || body->channel_type != channel.type
        || (body->chan_no == 0 && body->channel_id != channel.id))
      return errc::corrupt;
    auto log_time = record::peek(records[i].span()).log_time;
    res.messages.push_back({records[i], *body, seqs[i], log_time});
  }
  return res;
}

} // namespace jindou::storage
