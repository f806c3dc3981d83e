#include "apps/bench/storage.hpp"

#include "messages/command.hpp"
#include "storage/log_store.hpp"

#include <array>
#include <filesystem>
#include <iostream>
#include <optional>

namespace jindou::bench {

namespace {

constexpr group_id groups = 32;

/// Appends messages to the log of a store as a raft host would.
class flush_load {
public:
  explicit flush_load(const storage_options& options)
      : options_(options), payload_(options.payload_bytes, 'x') {
    // nop
  }

  report run(std::string& fault) {
    open(fault);
    if (!store_)
      return {};
    for (std::size_t n : {1, 16, 128, 1'024}) {
      for (unsigned run = 0; run < options_.when.runs && fault.empty(); ++run)
        measure(n, run, fault);
    }
    store_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(options_.data_dir, ignored);
    report_.benchmark = "storage";
    report_.options = {{"payload", std::to_string(options_.payload_bytes)},
                       {"groups", std::to_string(groups)}};
    return std::move(report_);
  }

private:
  /// Where the log of a group stands.
  struct log_end {
    record::head head;
    std::uint64_t job = 0;
  };

  void open(std::string& fault) {
    std::error_code ignored;
    if (std::filesystem::exists(options_.data_dir, ignored)) {
      fault = options_.data_dir + " exists; name a folder to be made";
      return;
    }
    storage::store_options x;
    x.dir = options_.data_dir;
    x.data_groups = groups;
    x.reserve_bytes = 0;
    storage::start_report start;
    auto opened = storage::log_store::open(x, start);
    if (!opened) {
      fault = "cannot open a store: " + opened.error().context;
      return;
    }
    store_.emplace(*std::move(opened));
    for (auto& r : start.replicas) {
      auto& end = ends_[r.row.group].head;
      end.kind = record::kind::command;
      end.op = static_cast<std::uint8_t>(command::op::append_message);
      end.group = r.row.group;
      end.index = r.cut.applied;
      end.term = 1;
    }
  }

  void measure(std::size_t entries, unsigned run, std::string& fault) {
    auto until = clock::now() + options_.when.duration;
    histogram times;
    std::int64_t spent = 0;
    while (clock::now() < until && fault.empty()) {
      auto batch = make_batch(entries);
      auto began = now_ns();
      flush(batch, fault);
      times.add(static_cast<std::uint64_t>(now_ns() - began));
      spent += now_ns() - began;
    }
    auto name = "storage.flush_" + std::to_string(entries);
    auto seconds = static_cast<double>(spent) / 1e9;
    auto rate = static_cast<double>(times.count() * entries) / seconds;
    report_.at(name + ".rate", "messages/s").runs.push_back(rate);
    report_.add_latency(name + ".time", times);
    std::cerr << name << " run " << run + 1 << ": "
              << static_cast<std::uint64_t>(rate) << " messages/s" << std::endl;
  }

  log_batch make_batch(std::size_t entries) {
    log_batch batch;
    auto used = std::min<std::size_t>(entries, groups);
    batch.jobs.resize(used);
    for (std::size_t i = 0; i < entries; ++i) {
      auto& job = batch.jobs[i % used];
      auto group
        = static_cast<group_id>(1 + (first_group_ + i % used) % groups);
      if (job.append.empty()) {
        job.group = group;
        job.job = ++ends_[group].job;
      }
      job.append.push_back(next_entry(group));
      batch.bytes += job.append.back().bytes.size();
    }
    batch.entries = entries;
    first_group_ += used;
    return batch;
  }

  raft::entry next_entry(group_id group) {
    auto& head = ends_[group].head;
    ++head.index;
    auto number = std::to_string(++messages_);
    command::append_message msg;
    msg.message_id = messages_;
    msg.channel_type = channel_type::group;
    msg.channel_id = "channel";
    msg.from_uid = "sender";
    msg.client_msg_no = number;
    msg.payload = payload_;
    byte_vector rec;
    command::encode(msg, rec);
    head.log_time = static_cast<std::uint64_t>(now_ns() / 1'000'000);
    record::stamp(rec, head);
    return {head.index, head.term, head.kind, shared_bytes{std::move(rec)}};
  }

  void flush(const log_batch& batch, std::string& fault) {
    std::array<const log_batch*, 1> batches{&batch};
    storage::write_batch all;
    all.batches = batches;
    if (auto ok = store_->flush(all); !ok)
      fault = "flush: " + ok.error().context;
    if (auto ok = store_->checkpoint_if_due(); !ok)
      fault = "checkpoint: " + ok.error().context;
  }

  const storage_options& options_;
  std::string payload_;
  std::optional<storage::log_store> store_;
  std::array<log_end, groups + 1> ends_;
  report report_;
  std::uint64_t messages_ = 0;
  std::size_t first_group_ = 0;
};

} // namespace

report run_storage(const storage_options& options, std::string& fault) {
  return flush_load{options}.run(fault);
}

} // namespace jindou::bench
