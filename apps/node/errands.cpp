#include "apps/node/errands.hpp"

#include "apps/node/http_request.hpp"
#include "apps/node/manager_token.hpp"
#include "apps/node/store_fault.hpp"
#include "configs/command_line.hpp"
#include "storage/restore.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <thread>
#include <unistd.h>

namespace jindou::app {

namespace {

using namespace std::chrono_literals;

int complain(const std::string& text) {
  std::fprintf(stderr, "jindou-node: %s\n", text.c_str());
  return configs::exit_failed;
}

/// Shows progress on a terminal in place, elsewhere in a line per step.
class progress_line {
public:
  void show(const char* what, std::uint64_t done, std::uint64_t total) {
    auto percent = total == 0 ? 0 : done * 100 / total;
    auto coarse = terminal_ ? percent : percent / 25;
    if (what == last_what_ && coarse == last_)
      return;
    last_what_ = what;
    last_ = coarse;
    std::fprintf(
      stderr, "%s%s %llu of %llu MiB (%llu %%)%s", terminal_ ? "\r" : "", what,
      static_cast<unsigned long long>(done >> 20),
      static_cast<unsigned long long>(total >> 20),
      static_cast<unsigned long long>(percent), terminal_ ? "   " : "\n");
  }

  void end() const {
    if (terminal_)
      std::fputs("\n", stderr);
  }

private:
  bool terminal_ = isatty(STDERR_FILENO) == 1;
  std::string last_what_;
  std::uint64_t last_ = 0;
};

/// Why an errand cannot be run, in words.
struct refusal {
  std::string text;
};

result<std::string, refusal> token_of(const configs::options& chosen) {
  if (!chosen.http.manager_token_on)
    return std::string{};
  auto path = chosen.http.manager_token_file.empty()
                ? chosen.node.data_dir + "/manager.token"
                : chosen.http.manager_token_file;
  auto token = read_manager_token(path);
  if (!token)
    return refusal{token.error().text
                   + "; give the configuration of the running node with "
                     "--config-file or --http.manager-token-file, as a user "
                     "who may read that file"};
  return *token;
}

/// One request; the body as JSON.
result<nlohmann::json, refusal> ask(const configs::options& chosen,
                                    const std::string& token,
                                    const char* method_path,
                                    const std::string& body) {
  auto got = http_request(chosen.monitor.addr, method_path, token, body);
  if (!got)
    return refusal{got.error()};
  auto parsed = nlohmann::json::parse(got->body, nullptr, false);
  if (got->status == 401)
    return refusal{"the node does not accept this manager token"};
  if (got->status == 404)
    return refusal{"what answers at " + chosen.monitor.addr
                   + " cannot make backups; is it an older node?"};
  if (!parsed.is_object())
    return refusal{"the node answered " + std::to_string(got->status)};
  if (got->status != 200)
    return refusal{parsed.value("msg", std::to_string(got->status))};
  return parsed;
}

/// Waits for the end of a backup.
int follow(const configs::options& chosen, const std::string& token,
           const std::string& dir) {
  progress_line line;
  for (;;) {
    std::this_thread::sleep_for(100ms);
    auto state = ask(chosen, token, "GET /backup", {});
    if (!state)
      return complain(state.error().text);
    auto at = state->value("state", "");
    auto total = state->value("total_bytes", std::uint64_t{0});
    auto done = state->value("done_bytes", std::uint64_t{0});
    if (state->value("dir", "") != dir || at == "none")
      return complain("the node has begun something else");
    if (at == "failed") {
      line.end();
      return complain(state->value("reason", "the backup failed"));
    }
    line.show(at == "copying" ? "copies" : "checks", done, total);
    if (at != "done")
      continue;
    line.end();
    std::error_code unseen;
    if (!std::filesystem::exists(dir, unseen) && !unseen)
      std::fprintf(stderr,
                   "jindou-node: %s is where the node sees it, not here: a "
                   "service or container has a /tmp and more of its own\n",
                   dir.c_str());
    std::printf("backup of %llu bytes in %s\n",
                static_cast<unsigned long long>(total), dir.c_str());
    return configs::exit_ok;
  }
}

} // namespace

int backup_to(const configs::options& chosen) {
  std::error_code code;
  auto dir = std::filesystem::absolute(chosen.errand.backup_to, code)
               .lexically_normal()
               .string();
  if (code)
    return complain(chosen.errand.backup_to + ": " + code.message());
  auto token = token_of(chosen);
  if (!token)
    return complain(token.error().text);
  auto begun
    = ask(chosen, *token, "POST /backup", nlohmann::json{{"dir", dir}}.dump());
  if (!begun)
    return complain(begun.error().text);
  return follow(chosen, *token, dir);
}

int restore_from(const configs::options& chosen) {
  progress_line line;
  auto& dir = chosen.node.data_dir;
  auto done = storage::restore(chosen.errand.restore_from, dir,
                               [&](std::uint64_t x, std::uint64_t all) {
                                 line.show("copies", x, all);
                                 return true;
                               });
  line.end();
  if (!done) {
    complain(words_of(done.error()));
    return store_fault(dir, done.error()).code;
  }
  std::printf("restored %llu bytes into %s as %s\n",
              static_cast<unsigned long long>(done->bytes), dir.c_str(),
              done->data_uuid.c_str());
  return configs::exit_ok;
}

} // namespace jindou::app
