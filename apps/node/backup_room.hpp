#pragma once

#include "messages/actors.hpp"
#include "storage/copy_desk.hpp"

#include <mutex>
#include <string>
#include <thread>

namespace jindou::app {

/// How far a backup is.
struct backup_state {
  enum class step { none, copying, checking, done, failed };
  backup_state::step at = step::none;
  std::string dir;
  /// Units: bytes.
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  /// Why it failed.
  std::string why;
};

/// JSON of a state, as `GET /backup` answers.
std::string backup_json(const backup_state& x);

/// Backups of the running store: one at a time, each in a thread of its own
/// that lets the log writer copy and does itself what takes long.
class backup_room {
public:
  /// `free_min`: bytes that stay free on the disk of `data_dir`.
  backup_room(std::string data_dir, std::uint64_t free_min,
              log_writer_actor writer, std::shared_ptr<storage::copy_desk> desk)
      : data_dir_(std::move(data_dir)),
        free_min_(free_min),
        writer_(std::move(writer)),
        desk_(std::move(desk)) {
    // nop
  }

  ~backup_room() {
    stop();
  }

  /// Begins a backup into an absolute path. Returns why not; empty: it has
  /// begun. Any thread; does not block.
  std::string start(const std::string& dir);

  backup_state state() const;

  /// Gives up what is under way.
  void stop();

private:
  void run(const std::string& dir);
  void fail(const storage::error& why);
  storage::result<void> check_room(const std::string& dir) const;
  storage::result<void> copy(const std::string& dir);
  storage::result<void> make(const std::string& dir);
  storage::result<void> await(storage::copy_order& order);
  void show(backup_state::step at, std::uint64_t done, std::uint64_t total);

  std::string data_dir_;
  std::uint64_t free_min_;
  log_writer_actor writer_;
  std::shared_ptr<storage::copy_desk> desk_;
  mutable std::mutex mutex_;
  backup_state state_;
  std::thread thread_;
  bool stopping_ = false;
};

} // namespace jindou::app
