#pragma once

#include "messages/command.hpp"
#include "messages/record.hpp"

#include <cstdlib>

namespace jindou::test {

/// Makes the records of one group's log, one after the other.
class entry_maker {
public:
  explicit entry_maker(group_id group = 1, record::rep_t rep = 1) {
    head_.group = group;
    head_.rep = rep;
    head_.index = 1; // the initial mark
    head_.term = 2;
    head_.log_time = 1'700'000'000'000;
  }

  /// Makes the next entry.
  byte_vector operator()(const command::any& x) {
    byte_vector res;
    if (command::encode(x, res) != errc::none)
      std::abort();
    head_.kind = record::kind::command;
    head_.op = static_cast<std::uint8_t>(command::op_of(x));
    return stamped(std::move(res));
  }

  /// Makes an entry that is no command.
  byte_vector other(record::kind kind, byte_span body = {}) {
    byte_vector res(record::head_bytes);
    res.insert(res.end(), body.begin(), body.end());
    head_.kind = kind;
    head_.op = 0;
    return stamped(std::move(res));
  }

  record::head& head() {
    return head_;
  }

private:
  byte_vector stamped(byte_vector rec) {
    ++head_.index;
    record::stamp(rec, head_);
    return rec;
  }

  record::head head_;
};

} // namespace jindou::test
