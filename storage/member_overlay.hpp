#pragma once

#include "messages/command.hpp"
#include "storage/overlay.hpp"
#include "storage/state_tables.hpp"

#include <map>
#include <string>
#include <tuple>
#include <utility>

namespace jindou::storage {

/// The lists of the channels of one replica: the table and what is newer. A
/// list that was emptied hides what the table says until a cut has emptied it
/// there, too.
class member_overlay {
public:
  member_overlay(state_tables& tables, rep_t rep) : tables_(tables), rep_(rep) {
    // nop
  }

  result<bool> has(chan_t chan_no, command::list list, std::string_view uid);
  void add(chan_t chan_no, command::list list, const std::string& uid,
           std::uint64_t since);
  void remove(chan_t chan_no, command::list list, const std::string& uid);
  void clear(chan_t chan_no, command::list list);
  result<std::vector<std::string>> all(chan_t chan_no, command::list list);

  void seal(state_change& to);
  void done();

  /// Rows changed since the last cut.
  std::size_t open() const {
    return changes_.open() + cleared_.open();
  }

private:
  using list_key = std::pair<chan_t, command::list>;
  using member_key = std::tuple<chan_t, command::list, std::string>;

  result<std::vector<std::string>> stored(const list_key& key);

  state_tables& tables_;
  rep_t rep_;
  overlay<member_key, std::uint64_t> changes_; // row: since
  overlay<list_key, bool> cleared_;
};

} // namespace jindou::storage
