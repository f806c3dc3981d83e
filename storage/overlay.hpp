#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace jindou::storage {

/// Changes of one table that the disk does not have yet: what was written
/// since the last cut, and what a cut on its way is writing. Reads look here
/// first. At most one cut is on its way.
template <class Key, class Row>
class overlay {
public:
  /// What became of a row; no row = deleted.
  struct change {
    std::optional<Row> row;
    bool sealed = false;
  };

  using map_type = std::map<Key, change, std::less<>>;

  /// Returns what is known of a key, nullptr = the table says it.
  template <class K>
  const std::optional<Row>* find(const K& key) const {
    auto i = changes_.find(key);
    return i == changes_.end() ? nullptr : &i->second.row;
  }

  void set(const Key& key, std::optional<Row> row) {
    auto [i, added] = changes_.try_emplace(key);
    if (added || i->second.sealed)
      ++open_;
    i->second = {std::move(row), false};
  }

  /// Calls `f(key, row)` for each change since the last cut, in order.
  template <class F>
  void seal(F f) {
    for (auto& [key, x] : changes_)
      if (!x.sealed) {
        f(key, x.row);
        x.sealed = true;
      }
    open_ = 0;
  }

  /// The cut is on disk: the table says what it wrote.
  void done() {
    std::erase_if(changes_, [](const auto& x) { return x.second.sealed; });
  }

  /// Forgets the changes of first...last, which something else overrules.
  void forget(typename map_type::iterator first,
              typename map_type::iterator last) {
    for (auto i = first; i != last; i = changes_.erase(i))
      if (!i->second.sealed)
        --open_;
  }

  /// Changes since the last cut.
  std::size_t open() const {
    return open_;
  }

  map_type& changes() {
    return changes_;
  }

private:
  map_type changes_;
  std::size_t open_ = 0;
};

} // namespace jindou::storage
