#include "configs/logging.hpp"

#include "configs/log_format.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <utility>

namespace jindou::configs {

namespace {

const std::string& level_of(const std::string& room, const log_options& x,
                            const log_level_options& levels) {
  const std::pair<const char*, const std::string*> own[]{
    {"storage", &levels.storage},
    {"cluster", &levels.cluster},
    {"actors", &levels.actors},
    {"node", &levels.node},
  };
  for (auto& [name, level] : own)
    if (room == name && !level->empty())
      return *level;
  return x.level;
}

/// spdlog throws if the file cannot be opened.
result<spdlog::sink_ptr, fault> open_file(const log_options& x) {
  try {
    return spdlog::sink_ptr{
      std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
        x.file, x.file_bytes_max, x.files_max)};
  } catch (const spdlog::spdlog_ex& e) {
    return fault{.key = "log.file",
                 .text
                 = "log.file cannot be written: " + std::string{e.what()}};
  }
}

void add_logger(const std::string& room, const std::string& level,
                const std::vector<spdlog::sink_ptr>& sinks) {
  auto logger
    = std::make_shared<spdlog::logger>(room, sinks.begin(), sinks.end());
  logger->set_level(spdlog::level::from_str(level));
  logger->flush_on(spdlog::level::info);
  spdlog::drop(room);
  spdlog::register_logger(logger);
}

} // namespace

const std::vector<std::string>& log_rooms() {
  static const std::vector<std::string> rooms{"storage", "cluster", "actors",
                                              "node"};
  return rooms;
}

result<void, fault> start_logging(const log_options& x,
                                  const log_level_options& levels) {
  std::vector<spdlog::sink_ptr> sinks{
    std::make_shared<spdlog::sinks::stderr_sink_mt>()};
  if (!x.file.empty()) {
    auto file = open_file(x);
    if (!file)
      return file.error();
    sinks.push_back(*file);
  }
  for (auto& sink : sinks)
    sink->set_formatter(make_formatter(x.format == "json"));
  for (auto& room : log_rooms())
    add_logger(room, level_of(room, x, levels), sinks);
  spdlog::set_default_logger(spdlog::get("node"));
  return {};
}

void change_levels(const log_options& x, const log_level_options& levels) {
  for (auto& room : log_rooms())
    if (auto logger = spdlog::get(room))
      logger->set_level(spdlog::level::from_str(level_of(room, x, levels)));
}

void stop_logging() {
  spdlog::shutdown();
}

} // namespace jindou::configs
