#pragma once

#include "messages/store.hpp"
#include "tests/support/entry_maker.hpp"
#include "tests/support/twin_driver.hpp"

#include <array>

namespace jindou::test {

/// The log of one group as it must stand on disk.
struct group_log {
  /// `records[i]` has index i + 2.
  std::vector<byte_vector> records;
  raft::hard_state vote{1, 0};
  raft::log_index commit = 1;
  entry_maker make;

  raft::log_index last() const {
    return records.size() + 1;
  }
};

/// What a few groups write, flush by flush: random commands, old ones sent
/// again, votes, and conflict cuts above the commit index. Depends on the seed
/// alone, so that two processes which start from one copy write the same.
class group_life {
public:
  static constexpr std::size_t groups = 4;

  /// A wide life has hundreds of channels, and at times sends to all of them
  /// at once: its folds take many steps.
  enum class width { narrow, wide };

  explicit group_life(std::uint64_t seed, width w = width::narrow)
      : commands_(seed), width_(w) {
    for (group_id g = 1; g <= groups; ++g)
      log(g).make = entry_maker{g};
  }

  group_log& log(group_id group) {
    return logs_.at(group - 1);
  }

  /// Jobs of the next flush; afterwards the logs are as that flush leaves
  /// them.
  std::vector<log_job> next() {
    std::vector<log_job> res;
    for (group_id g = 1; g <= groups; ++g)
      if (below(4) != 0)
        res.push_back(job_of(g));
    return res;
  }

private:
  std::uint64_t below(std::uint64_t n) {
    return commands_.below(n);
  }

  log_job job_of(group_id group) {
    auto& to = log(group);
    log_job res;
    res.group = group;
    auto& head = to.make.head();
    if (below(4) == 0 && to.last() > to.commit) {
      res.cut_from = to.commit + 1 + below(to.last() - to.commit);
      to.records.resize(*res.cut_from - 2);
      ++head.term;
    }
    if (below(5) == 0 || head.term > to.vote.term) {
      to.vote = {head.term, below(3)};
      res.vote = to.vote;
    }
    head.index = to.last();
    for (auto n = below(12); n > 0; --n)
      res.append.push_back(entry(to));
    if (width_ == width::wide && below(16) == 0)
      for (int i = 0; i < 120; ++i)
        res.append.push_back(kept(to, broadcast(to, i)));
    to.commit += below(to.last() - to.commit + 1);
    return res;
  }

  raft::entry entry(group_log& to) {
    to.make.head().log_time += below(50);
    return kept(to, record(to));
  }

  static raft::entry kept(group_log& to, byte_vector rec) {
    auto h = record::peek(rec);
    to.records.push_back(rec);
    return {h.index, h.term, h.kind, shared_bytes{std::move(rec)}};
  }

  byte_vector record(group_log& to) {
    if (below(12) == 0)
      return to.make.other(record::kind::noop);
    if (!to.records.empty() && below(4) == 0) { // sent again
      auto old = to.records[below(to.records.size())];
      if (auto cmd = command::decode(old))
        return to.make(*cmd);
    }
    return to.make(commands_());
  }

  byte_vector broadcast(group_log& to, int i) {
    auto id = "b" + std::to_string(i);
    command::append_message x;
    x.message_id = ++broadcasts_;
    x.channel_type = channel_type::group;
    x.channel_id = id;
    x.from_uid = "u0";
    return to.make(x);
  }

  std::array<group_log, groups> logs_;
  random_commands commands_;
  width width_;
  message_id broadcasts_ = 1'000'000;
};

} // namespace jindou::test
