#include "apps/node/store_fault.hpp"

#include "configs/command_line.hpp"

#include <system_error>

namespace jindou::app {

namespace {

using storage::fault;

/// What whoever runs the node can do.
std::string_view advice(fault what) {
  switch (what) {
  case fault::full:
    return "free some space and start again";
  case fault::io:
  case fault::sync:
    return "look into the log of the kernel before you start again";
  case fault::corrupt:
    return "the file is damaged; keep a copy of it and restore a backup";
  case fault::readonly:
    return "the user of this process must be able to write the directory and "
           "its files";
  case fault::locked:
    return "stop the other process, or name another directory";
  case fault::newer_schema:
    return "start the version that wrote it, or restore a backup made before "
           "the upgrade";
  case fault::foreign:
    return "name another directory in node.data-dir";
  case fault::none:
  case fault::not_found:
    return {};
  }
  return {};
}

bool concerns_store(const storage::error& e) {
  return e.sqlite_code != 0 || e.what == fault::corrupt
         || e.what == fault::newer_schema || e.what == fault::foreign;
}

int code_of(fault what) {
  auto disk
    = what == fault::io || what == fault::sync || what == fault::corrupt;
  return disk ? configs::exit_disk : configs::exit_failed;
}

} // namespace

std::string words_of(const storage::error& e) {
  auto text = std::string{to_string(e.what)} + ": " + e.context;
  if (e.os_errno != 0)
    text += std::string{": "} + std::generic_category().message(e.os_errno);
  return text;
}

start_fault store_fault(const std::string& dir, const storage::error& e) {
  auto text = (concerns_store(e) ? "store " + dir + "/store.db: "
                                 : "data directory " + dir + ": ")
              + words_of(e);
  if (auto what = advice(e.what); !what.empty())
    text += "; " + std::string{what};
  return {code_of(e.what), text};
}

} // namespace jindou::app
