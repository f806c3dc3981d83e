#include "apps/node/backup_room.hpp"

#include "apps/node/store_fault.hpp"
#include "storage/copy_manifest.hpp"
#include "storage/plain_file.hpp"

#include <caf/send.hpp>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <sys/stat.h>

namespace jindou::app {

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t page_bytes = 8'192;

std::string_view name_of(backup_state::step x) {
  switch (x) {
  case backup_state::step::none:
    return "none";
  case backup_state::step::copying:
    return "copying";
  case backup_state::step::checking:
    return "checking";
  case backup_state::step::done:
    return "done";
  case backup_state::step::failed:
    return "failed";
  }
  return "none";
}

std::uint64_t wall_clock() {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  return static_cast<std::uint64_t>(ms);
}

bool same_disk(const std::string& one, const std::string& other) {
  struct stat a {};
  struct stat b {};
  return stat(one.c_str(), &a) == 0 && stat(other.c_str(), &b) == 0
         && a.st_dev == b.st_dev;
}

bool is_under_way(backup_state::step x) {
  return x == backup_state::step::copying || x == backup_state::step::checking;
}

} // namespace

std::string backup_json(const backup_state& x) {
  nlohmann::ordered_json res;
  res["state"] = name_of(x.at);
  res["dir"] = x.dir;
  res["done_bytes"] = x.done;
  res["total_bytes"] = x.total;
  if (!x.why.empty())
    res["reason"] = x.why;
  return res.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string backup_room::start(const std::string& dir) {
  if (dir.empty() || dir[0] != '/')
    return "dir must be an absolute path of the node";
  std::lock_guard guard{mutex_};
  if (stopping_)
    return "the node stops";
  if (is_under_way(state_.at))
    return "a backup into " + state_.dir + " is under way";
  if (thread_.joinable())
    thread_.join(); // it has said that it is done
  state_ = {backup_state::step::copying, dir, 0, 0, {}};
  thread_ = std::thread{[this, dir] { run(dir); }};
  return {};
}

backup_state backup_room::state() const {
  std::lock_guard guard{mutex_};
  return state_;
}

void backup_room::stop() {
  {
    std::lock_guard guard{mutex_};
    stopping_ = true;
  }
  if (thread_.joinable())
    thread_.join();
}

void backup_room::show(backup_state::step at, std::uint64_t done,
                       std::uint64_t total) {
  std::lock_guard guard{mutex_};
  state_.at = at;
  state_.done = done;
  state_.total = total;
}

void backup_room::fail(const storage::error& why) {
  auto text = words_of(why);
  spdlog::error("[backup-failed] backup failed: {}", text);
  std::lock_guard guard{mutex_};
  state_.at = backup_state::step::failed;
  state_.why = std::move(text);
}

void backup_room::run(const std::string& dir) {
  spdlog::info("[backup-started] backup into {}", dir);
  if (auto done = storage::make_copy_folder(dir); !done)
    return fail(done.error());
  if (auto done = make(dir); !done) {
    std::remove(storage::copy_store_path(dir).c_str());
    fail(done.error());
  }
}

storage::result<void> backup_room::make(const std::string& dir) {
  if (auto done = check_room(dir); !done)
    return done;
  if (auto done = copy(dir); !done)
    return done;
  auto sealed = storage::seal_copy(
    dir, wall_clock(), [this](std::uint64_t done, std::uint64_t total) {
      show(backup_state::step::checking, done, total);
      std::lock_guard guard{mutex_};
      return !stopping_;
    });
  if (!sealed)
    return sealed.error();
  spdlog::info("[backup-done] backup of {} bytes in {}", sealed->bytes, dir);
  show(backup_state::step::done, sealed->bytes, sealed->bytes);
  return {};
}

/// Better said before than found out after many minutes.
storage::result<void> backup_room::check_room(const std::string& dir) const {
  namespace fs = std::filesystem;
  std::error_code code;
  auto size = fs::file_size(data_dir_ + "/store.db", code);
  if (code)
    return {};
  auto there = fs::space(dir, code).available;
  auto kept = same_disk(dir, data_dir_) ? free_min_ : 0;
  if (code || there > size + kept)
    return {};
  auto text = dir + " has room for " + std::to_string(there >> 20)
              + " MiB, the store has " + std::to_string(size >> 20) + " MiB";
  if (kept != 0)
    text += ", and on its own disk " + std::to_string(kept >> 20)
            + " MiB stay free (storage.free-bytes-min)";
  return storage::error{storage::fault::full, 0, 0, text};
}

storage::result<void> backup_room::copy(const std::string& dir) {
  auto order = std::make_shared<storage::copy_order>();
  order->path = storage::copy_store_path(dir);
  if (!desk_->put(order))
    return storage::error{storage::fault::locked, 0, 0,
                          "another copy waits already"};
  caf::anon_send(writer_, atom::flush::value);
  return await(*order);
}

/// Waits for the log writer, and brings to the disk what it has copied so far:
/// all of it at the end would stand in the way of its commits.
storage::result<void> backup_room::await(storage::copy_order& order) {
  auto done = order.done.get_future();
  while (done.wait_for(100ms) != std::future_status::ready) {
    auto total = order.pages_total * page_bytes;
    show(backup_state::step::copying, total - order.pages_left * page_bytes,
         total);
    if (auto file = storage::plain_file::open(order.path,
                                              storage::plain_file::mode::read))
      if (auto synced = file->sync(); !synced)
        order.given_up = true;
    std::lock_guard guard{mutex_};
    if (stopping_)
      order.given_up = true;
  }
  return done.get();
}

} // namespace jindou::app
