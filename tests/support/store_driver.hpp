#pragma once

#include "messages/command.hpp"
#include "storage/log_store.hpp"
#include "tests/support/entry_maker.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace jindou::test {

/// Does to a store what raft hosts do, for as many groups as wanted, and
/// remembers what was acknowledged.
class store_driver {
public:
  explicit store_driver(const std::string& dir) {
    options.dir = dir;
    options.reserve_bytes = 0;
    options.cache_kib = 1'024;
  }

  /// Opens the store; what was acknowledged is forgotten.
  void open() {
    store.reset();
    auto res = storage::log_store::open(options, report);
    ASSERT_TRUE(res) << res.error().context;
    store.emplace(std::move(*res));
    makers_.clear();
    jobs_.clear();
    for (auto& x : report.replicas) {
      terms_[x.row.group] = x.row.hard_state.term;
      auto last = x.tail.empty() ? x.cut.applied : x.tail.back().entry.index;
      maker(x.row.group).head().index = last;
    }
  }

  entry_maker& maker(group_id group) {
    return makers_.try_emplace(group, entry_maker{group}).first->second;
  }

  /// Makes the next entry of a group: a message with this payload.
  raft::entry entry(group_id group, std::string_view payload) {
    command::append_message msg;
    msg.message_id = 1;
    msg.channel_type = channel_type::group;
    msg.channel_id = "g";
    msg.from_uid = "u";
    msg.client_msg_no = payload.substr(0, 32);
    msg.payload = payload;
    auto rec = maker(group)(msg);
    auto h = record::peek(rec);
    return {h.index, h.term, h.kind, shared_bytes{std::move(rec)}};
  }

  /// A job that appends one entry per payload.
  log_job append(group_id group, const std::vector<std::string>& payloads) {
    log_job res;
    res.group = group;
    res.job = ++jobs_[group];
    for (auto& x : payloads)
      res.append.push_back(entry(group, x));
    vote(res);
    return res;
  }

  /// A job that replaces everything from `index` on, in a higher term.
  log_job replace(group_id group, raft::log_index index,
                  const std::vector<std::string>& payloads) {
    auto& head = maker(group).head();
    head.index = index - 1;
    ++head.term;
    auto res = append(group, payloads);
    res.cut_from = index;
    return res;
  }

  /// Makes a job bring the term of its entries, if the store lacks it.
  void vote(log_job& x) {
    if (!x.append.empty() && x.append.back().term > terms_[x.group])
      x.vote = {x.append.back().term, 0};
  }

  storage::result<storage::flush_report> flush(std::vector<log_job> jobs) {
    log_batch batch;
    batch.jobs = std::move(jobs);
    const log_batch* batches[] = {&batch};
    storage::write_batch all;
    all.batches = batches;
    auto res = store->flush(all);
    for (auto& x : batch.jobs)
      if (res && x.vote)
        terms_[x.group] = x.vote->term;
    return res;
  }

  storage::result<storage::flush_report>
  flush_cut(const storage::state_change& cut) {
    storage::write_batch all;
    all.cut = &cut;
    return store->flush(all);
  }

  /// A cut that moves nothing but the applied index.
  storage::state_change cut(group_id group, raft::log_index applied) {
    auto row = start_of(group).cut;
    row.applied = applied;
    row.applied_term = maker(group).head().term;
    ++row.cut_no;
    storage::state_change res;
    res.rep = row.rep;
    res.group = group;
    res.applied = applied;
    res.puts.push_back(put_of(row));
    return res;
  }

  const storage::replica_start& start_of(group_id group) const {
    for (auto& x : report.replicas)
      if (x.row.group == group)
        return x;
    std::abort();
  }

  /// Payloads in the tail of a group, as the last start read them.
  std::vector<std::string> tail(group_id group) const {
    std::vector<std::string> res;
    for (auto& x : start_of(group).tail) {
      auto msg = command::decode_append(x.entry.bytes.span());
      res.push_back(msg ? std::string{msg->payload} : "not a message");
    }
    return res;
  }

  storage::store_options options;
  storage::start_report report;
  std::optional<storage::log_store> store;

private:
  std::map<group_id, entry_maker> makers_;
  std::map<group_id, std::uint64_t> jobs_;
  std::map<group_id, raft::term_t> terms_;
};

} // namespace jindou::test
