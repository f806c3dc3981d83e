#pragma once

#include "cluster/host.hpp"
#include "tests/unit/cluster/core_world.hpp"

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

namespace jindou::test {

/// A proposal of records with these bodies, heads zero as an encoder leaves
/// them except for kind and op.
inline propose_ptr proposal(group_id group, std::uint64_t request,
                            const std::vector<std::string>& bodies) {
  auto res = std::make_shared<propose>();
  res->group = group;
  res->request = request;
  res->block = std::make_shared<byte_vector>();
  for (const auto& body : bodies) {
    auto start = res->block->size();
    res->block->resize(start + record::head_bytes);
    (*res->block)[start + 12] = std::byte{2}; // kind: command
    (*res->block)[start + 13] = std::byte{1}; // op
    auto bytes = as_bytes(body);
    res->block->insert(res->block->end(), bytes.begin(), bytes.end());
    res->ends.push_back(static_cast<std::uint32_t>(res->block->size()));
  }
  return res;
}

inline std::string body_of(const shared_bytes& rec) {
  return std::string{as_text(rec.span().subspan(record::head_bytes))};
}

/// Executes batches the way the store does: all groups share the positions.
class model_writer {
public:
  explicit model_writer(position next = 100) : next_(next) {
    // nop
  }

  flush_result execute(const log_batch& batch) {
    flush_result res;
    for (const auto& job : batch.jobs) {
      if (!job.append.empty())
        res.placed.push_back({job.group, job.append.front().index, next_,
                              static_cast<std::uint32_t>(job.append.size())});
      next_ += job.append.size();
      res.finished.push_back({job.group, job.job});
    }
    return res;
  }

private:
  position next_;
};

inline flush_result disk_full() {
  flush_result res;
  res.error = errc::unavailable;
  return res;
}

} // namespace jindou::test
