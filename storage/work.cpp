#include "storage/work.hpp"

#include "messages/little_endian.hpp"

namespace jindou::storage {

namespace {

constexpr std::uint8_t blob_version = 1;

std::int64_t number(std::uint64_t x) {
  return static_cast<std::int64_t>(x); // same bits; SQLite has no unsigned
}

} // namespace

std::string_view to_string(fault f) {
  switch (f) {
  case fault::none:
    return "none";
  case fault::full:
    return "full";
  case fault::io:
    return "io";
  case fault::sync:
    return "sync";
  case fault::corrupt:
    return "corrupt";
  case fault::readonly:
    return "readonly";
  case fault::locked:
    return "locked";
  case fault::newer_schema:
    return "newer_schema";
  case fault::foreign:
    return "foreign";
  case fault::not_found:
    return "not_found";
  }
  return "undefined";
}

raft::restored restored_of(const replica_start& x) {
  raft::restored res;
  res.group = x.row.group;
  res.self = x.row.replica_id;
  res.hs = x.row.hard_state;
  res.first_index = x.row.first_index;
  res.first_term = x.row.first_term;
  res.first_members = x.row.first_members;
  res.applied = x.cut.applied;
  res.last = x.cut.applied;
  res.log_time = x.cut.log_time;
  res.terms = x.cut.terms;
  for (auto& t : x.tail) {
    res.last = t.entry.index;
    res.log_time = t.log_time;
    if (res.terms.empty() || res.terms.back().term != t.entry.term)
      res.terms.push_back({t.entry.index, t.entry.term});
  }
  return res;
}

byte_vector encode(const raft::membership& x) {
  byte_vector res;
  append_le(res, blob_version);
  append_le(res, x.at);
  append_le(res, static_cast<std::uint16_t>(x.all.size()));
  for (auto& m : x.all) {
    append_le(res, m.id);
    append_le(res, m.node);
    append_le(res, static_cast<std::uint8_t>(m.role));
  }
  return res;
}

jindou::result<raft::membership> decode_membership(byte_span bytes) {
  le_reader in{bytes};
  if (in.number<std::uint8_t>() != blob_version)
    return errc::corrupt;
  raft::membership res;
  res.at = in.number<raft::log_index>();
  std::size_t n = in.number<std::uint16_t>();
  for (std::size_t i = 0; i < n && in.good(); ++i) {
    raft::member m;
    m.id = in.number<raft::replica_id>();
    m.node = in.number<node_id>();
    auto role = in.number<std::uint8_t>();
    if (role > static_cast<std::uint8_t>(raft::member_role::learner))
      in.refuse();
    m.role = static_cast<raft::member_role>(role);
    res.all.push_back(m);
  }
  if (!in.done())
    return errc::corrupt;
  return res;
}

byte_vector encode(const std::vector<raft::term_run>& x) {
  byte_vector res;
  append_le(res, blob_version);
  append_le(res, static_cast<std::uint32_t>(x.size()));
  for (auto& run : x) {
    append_le(res, run.first);
    append_le(res, run.term);
  }
  return res;
}

jindou::result<std::vector<raft::term_run>> decode_terms(byte_span bytes) {
  le_reader in{bytes};
  if (in.number<std::uint8_t>() != blob_version)
    return errc::corrupt;
  std::vector<raft::term_run> res;
  std::size_t n = in.number<std::uint32_t>();
  for (std::size_t i = 0; i < n && in.good(); ++i) {
    auto first = in.number<raft::log_index>();
    res.push_back({first, in.number<raft::term_t>()});
  }
  if (!in.done())
    return errc::corrupt;
  return res;
}

row_put put_of(const replica_row& x) {
  return {table::replica,
          {number(x.rep), number(x.group), number(x.replica_id),
           number(static_cast<std::uint8_t>(x.state)),
           number(x.hard_state.term), number(x.hard_state.vote),
           number(x.first_index), number(x.first_term),
           encode(x.first_members)}};
}

row_put put_of(const cut_row& x) {
  return {table::cut,
          {number(x.rep), number(x.cut_no), number(x.applied),
           number(x.applied_term), number(x.digest), number(x.log_time),
           number(x.apply_schema), number(x.feature_level), encode(x.members),
           encode(x.terms), number(x.next_chan), number(x.dd_first),
           number(x.dd_next), number(x.keep_from), number(x.hook_cursor),
           x.log_block}};
}

} // namespace jindou::storage
