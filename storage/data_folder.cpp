#include "storage/data_folder.hpp"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <utility>

namespace jindou::storage {

namespace {

error failed(int code, const std::string& what) {
  auto kind = code == EROFS || code == EACCES ? fault::readonly : fault::io;
  return {kind, 0, code, what};
}

/// An open-file-description lock: unlike a POSIX lock it is not lost when
/// another descriptor of the file is closed, and it guards within a process.
bool lock_whole(int fd) {
  struct flock range {};
  range.l_type = F_WRLCK;
  range.l_whence = SEEK_SET;
  return ::fcntl(fd, F_OFD_SETLK, &range) == 0;
}

} // namespace

result<data_folder> data_folder::open(const std::string& path) {
  std::error_code code;
  if (std::filesystem::create_directories(path, code)) // tokens lie in it
    std::filesystem::permissions(path, std::filesystem::perms::owner_all, code);
  if (code)
    return failed(code.value(), "make directory " + path);
  auto lock_path = path + "/LOCK";
  auto fd = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    return failed(errno, "open " + lock_path);
  data_folder res{path, fd};
  if (lock_whole(fd))
    return res;
  if (errno == EAGAIN || errno == EACCES)
    return error{fault::locked, 0, errno, path + " belongs to another process"};
  return failed(errno, "lock " + lock_path);
}

data_folder::data_folder(data_folder&& x) noexcept
    : path_(std::move(x.path_)), lock_(std::exchange(x.lock_, -1)) {
  // nop
}

data_folder& data_folder::operator=(data_folder&& x) noexcept {
  std::swap(path_, x.path_);
  std::swap(lock_, x.lock_);
  return *this;
}

data_folder::~data_folder() {
  if (lock_ >= 0)
    ::close(lock_);
}

bool data_folder::reserve(std::uint64_t bytes) {
  auto name = path_ + "/reserve";
  auto fd = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    return false;
  struct stat now {};
  auto wanted = static_cast<off_t>(bytes);
  auto there = ::fstat(fd, &now) == 0;
  if (there && now.st_size > wanted)
    there = ::ftruncate(fd, wanted) == 0;
  // Where a file system has no call for it, this one writes. What it got of too
  // little it gives back.
  else if (there && now.st_size < wanted
           && ::posix_fallocate(fd, 0, wanted) != 0)
    there = ::ftruncate(fd, now.st_size) != 0;
  ::close(fd);
  return there;
}

std::uint64_t data_folder::shrink_reserve(std::uint64_t bytes) {
  auto name = path_ + "/reserve";
  struct stat now {};
  auto wanted = static_cast<off_t>(bytes);
  if (::stat(name.c_str(), &now) != 0 || now.st_size <= wanted
      || ::truncate(name.c_str(), wanted) != 0)
    return 0;
  return static_cast<std::uint64_t>(now.st_size - wanted);
}

result<std::uint64_t> data_folder::free_bytes() const {
  struct statvfs now {};
  if (::statvfs(path_.c_str(), &now) != 0)
    return failed(errno, "look for free space of " + path_);
  return std::uint64_t{now.f_bavail} * now.f_frsize;
}

bool data_folder::has_store() const {
  std::error_code ignored;
  return std::filesystem::exists(store_path(), ignored);
}

std::string data_folder::store_path() const {
  return path_ + "/store.db";
}

std::string data_folder::restoring_path() const {
  return path_ + "/store.restoring";
}

} // namespace jindou::storage
