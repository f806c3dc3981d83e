#pragma once

#include "messages/session.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace jindou::actors {

/// All established sessions of this node by uid. Written by user actors, read
/// by pushers: cut into shards of one mutex each, so that no message is spent
/// per receiver.
class session_table {
public:
  session_table() = default;
  session_table(const session_table&) = delete;
  session_table& operator=(const session_table&) = delete;

  /// Adds an established session under its uid, behind those that are there.
  void add(session_ptr x);

  /// Removes a session. False: it was not in the table.
  bool remove(const session_ptr& x);

  /// Appends the sessions of `uid` to `out` in the order of their logins.
  void append_sessions(std::string_view uid,
                       std::vector<session_ptr>& out) const;

  /// Says whether `uid` has a session here.
  bool contains(std::string_view uid) const;

  std::size_t user_count() const;
  std::size_t session_count() const;

  /// Calls `visit` for every session. Works on a copy of one shard at a time,
  /// so `visit` may use the table.
  void for_each(const std::function<void(const session_ptr&)>& visit) const;

private:
  static constexpr std::size_t shard_count = 64;

  /// A uid and its hash, computed once per call.
  struct place {
    std::string_view uid;
    std::size_t hash = 0;
  };

  static std::size_t hash_of(std::string_view uid);

  struct hash_uid {
    using is_transparent = void;
    std::size_t operator()(std::string_view uid) const {
      return hash_of(uid);
    }
    std::size_t operator()(const place& x) const {
      return x.hash;
    }
  };

  struct same_uid {
    using is_transparent = void;
    bool operator()(std::string_view x, std::string_view y) const {
      return x == y;
    }
    bool operator()(std::string_view x, const place& y) const {
      return x == y.uid;
    }
    bool operator()(const place& x, std::string_view y) const {
      return x.uid == y;
    }
  };

  using sessions = std::vector<session_ptr>;

  struct alignas(64) shard {
    mutable std::mutex mx;
    std::unordered_map<std::string, sessions, hash_uid, same_uid> users;
    std::size_t session_count = 0;
  };

  const shard& shard_of(const place& x) const;
  shard& shard_of(const place& x);

  std::array<shard, shard_count> shards_;
};

} // namespace jindou::actors
