#include "tests/support/sim_vfs.hpp"

#include "storage/sqlite.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <tuple>
#include <utility>

namespace jindou::test {

namespace {

/// What all who have one file open share besides its bytes.
struct sim_locks {
  int shared = 0;
  const void* reserved = nullptr;
  const void* exclusive = nullptr; // or waiting to be
  std::vector<std::unique_ptr<char[]>> regions;
  int mapped = 0;
  std::array<int, SQLITE_SHM_NLOCK> shm{}; // readers; -1 = one writer
};

struct sim_system {
  sim_disk& disk;
  sqlite3_vfs vfs{};
  std::map<sim_file*, std::weak_ptr<sim_locks>> locks;
  std::int64_t time = 1'000'000;

  std::shared_ptr<sim_locks> locks_of(sim_file* x) {
    std::erase_if(locks, [](auto& entry) { return entry.second.expired(); });
    auto res = locks[x].lock();
    if (!res)
      locks[x] = res = std::make_shared<sim_locks>();
    return res;
  }
};

struct open_file {
  sim_system* system;
  sim_file_ptr file;
  std::shared_ptr<sim_locks> locks;
  int level = SQLITE_LOCK_NONE;
  bool maps = false;
  std::array<int, SQLITE_SHM_NLOCK> shm{}; // 1 reader, -1 writer
};

struct handle {
  sqlite3_file base;
  open_file* open;
};

open_file& of(sqlite3_file* x) {
  return *reinterpret_cast<handle*>(x)->open;
}

std::unique_lock<std::recursive_mutex> guard(open_file& x) {
  return std::unique_lock{x.system->disk.mutex()};
}

int code_of(disk_result x, int failed) {
  if (x == disk_result::full)
    return SQLITE_FULL;
  return x == disk_result::ok ? SQLITE_OK : failed;
}

// -- bytes --------------------------------------------------------------------

int on_read(sqlite3_file* f, void* to, int n, sqlite3_int64 at) {
  auto& x = of(f);
  auto held = guard(x);
  std::size_t got = 0;
  auto size = static_cast<std::size_t>(n);
  std::span bytes{static_cast<std::byte*>(to), size};
  auto done
    = x.system->disk.read(*x.file, static_cast<std::size_t>(at), bytes, got);
  if (done != disk_result::ok)
    return SQLITE_IOERR_READ;
  std::ranges::fill(bytes.subspan(got), std::byte{});
  return got == size ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int on_write(sqlite3_file* f, const void* from, int n, sqlite3_int64 at) {
  auto& x = of(f);
  auto held = guard(x);
  std::span bytes{static_cast<const std::byte*>(from),
                  static_cast<std::size_t>(n)};
  return code_of(
    x.system->disk.write(*x.file, static_cast<std::size_t>(at), bytes),
    SQLITE_IOERR_WRITE);
}

int on_truncate(sqlite3_file* f, sqlite3_int64 size) {
  auto& x = of(f);
  auto held = guard(x);
  return code_of(x.system->disk.resize(*x.file, static_cast<std::size_t>(size)),
                 SQLITE_IOERR_TRUNCATE);
}

int on_sync(sqlite3_file* f, int) {
  auto& x = of(f);
  auto held = guard(x);
  return code_of(x.system->disk.sync(*x.file), SQLITE_IOERR_FSYNC);
}

int on_size(sqlite3_file* f, sqlite3_int64* size) {
  auto& x = of(f);
  auto held = guard(x);
  *size = static_cast<sqlite3_int64>(x.file->now.size());
  return SQLITE_OK;
}

// -- locks of the file --------------------------------------------------------

int on_lock(sqlite3_file* f, int level) {
  auto& x = of(f);
  auto held = guard(x);
  auto& all = *x.locks;
  auto taken = [&](const void* by) { return by != nullptr && by != &x; };
  if (level <= x.level)
    return SQLITE_OK;
  if (x.level == SQLITE_LOCK_NONE) {
    if (taken(all.exclusive))
      return SQLITE_BUSY;
    ++all.shared;
    x.level = SQLITE_LOCK_SHARED;
  }
  if (level >= SQLITE_LOCK_RESERVED) {
    if (taken(all.reserved) || taken(all.exclusive))
      return SQLITE_BUSY;
    all.reserved = &x;
    x.level = std::max(x.level, SQLITE_LOCK_RESERVED);
  }
  if (level == SQLITE_LOCK_EXCLUSIVE) {
    all.exclusive = &x;
    x.level = SQLITE_LOCK_PENDING;
    if (all.shared > 1)
      return SQLITE_BUSY;
    x.level = SQLITE_LOCK_EXCLUSIVE;
  }
  return SQLITE_OK;
}

int on_unlock(sqlite3_file* f, int level) {
  auto& x = of(f);
  auto held = guard(x);
  auto& all = *x.locks;
  if (all.reserved == &x)
    all.reserved = nullptr;
  if (all.exclusive == &x)
    all.exclusive = nullptr;
  if (level == SQLITE_LOCK_NONE && x.level != SQLITE_LOCK_NONE)
    --all.shared;
  x.level = std::min(x.level, level);
  return SQLITE_OK;
}

int on_check_reserved(sqlite3_file* f, int* res) {
  auto& x = of(f);
  auto held = guard(x);
  *res = x.locks->reserved != nullptr ? 1 : 0;
  return SQLITE_OK;
}

// -- shared memory of the write-ahead log -------------------------------------

int on_shm_map(sqlite3_file* f, int i, int size, int extend,
               void volatile** res) {
  auto& x = of(f);
  auto held = guard(x);
  auto& all = *x.locks;
  if (!std::exchange(x.maps, true))
    ++all.mapped;
  *res = nullptr;
  auto wanted = static_cast<std::size_t>(i) + 1;
  if (all.regions.size() < wanted && extend == 0)
    return SQLITE_OK;
  while (all.regions.size() < wanted)
    all.regions.push_back(
      std::make_unique<char[]>(static_cast<std::size_t>(size)));
  *res = all.regions[wanted - 1].get();
  return SQLITE_OK;
}

void drop_shm_lock(open_file& x, std::size_t i) {
  auto& mine = x.shm[i];
  if (mine > 0)
    --x.locks->shm[i];
  else if (mine < 0)
    x.locks->shm[i] = 0;
  mine = 0;
}

bool may_lock(const open_file& x, std::size_t i, bool shared) {
  auto others = x.locks->shm[i];
  if (shared)
    return others >= 0;
  return others == (x.shm[i] > 0 ? 1 : 0);
}

int on_shm_lock(sqlite3_file* f, int first, int n, int flags) {
  auto& x = of(f);
  auto held = guard(x);
  auto shared = (flags & SQLITE_SHM_SHARED) != 0;
  auto unlock = (flags & SQLITE_SHM_UNLOCK) != 0;
  auto begin = static_cast<std::size_t>(first);
  auto end = begin + static_cast<std::size_t>(n);
  for (auto i = begin; i < end && !unlock; ++i)
    if (x.shm[i] == 0 && !may_lock(x, i, shared))
      return SQLITE_BUSY;
  for (auto i = begin; i < end; ++i) {
    if (unlock) {
      drop_shm_lock(x, i);
    } else if (x.shm[i] == 0) {
      x.shm[i] = shared ? 1 : -1;
      x.locks->shm[i] += x.shm[i];
    }
  }
  return SQLITE_OK;
}

void on_shm_barrier(sqlite3_file*) {
  std::atomic_thread_fence(std::memory_order_seq_cst);
}

int on_shm_unmap(sqlite3_file* f, int) {
  auto& x = of(f);
  auto held = guard(x);
  for (std::size_t i = 0; i < x.shm.size(); ++i)
    drop_shm_lock(x, i);
  if (!std::exchange(x.maps, false))
    return SQLITE_OK;
  // The last one leaves: the next finds it empty and reads the log anew.
  if (--x.locks->mapped == 0)
    x.locks->regions.clear();
  return SQLITE_OK;
}

// -- the rest of a file -------------------------------------------------------

int on_close(sqlite3_file* f) {
  auto& x = of(f);
  auto& mutex = x.system->disk.mutex();
  std::unique_lock held{mutex};
  on_shm_unmap(f, 0);
  on_unlock(f, SQLITE_LOCK_NONE);
  delete &x;
  return SQLITE_OK;
}

int on_control(sqlite3_file*, int, void*) {
  return SQLITE_NOTFOUND;
}

int on_sector_size(sqlite3_file*) {
  return 4096;
}

int on_traits(sqlite3_file*) {
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

const sqlite3_io_methods methods = [] {
  sqlite3_io_methods res{};
  res.iVersion = 2;
  res.xClose = on_close;
  res.xRead = on_read;
  res.xWrite = on_write;
  res.xTruncate = on_truncate;
  res.xSync = on_sync;
  res.xFileSize = on_size;
  res.xLock = on_lock;
  res.xUnlock = on_unlock;
  res.xCheckReservedLock = on_check_reserved;
  res.xFileControl = on_control;
  res.xSectorSize = on_sector_size;
  res.xDeviceCharacteristics = on_traits;
  res.xShmMap = on_shm_map;
  res.xShmLock = on_shm_lock;
  res.xShmBarrier = on_shm_barrier;
  res.xShmUnmap = on_shm_unmap;
  return res;
}();

// -- the file system ----------------------------------------------------------

sim_system& system_of(sqlite3_vfs* x) {
  return *static_cast<sim_system*>(x->pAppData);
}

file_kind kind_of(int flags) {
  if ((flags & SQLITE_OPEN_MAIN_DB) != 0)
    return file_kind::main;
  return (flags & SQLITE_OPEN_WAL) != 0 ? file_kind::wal : file_kind::other;
}

int on_open(sqlite3_vfs* v, const char* name, sqlite3_file* to, int flags,
            int* out) {
  auto& system = system_of(v);
  std::unique_lock held{system.disk.mutex()};
  to->pMethods = nullptr;
  auto file = name == nullptr
                ? std::make_shared<sim_file>()
                : system.disk.open(name, kind_of(flags),
                                   (flags & SQLITE_OPEN_CREATE) != 0);
  if (!file)
    return SQLITE_CANTOPEN;
  auto locks = system.locks_of(file.get());
  reinterpret_cast<handle*>(to)->open
    = new open_file{&system, std::move(file), std::move(locks)};
  to->pMethods = &methods;
  if (out != nullptr)
    *out = flags;
  return SQLITE_OK;
}

int on_delete(sqlite3_vfs* v, const char* name, int durably) {
  auto& disk = system_of(v).disk;
  std::unique_lock held{disk.mutex()};
  return code_of(disk.remove(name, durably != 0), SQLITE_IOERR_DELETE);
}

int on_access(sqlite3_vfs* v, const char* name, int, int* res) {
  auto& disk = system_of(v).disk;
  std::unique_lock held{disk.mutex()};
  *res = disk.exists(name) ? 1 : 0;
  return SQLITE_OK;
}

int on_full_path(sqlite3_vfs*, const char* name, int n, char* to) {
  std::snprintf(to, static_cast<std::size_t>(n), "%s", name);
  return SQLITE_OK;
}

int on_randomness(sqlite3_vfs* v, int n, char* to) {
  auto& disk = system_of(v).disk;
  std::unique_lock held{disk.mutex()};
  for (int i = 0; i < n; ++i)
    to[i] = static_cast<char>(disk.random());
  return n;
}

int on_sleep(sqlite3_vfs* v, int microseconds) {
  system_of(v).time += microseconds / 1'000;
  return microseconds;
}

int on_time(sqlite3_vfs* v, sqlite3_int64* res) {
  *res = ++system_of(v).time;
  return SQLITE_OK;
}

int on_time_as_number(sqlite3_vfs* v, double* res) {
  *res = static_cast<double>(++system_of(v).time) / 86'400'000.0;
  return SQLITE_OK;
}

int on_last_error(sqlite3_vfs*, int, char*) {
  return 0;
}

} // namespace

sim_vfs_ptr register_vfs(sim_disk& disk) {
  // The first connection configures SQLite, which must come before all else.
  std::ignore = storage::connection::open({.path = ":memory:"});
  auto system = std::make_shared<sim_system>(disk);
  auto& x = system->vfs;
  x.iVersion = 2;
  x.szOsFile = sizeof(handle);
  x.mxPathname = 512;
  x.zName = disk.vfs().c_str();
  x.pAppData = system.get();
  x.xOpen = on_open;
  x.xDelete = on_delete;
  x.xAccess = on_access;
  x.xFullPathname = on_full_path;
  x.xRandomness = on_randomness;
  x.xSleep = on_sleep;
  x.xCurrentTime = on_time_as_number;
  x.xGetLastError = on_last_error;
  x.xCurrentTimeInt64 = on_time;
  sqlite3_vfs_register(&x, 0);
  auto forget = [system](sqlite3_vfs* v) { sqlite3_vfs_unregister(v); };
  return {&x, std::move(forget)};
}

} // namespace jindou::test
