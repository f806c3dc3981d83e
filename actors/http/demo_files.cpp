#include "actors/http/demo_files.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace jindou::actors::http {

namespace {

constexpr std::size_t files_max = 64;
constexpr std::uintmax_t file_bytes_max = 4 << 20;

std::string_view content_type_of(std::string_view name) {
  if (name.ends_with(".html"))
    return "text/html; charset=utf-8";
  if (name.ends_with(".css"))
    return "text/css; charset=utf-8";
  if (name.ends_with(".js"))
    return "text/javascript; charset=utf-8";
  if (name.ends_with(".svg"))
    return "image/svg+xml";
  return {};
}

} // namespace

demo_files::demo_files(const std::string& folder) {
  std::error_code failed;
  for (std::filesystem::directory_iterator i{folder, failed}, end;
       !failed && i != end && files_.size() < files_max; i.increment(failed)) {
    auto name = i->path().filename().string();
    auto type = content_type_of(name);
    std::error_code unreadable;
    auto size = i->file_size(unreadable);
    if (type.empty() || unreadable || size > file_bytes_max
        || !i->is_regular_file(unreadable))
      continue;
    std::ifstream in{i->path(), std::ios::binary};
    files_[name] = {std::string{std::istreambuf_iterator<char>{in}, {}}, type};
  }
}

const demo_file* demo_files::find(std::string_view path) const {
  constexpr std::string_view root = "/demo";
  if (!path.starts_with(root))
    return nullptr;
  path.remove_prefix(root.size());
  if (path.empty() || path == "/")
    path = "/index.html";
  if (path.front() != '/')
    return nullptr;
  auto found = files_.find(path.substr(1));
  return found == files_.end() ? nullptr : &found->second;
}

} // namespace jindou::actors::http
