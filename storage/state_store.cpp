#include "storage/state_store.hpp"

namespace jindou::storage {

result<std::unique_ptr<state_store>>
state_store::open(const state_options& options, const start_report& report) {
  connection_options how;
  how.path = options.path;
  how.vfs = options.vfs;
  how.read_only = true;
  how.cache_kib = options.cache_kib;
  auto db = connection::open(how);
  if (!db)
    return db.error();
  return std::unique_ptr<state_store>{
    new state_store(std::move(*db), options, report)};
}

state_store::state_store(connection db, const state_options& options,
                         const start_report& report)
    : db_(std::move(db)), tables_(db_), clean_(options.clean_bytes_max) {
  for (auto& x : report.replicas) {
    if (!x.healthy())
      continue;
    auto replica = std::make_unique<replica_store>(
      tables_, clean_, x, options.dedupe, options.salt);
    all_.push_back(replica.get());
    replicas_.emplace(x.row.group, std::move(replica));
  }
}

replica_store* state_store::find(group_id group) {
  auto i = replicas_.find(group);
  return i == replicas_.end() ? nullptr : i->second.get();
}

} // namespace jindou::storage
