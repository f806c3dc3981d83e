#include "storage/member_overlay.hpp"

#include <algorithm>

namespace jindou::storage {

namespace {

/// Rows of one look at a list: a read transaction stays short.
constexpr std::size_t page_rows = 10'000;

std::int64_t number(std::uint64_t x) {
  return static_cast<std::int64_t>(x);
}

} // namespace

result<bool> member_overlay::has(chan_t chan_no, command::list list,
                                 std::string_view uid) {
  if (auto x = changes_.find(member_key{chan_no, list, std::string{uid}}))
    return x->has_value();
  if (cleared_.find(list_key{chan_no, list}) != nullptr)
    return false;
  return tables_.has_member(chan_key(rep_, chan_no), list, uid);
}

void member_overlay::add(chan_t chan_no, command::list list,
                         const std::string& uid, std::uint64_t since) {
  changes_.set({chan_no, list, uid}, since);
}

void member_overlay::remove(chan_t chan_no, command::list list,
                            const std::string& uid) {
  changes_.set({chan_no, list, uid}, std::nullopt);
}

void member_overlay::clear(chan_t chan_no, command::list list) {
  auto& all = changes_.changes();
  auto first = all.lower_bound(member_key{chan_no, list, std::string{}});
  auto last = first;
  while (last != all.end() && std::get<0>(last->first) == chan_no
         && std::get<1>(last->first) == list)
    ++last;
  changes_.forget(first, last);
  cleared_.set({chan_no, list}, true);
}

result<std::vector<std::string>> member_overlay::all(chan_t chan_no,
                                                     command::list list) {
  list_key key{chan_no, list};
  std::vector<std::string> res;
  if (cleared_.find(key) == nullptr) {
    auto rows = stored(key);
    if (!rows)
      return rows;
    res = std::move(*rows);
  }
  auto& changes = changes_.changes();
  auto i = changes.lower_bound(member_key{chan_no, list, std::string{}});
  std::vector<std::string> added, gone;
  for (; i != changes.end() && std::get<0>(i->first) == chan_no
         && std::get<1>(i->first) == list;
       ++i)
    (i->second.row ? added : gone).push_back(std::get<2>(i->first));
  std::vector<std::string> kept;
  std::set_difference(res.begin(), res.end(), gone.begin(), gone.end(),
                      std::back_inserter(kept));
  res.clear();
  std::set_union(kept.begin(), kept.end(), added.begin(), added.end(),
                 std::back_inserter(res));
  return res;
}

result<std::vector<std::string>> member_overlay::stored(const list_key& key) {
  std::vector<std::string> res;
  std::string after; // no uid is empty
  for (;;) {
    auto before = res.size();
    auto done = tables_.members_after(chan_key(rep_, key.first), key.second,
                                      after, page_rows, res);
    if (!done)
      return done.error();
    if (res.size() < before + page_rows)
      return res;
    after = res.back();
  }
}

void member_overlay::seal(state_change& to) {
  auto code = [](command::list x) { return static_cast<std::int64_t>(x); };
  cleared_.seal([&](const list_key& key, const auto&) {
    to.drops.push_back(
      {table::member, {chan_key(rep_, key.first), code(key.second)}});
  });
  changes_.seal([&](const member_key& key, const auto& since) {
    auto& [chan_no, list, uid] = key;
    std::vector<value> columns{chan_key(rep_, chan_no), code(list), uid};
    if (since) {
      columns.emplace_back(number(*since));
      to.puts.push_back({table::member, std::move(columns)});
    } else {
      to.drops.push_back({table::member, std::move(columns)});
    }
  });
}

void member_overlay::done() {
  changes_.done();
  cleared_.done();
}

} // namespace jindou::storage
