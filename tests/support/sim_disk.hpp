#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace jindou::test {

enum class file_kind : std::uint8_t { main, wal, other };
enum class disk_op : std::uint8_t { read, write, sync };

/// What one call to a disk came to.
enum class disk_result : std::uint8_t { ok, failed, full };

/// One file: what programs see, and what a power cut would leave.
struct sim_file {
  /// A write, or with no bytes a new size.
  struct change {
    std::size_t at = 0;
    std::vector<std::byte> bytes;
  };

  file_kind kind = file_kind::other;
  std::vector<std::byte> now;
  std::vector<std::byte> durable;
  std::vector<change> unsynced;
  /// The directory durably has its name.
  bool linked = false;
  /// Of a life before a power cut: whoever still has it open gets errors.
  bool gone = false;
};

using sim_file_ptr = std::shared_ptr<sim_file>;

/// Files in memory on a disk that fails as ordered: loses what was not synced
/// when the power goes, tears writes, refuses the n-th call, is full. Depends
/// on its seed alone.
class sim_disk {
public:
  explicit sim_disk(std::uint64_t seed);
  sim_disk(const sim_disk&) = delete;
  ~sim_disk();

  /// Name under which SQLite knows this disk.
  const std::string& vfs() const {
    return vfs_name_;
  }

  // -- power ------------------------------------------------------------------

  /// The power goes in the n-th call from now that changes something, 1 = the
  /// next one.
  void cut_after(std::uint64_t calls);
  void cut_power();

  bool off() const {
    return off_;
  }

  /// Decides what was lost and works again. Files still open are dead.
  void power_on();

  /// Calls so far that change something.
  std::uint64_t calls() const {
    return calls_;
  }

  // -- faults -----------------------------------------------------------------

  /// The n-th call of this kind from now fails, once. A failed sync has lost
  /// what it was to keep: later ones do not make it durable.
  void fail(file_kind kind, disk_op op, std::uint64_t nth);

  /// Whether the ordered fault is still to come.
  bool fault_waits() const {
    return fault_.has_value();
  }

  /// Bytes that all files together may have.
  void quota(std::optional<std::uint64_t> bytes) {
    quota_ = bytes;
  }

  std::uint64_t used() const;

  /// A disk that lies: says that it has synced and has not.
  void ignore_syncs(bool x) {
    ignore_syncs_ = x;
  }

  void sync_time(std::chrono::microseconds x) {
    sync_time_ = x;
  }

  /// Calls of a kind so far.
  std::uint64_t count(file_kind kind, disk_op op) const {
    return counts_[index(kind, op)];
  }

  // -- what SQLite calls ------------------------------------------------------

  sim_file_ptr open(const std::string& name, file_kind kind, bool create);
  bool exists(const std::string& name) const;
  disk_result remove(const std::string& name, bool durably);
  disk_result read(sim_file& x, std::size_t at, std::span<std::byte> to,
                   std::size_t& got);
  disk_result write(sim_file& x, std::size_t at,
                    std::span<const std::byte> bytes);
  disk_result resize(sim_file& x, std::size_t size);
  disk_result sync(sim_file& x);
  std::uint64_t random();

  std::recursive_mutex& mutex() {
    return mutex_;
  }

private:
  struct ordered_fault {
    file_kind kind;
    disk_op op;
    std::uint64_t left;
  };

  static constexpr std::size_t index(file_kind kind, disk_op op) {
    return static_cast<std::size_t>(kind) * 3 + static_cast<std::size_t>(op);
  }

  bool strikes(const sim_file& x, disk_op op);
  bool power_goes();
  bool fits(const sim_file& x, std::size_t size) const;
  void sync_directory();
  void lose(sim_file& x);
  void tear(sim_file& x, const sim_file::change& c);

  std::mt19937_64 random_;
  std::string vfs_name_;
  std::map<std::string, sim_file_ptr> files_;
  /// Removed, but the directory does not say so durably yet.
  std::vector<std::pair<std::string, sim_file_ptr>> removed_;
  std::optional<std::uint64_t> cut_left_;
  std::optional<ordered_fault> fault_;
  std::optional<std::uint64_t> quota_;
  std::chrono::microseconds sync_time_{0};
  std::array<std::uint64_t, 9> counts_{};
  std::uint64_t calls_ = 0;
  bool off_ = false;
  bool ignore_syncs_ = false;
  std::recursive_mutex mutex_;
};

} // namespace jindou::test
