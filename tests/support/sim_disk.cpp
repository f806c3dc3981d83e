#include "tests/support/sim_disk.hpp"

#include <algorithm>
#include <thread>

namespace jindou::test {

namespace {

/// What a disk writes whole or not at all.
constexpr std::size_t sector = 512;

void put(std::vector<std::byte>& to, std::size_t at,
         std::span<const std::byte> bytes) {
  if (to.size() < at + bytes.size())
    to.resize(at + bytes.size());
  std::ranges::copy(bytes, to.begin() + static_cast<std::ptrdiff_t>(at));
}

void make(std::vector<std::byte>& to, const sim_file::change& c) {
  if (c.bytes.empty())
    to.resize(c.at);
  else
    put(to, c.at, c.bytes);
}

std::string name_of_next() {
  static int disks = 0;
  return "sim-disk-" + std::to_string(++disks);
}

} // namespace

sim_disk::sim_disk(std::uint64_t seed)
    : random_(seed), vfs_name_(name_of_next()) {
  // nop
}

sim_disk::~sim_disk() = default;

// -- power --------------------------------------------------------------------

void sim_disk::cut_after(std::uint64_t calls) {
  cut_left_ = calls;
}

void sim_disk::cut_power() {
  off_ = true;
  cut_left_.reset();
}

/// Counts a call that changes something.
bool sim_disk::power_goes() {
  ++calls_;
  if (!cut_left_ || --*cut_left_ > 0)
    return false;
  cut_power();
  return true;
}

void sim_disk::power_on() {
  cut_power();
  for (auto& [name, file] : removed_)
    if (random_() % 2 == 0)
      files_.try_emplace(name, file);
  removed_.clear();
  std::map<std::string, sim_file_ptr> left;
  for (auto& [name, file] : files_) {
    lose(*file);
    file->gone = true;
    if (!file->linked && random_() % 2 == 0)
      continue;
    auto fresh = std::make_shared<sim_file>();
    fresh->kind = file->kind;
    fresh->now = fresh->durable = file->durable;
    fresh->linked = true;
    left.emplace(name, std::move(fresh));
  }
  files_ = std::move(left);
  off_ = false;
}

/// All of it, nothing, all behind some moment, or any sectors of it.
void sim_disk::lose(sim_file& x) {
  auto way = random_() % 4;
  if (way < 2) {
    auto all = x.unsynced.size();
    auto kept = way == 0 ? all : random_() % (all + 1);
    for (std::size_t i = 0; i < kept; ++i)
      make(x.durable, x.unsynced[i]);
    if (kept < x.unsynced.size())
      tear(x, x.unsynced[kept]);
  } else if (way == 2) { // 3: all of it
    for (auto& c : x.unsynced)
      tear(x, c);
  }
  x.unsynced.clear();
}

void sim_disk::tear(sim_file& x, const sim_file::change& c) {
  if (c.bytes.empty()) {
    if (random_() % 2 == 0)
      x.durable.resize(c.at);
    return;
  }
  std::span all{c.bytes};
  for (std::size_t done = 0; done < all.size();) {
    auto n = std::min(sector - (c.at + done) % sector, all.size() - done);
    if (random_() % 2 == 0)
      put(x.durable, c.at + done, all.subspan(done, n));
    done += n;
  }
}

// -- faults -------------------------------------------------------------------

void sim_disk::fail(file_kind kind, disk_op op, std::uint64_t nth) {
  fault_ = ordered_fault{kind, op, nth};
}

bool sim_disk::strikes(const sim_file& x, disk_op op) {
  ++counts_[index(x.kind, op)];
  if (off_ || x.gone)
    return true;
  if (!fault_ || fault_->kind != x.kind || fault_->op != op)
    return false;
  if (--fault_->left > 0)
    return false;
  fault_.reset();
  return true;
}

std::uint64_t sim_disk::used() const {
  std::uint64_t res = 0;
  for (auto& [name, file] : files_)
    res += file->now.size();
  return res;
}

bool sim_disk::fits(const sim_file& x, std::size_t size) const {
  return !quota_ || size <= x.now.size()
         || used() + (size - x.now.size()) <= *quota_;
}

// -- what SQLite calls --------------------------------------------------------

sim_file_ptr sim_disk::open(const std::string& name, file_kind kind,
                            bool create) {
  if (off_)
    return nullptr;
  if (auto i = files_.find(name); i != files_.end())
    return i->second;
  if (!create)
    return nullptr;
  auto res = std::make_shared<sim_file>();
  res->kind = kind;
  files_.emplace(name, res);
  return res;
}

bool sim_disk::exists(const std::string& name) const {
  auto i = files_.find(name);
  return i != files_.end() && !i->second->now.empty();
}

disk_result sim_disk::remove(const std::string& name, bool durably) {
  if (off_ || power_goes())
    return disk_result::failed;
  auto i = files_.find(name);
  if (i == files_.end())
    return disk_result::ok;
  removed_.emplace_back(name, i->second);
  files_.erase(i);
  if (durably)
    sync_directory();
  return disk_result::ok;
}

disk_result sim_disk::read(sim_file& x, std::size_t at, std::span<std::byte> to,
                           std::size_t& got) {
  if (strikes(x, disk_op::read))
    return disk_result::failed;
  got = at < x.now.size() ? std::min(to.size(), x.now.size() - at) : 0;
  std::copy_n(x.now.begin() + static_cast<std::ptrdiff_t>(got == 0 ? 0 : at),
              got, to.begin());
  return disk_result::ok;
}

disk_result sim_disk::write(sim_file& x, std::size_t at,
                            std::span<const std::byte> bytes) {
  if (strikes(x, disk_op::write))
    return disk_result::failed;
  if (!fits(x, at + bytes.size()))
    return disk_result::full;
  put(x.now, at, bytes);
  x.unsynced.push_back({at, {bytes.begin(), bytes.end()}});
  return power_goes() ? disk_result::failed : disk_result::ok;
}

disk_result sim_disk::resize(sim_file& x, std::size_t size) {
  if (strikes(x, disk_op::write))
    return disk_result::failed;
  x.now.resize(size);
  x.unsynced.push_back({size, {}});
  return power_goes() ? disk_result::failed : disk_result::ok;
}

disk_result sim_disk::sync(sim_file& x) {
  if (strikes(x, disk_op::sync)) {
    if (!off_)
      x.unsynced.clear();
    return disk_result::failed;
  }
  if (sync_time_.count() > 0)
    std::this_thread::sleep_for(sync_time_);
  if (power_goes())
    return disk_result::failed;
  if (ignore_syncs_)
    return disk_result::ok;
  for (auto& c : x.unsynced)
    make(x.durable, c);
  x.unsynced.clear();
  x.linked = true;
  if (x.kind != file_kind::main) // as SQLite does behind a new journal
    sync_directory();
  return disk_result::ok;
}

void sim_disk::sync_directory() {
  removed_.clear();
  for (auto& [name, file] : files_)
    file->linked = true;
}

std::uint64_t sim_disk::random() {
  return random_();
}

} // namespace jindou::test
