#pragma once

#include "cluster/raft/core.hpp"
#include "messages/raft.hpp"
#include "messages/record.hpp"

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace jindou::test {

/// The mark that every new replica starts from.
inline raft::restored first_mark(group_id group, raft::replica_id self = 7) {
  raft::restored r;
  r.group = group;
  r.self = self;
  r.hs = {1, 0};
  r.first_members = {1, {{self, 1, raft::member_role::voter}}};
  r.terms = {{1, 1}};
  return r;
}

/// A stamped command record with `body` behind the head.
inline shared_bytes stamped(group_id group, raft::log_index index,
                            raft::term_t term, std::string_view body = "x",
                            std::uint64_t log_time = 1) {
  byte_vector bytes(record::head_bytes);
  auto more = as_bytes(body);
  bytes.insert(bytes.end(), more.begin(), more.end());
  record::head h;
  h.group = group;
  h.kind = record::kind::command;
  h.index = index;
  h.term = term;
  h.log_time = log_time;
  record::stamp(bytes, h);
  return shared_bytes{std::move(bytes)};
}

/// What a disk remembers of one replica: exactly the jobs it has executed.
class model_disk {
public:
  explicit model_disk(raft::restored from) : state_(std::move(from)) {
    // nop
  }

  void execute(const log_job& job) {
    if (job.vote)
      state_.hs = *job.vote;
    for (const auto& x : job.append) {
      entries_.push_back(x);
      state_.last = x.index;
      if (x.term > state_.terms.back().term)
        state_.terms.push_back({x.index, x.term});
      state_.log_time = record::peek(x.bytes.span()).log_time;
    }
  }

  /// A cut: the state on disk now stands for everything up to `index`.
  void cut(raft::log_index index) {
    state_.applied = index;
  }

  const raft::restored& state() const {
    return state_;
  }

  /// Everything above the first mark.
  const std::vector<raft::entry>& entries() const {
    return entries_;
  }

  std::vector<raft::entry> tail() const {
    auto from = static_cast<std::ptrdiff_t>(state_.applied - 1);
    return {entries_.begin() + from, entries_.end()};
  }

private:
  raft::restored state_;
  std::vector<raft::entry> entries_;
};

} // namespace jindou::test
