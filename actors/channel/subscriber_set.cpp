#include "actors/channel/subscriber_set.hpp"

#include "messages/hash.hpp"

#include <algorithm>

namespace jindou::actors {

namespace {

using uid_list = std::vector<std::string>;

std::size_t parts_for(std::size_t uids) {
  constexpr auto most = limits::receivers_per_push_max;
  return std::max<std::size_t>(1, (uids + most - 1) / most);
}

void sort_unique(uid_list& xs) {
  std::sort(xs.begin(), xs.end());
  xs.erase(std::unique(xs.begin(), xs.end()), xs.end());
}

} // namespace

std::size_t subscriber_set::part_of(std::string_view uid) const {
  return hash_of_user(uid) % parts_.size();
}

void subscriber_set::assign(uid_list uids) {
  sort_unique(uids);
  size_ = uids.size();
  std::vector<uid_list> split(parts_for(size_));
  for (auto& uid : uids)
    split[hash_of_user(uid) % split.size()].push_back(std::move(uid));
  parts_.clear();
  for (auto& xs : split)
    parts_.push_back(std::make_shared<const uid_list>(std::move(xs)));
}

std::size_t subscriber_set::add(const uid_list& uids) {
  std::vector<uid_list> fresh(parts_.size());
  for (auto& uid : uids)
    if (!contains(uid))
      fresh[part_of(uid)].push_back(uid);
  std::size_t added = 0;
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    if (fresh[i].empty())
      continue;
    sort_unique(fresh[i]);
    added += fresh[i].size();
    uid_list merged;
    merged.reserve(parts_[i]->size() + fresh[i].size());
    std::merge(parts_[i]->begin(), parts_[i]->end(), fresh[i].begin(),
               fresh[i].end(), std::back_inserter(merged));
    parts_[i] = std::make_shared<const uid_list>(std::move(merged));
  }
  size_ += added;
  return added;
}

std::size_t subscriber_set::remove(const uid_list& uids) {
  std::vector<uid_list> gone(parts_.size());
  for (auto& uid : uids)
    if (contains(uid))
      gone[part_of(uid)].push_back(uid);
  std::size_t removed = 0;
  for (std::size_t i = 0; i < gone.size(); ++i) {
    if (gone[i].empty())
      continue;
    sort_unique(gone[i]);
    removed += gone[i].size();
    uid_list rest;
    std::set_difference(parts_[i]->begin(), parts_[i]->end(), gone[i].begin(),
                        gone[i].end(), std::back_inserter(rest));
    parts_[i] = std::make_shared<const uid_list>(std::move(rest));
  }
  size_ -= removed;
  return removed;
}

bool subscriber_set::contains(std::string_view uid) const {
  auto& xs = *parts_[part_of(uid)];
  return std::binary_search(xs.begin(), xs.end(), uid, std::less<>{});
}

void subscriber_set::rebalance() {
  auto want = parts_for(size_);
  if (want <= parts_.size() * 2 && want * 4 >= parts_.size())
    return;
  uid_list all;
  all.reserve(size_);
  for (auto& xs : parts_)
    all.insert(all.end(), xs->begin(), xs->end());
  assign(std::move(all));
}

} // namespace jindou::actors
