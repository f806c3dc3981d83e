#include "actors/gateway/session_table.hpp"

#include "actors/salted_hash.hpp"

#include <utility>

namespace jindou::actors {

std::size_t session_table::hash_of(std::string_view uid) {
  static const salted_hash hash; // one salt, so that tables share hashes
  return hash(uid);
}

void session_table::add(session_ptr x) {
  auto who = x->identity();
  if (!who)
    return;
  auto& where = shard_of({who->uid, hash_of(who->uid)});
  std::lock_guard guard{where.mx};
  where.users[who->uid].push_back(std::move(x));
  ++where.session_count;
}

bool session_table::remove(const session_ptr& x) {
  auto who = x->identity();
  if (!who)
    return false;
  place at{who->uid, hash_of(who->uid)};
  auto& where = shard_of(at);
  std::lock_guard guard{where.mx};
  auto user = where.users.find(at);
  if (user == where.users.end() || std::erase(user->second, x) == 0)
    return false;
  --where.session_count;
  if (user->second.empty())
    where.users.erase(user);
  return true;
}

void session_table::append_sessions(std::string_view uid,
                                    std::vector<session_ptr>& out) const {
  place at{uid, hash_of(uid)};
  auto& where = shard_of(at);
  std::lock_guard guard{where.mx};
  if (auto user = where.users.find(at); user != where.users.end())
    out.insert(out.end(), user->second.begin(), user->second.end());
}

bool session_table::contains(std::string_view uid) const {
  place at{uid, hash_of(uid)};
  auto& where = shard_of(at);
  std::lock_guard guard{where.mx};
  return where.users.find(at) != where.users.end();
}

std::size_t session_table::user_count() const {
  std::size_t n = 0;
  for (auto& x : shards_) {
    std::lock_guard guard{x.mx};
    n += x.users.size();
  }
  return n;
}

std::size_t session_table::session_count() const {
  std::size_t n = 0;
  for (auto& x : shards_) {
    std::lock_guard guard{x.mx};
    n += x.session_count;
  }
  return n;
}

void session_table::for_each(
  const std::function<void(const session_ptr&)>& visit) const {
  sessions copy;
  for (auto& x : shards_) {
    copy.clear();
    {
      std::lock_guard guard{x.mx};
      for (auto& [uid, its] : x.users)
        copy.insert(copy.end(), its.begin(), its.end());
    }
    for (auto& s : copy)
      visit(s);
  }
}

/// The map uses the low bits of the hash, the choice of the shard the high.
const session_table::shard& session_table::shard_of(const place& x) const {
  static_assert(shard_count == 64 && sizeof(std::size_t) == 8);
  return shards_[x.hash >> 58];
}

session_table::shard& session_table::shard_of(const place& x) {
  return const_cast<shard&>(std::as_const(*this).shard_of(x));
}

} // namespace jindou::actors
