#include "storage/row_writer.hpp"

#include "messages/assert.hpp"

namespace jindou::storage {

result<void> row_writer::set_aside(rep_t rep) {
  statement mark{*db_, "UPDATE replica SET state = ? WHERE rep = ?"};
  auto state = static_cast<int>(replica_state::quarantined);
  return mark.bind(state, rep).run();
}

result<void> row_writer::put(const row_put& row) {
  JINDOU_ASSERT(row.columns.size() == schema::shape_of(row.into).columns);
  auto& place = puts_[static_cast<std::size_t>(row.into)];
  auto& insert = prepared(place, [&] { return schema::insert_sql(row.into); });
  for (std::size_t i = 0; i < row.columns.size(); ++i)
    insert.bind_one(static_cast<int>(i) + 1, row.columns[i]);
  return insert.run();
}

result<void> row_writer::drop(const row_drop& rows) {
  auto n = rows.key.size();
  JINDOU_ASSERT(n > 0 && n <= schema::shape_of(rows.from).key.size());
  auto& remove = prepared(drops_[{rows.from, n}],
                          [&] { return schema::drop_sql(rows.from, n); });
  for (std::size_t i = 0; i < n; ++i)
    remove.bind_one(static_cast<int>(i) + 1, rows.key[i]);
  return remove.run();
}

result<void> row_writer::drop(const row_drop_range& rows) {
  auto& place = ranges_[static_cast<std::size_t>(rows.from)];
  auto& remove
    = prepared(place, [&] { return schema::drop_range_sql(rows.from); });
  return remove.bind(rows.first, rows.last).run();
}

result<void> row_writer::write(const state_change& change) {
  for (auto& x : change.drops)
    if (auto done = drop(x); !done)
      return done;
  for (auto& x : change.ranges)
    if (auto done = drop(x); !done)
      return done;
  for (auto& x : change.puts)
    if (auto done = put(x); !done)
      return done;
  return {};
}

} // namespace jindou::storage
