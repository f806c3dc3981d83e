#include "storage/copy_manifest.hpp"

#include "messages/record.hpp"
#include "storage/plain_file.hpp"

#include <charconv>
#include <filesystem>
#include <map>

namespace jindou::storage {

namespace {

constexpr std::string_view first_line = "jindou-backup 1\n";

error unreadable(const std::string& why) {
  return {fault::corrupt, 0, 0, "the manifest of the backup " + why};
}

result<std::uint64_t> number_in(std::string_view text, std::string_view name) {
  auto wanted = "\n" + std::string{name} + " ";
  auto at = text.find(wanted);
  if (at == text.npos)
    return unreadable("has no " + std::string{name});
  auto rest = text.substr(at + wanted.size());
  std::uint64_t res = 0;
  auto end = rest.data() + rest.size();
  auto [stop, code] = std::from_chars(rest.data(), end, res);
  if (code != std::errc{} || stop == end || *stop != '\n')
    return unreadable("has a wrong " + std::string{name});
  return res;
}

} // namespace

std::string render(const copy_manifest& x) {
  return std::string{first_line} + "bytes " + std::to_string(x.bytes)
         + "\ncrc32c " + std::to_string(x.crc) + "\nmade "
         + std::to_string(x.made) + "\n";
}

result<copy_manifest> parse_manifest(std::string_view text) {
  if (!text.starts_with(first_line))
    return unreadable("is of another kind or version");
  auto bytes = number_in(text, "bytes");
  if (!bytes)
    return bytes.error();
  auto crc = number_in(text, "crc32c");
  if (!crc)
    return crc.error();
  auto made = number_in(text, "made");
  if (!made)
    return made.error();
  return copy_manifest{*bytes, static_cast<std::uint32_t>(*crc), *made};
}

std::string copy_store_path(const std::string& dir) {
  return dir + "/store.db";
}

std::string copy_manifest_path(const std::string& dir) {
  return dir + "/backup.txt";
}

result<void> make_copy_folder(const std::string& dir) {
  namespace fs = std::filesystem;
  std::error_code code;
  if (fs::create_directories(dir, code)) // tokens lie in the store
    fs::permissions(dir, fs::perms::owner_all, code);
  if (code)
    return system_error(code.value(), "make directory " + dir);
  auto empty = fs::is_empty(dir, code);
  if (code)
    return system_error(code.value(), "look into " + dir);
  if (!empty)
    return error{fault::foreign, 0, 0, dir + " is not empty"};
  return {};
}

result<copy_manifest> seal_copy(const std::string& dir, std::uint64_t now_ms,
                                const progress_fun& progress) {
  auto store = plain_file::open(copy_store_path(dir), plain_file::mode::read);
  if (!store)
    return store.error();
  if (auto done = store->sync(); !done)
    return done.error();
  auto size = store->size();
  if (!size)
    return size.error();
  copy_manifest res;
  res.made = now_ms;
  byte_vector chunk(1 << 20);
  for (;;) {
    auto n = store->read(chunk);
    if (!n)
      return n.error();
    if (*n == 0)
      break;
    res.crc = record::crc32c(byte_span{chunk}.first(*n), res.crc);
    res.bytes += *n;
    if (!progress(res.bytes, *size))
      return error{fault::io, 0, 0, "the copy was given up"};
  }
  auto file
    = plain_file::open(copy_manifest_path(dir), plain_file::mode::create);
  if (!file)
    return file.error();
  auto text = render(res);
  if (auto done = file->write(as_bytes(text)); !done)
    return done.error();
  if (auto done = file->sync(); !done)
    return done.error();
  if (auto done = sync_folder(dir); !done)
    return done.error();
  return res;
}

} // namespace jindou::storage
