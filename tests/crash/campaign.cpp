#include "tests/crash/campaign.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <thread>
#include <utility>

namespace jindou::crash {

namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t users = 8;
constexpr std::size_t rooms = 5;
constexpr milliseconds ready_budget{60'000};
constexpr milliseconds answer_budget{60'000};

std::string uid(std::size_t i) {
  return "user" + std::to_string(i);
}

/// Every user writes to all rooms and to the neighbour with whom it shares a
/// person channel.
std::vector<channel_name> all_channels() {
  std::vector<channel_name> res;
  for (std::size_t i = 0; i < rooms; ++i)
    res.push_back({"room" + std::to_string(i), 2, uid(0)});
  for (std::size_t i = 0; i < users; i += 2)
    res.push_back({uid(i + 1), 1, uid(i)});
  return res;
}

} // namespace

campaign::campaign(campaign_setup setup)
    : setup_(std::move(setup)), rng_(setup_.seed), channels_(all_channels()) {
  node_ = {setup_.program, setup_.folder, pick_ports(), setup_.mutant};
  clients_.reserve(users);
  for (std::size_t i = 0; i < users; ++i) {
    auto mine = channels_;
    std::erase_if(mine, [&](const channel_name& x) {
      return x.type == 1 && x.id != uid(i) && x.reader != uid(i);
    });
    clients_.emplace_back(uid(i), std::move(mine), rng_(), book_);
  }
}

void campaign::run() {
  auto whole_every = std::max<std::size_t>(5, setup_.rounds / 10);
  for (std::size_t round = 0; round < setup_.rounds && good(); ++round) {
    if (round > 0 && rng_() % 4 == 0)
      kill_while_starting();
    node_process node{node_};
    if (!start(node))
      return;
    make_rooms();
    read_back(round % whole_every == 0);
    if (good())
      load_and_kill(node);
  }
  if (!good())
    return;
  node_process node{node_};
  if (start(node))
    end_in_order(node);
  if (!good())
    return;
  node_process last{node_};
  if (start(last))
    read_back(true);
}

// -- the node -----------------------------------------------------------------

void campaign::kill_while_starting() {
  node_process node{node_};
  std::this_thread::sleep_for(milliseconds{rng_() % 80});
  node.kill_9();
  ++kills_;
}

bool campaign::start(node_process& node) {
  auto begin = std::chrono::steady_clock::now();
  back_end monitor{node_.ports.monitor};
  for (;;) {
    auto answer = monitor.get("/readyz");
    auto took = std::chrono::duration_cast<milliseconds>(
      std::chrono::steady_clock::now() - begin);
    if (answer && answer->status == 200) {
      slowest_start_ = std::max(slowest_start_, took);
      return true;
    }
    if (node.ended()) {
      book_.complain("the node ended while it started");
      return false;
    }
    if (answer && answer->body.find("damaged") != std::string::npos) {
      book_.complain("the store is damaged: " + answer->body);
      return false;
    }
    if (took > ready_budget) {
      book_.complain("the node was not ready in time: "
                     + (answer ? answer->body : std::string{"no answer"}));
      return false;
    }
    std::this_thread::sleep_for(milliseconds{3});
  }
}

void campaign::make_rooms() {
  if (std::exchange(rooms_made_, true))
    return;
  back_end api{node_.ports.http};
  nlohmann::json members = nlohmann::json::array();
  for (std::size_t i = 0; i < users; ++i)
    members.push_back(uid(i));
  for (const auto& x : channels_) {
    if (x.type != 2)
      continue;
    nlohmann::json ask{
      {"channel_id", x.id}, {"channel_type", 2}, {"subscribers", members}};
    auto answer = api.post("/channel", ask.dump());
    // On a disk that hangs the outcome is unknown for a while: ask again.
    for (int i = 0; i < 10 && answer && answer->status == 400; ++i)
      answer = api.post("/channel", ask.dump());
    if (!answer || answer->status != 200)
      book_.complain("a room could not be made: "
                     + (answer ? answer->body : std::string{"no answer"}));
  }
}

void campaign::read_back(bool whole) {
  back_end api{node_.ports.http};
  for (const auto& x : channels_) {
    auto seen = book_.seen(x.text());
    auto first = whole || seen < 100 ? 1 : seen - 50;
    auto found = read_channel(api, x, first);
    if (!found)
      book_.complain(x.text() + " cannot be read");
    else
      book_.read_back(x.text(), first, *found);
  }
}

// -- the load -----------------------------------------------------------------

/// Kills after a random number of acknowledgements, not after a random time:
/// so it happens under load on a fast and on a slow machine.
void campaign::load_and_kill(node_process& node) {
  asio::io_context ctx;
  for (auto& x : clients_)
    asio::co_spawn(ctx, x.run(node_.ports.tcp, 10'000), asio::detached);
  // Squared: many kills come early, while the clients log in.
  auto share = static_cast<double>(rng_() % 1'000) / 1'000;
  auto fate = book_.acknowledgements()
              + static_cast<std::size_t>(1'200 * share * share);
  auto latest = std::chrono::steady_clock::now() + answer_budget;
  asio::co_spawn(ctx, watch(node, fate, latest), asio::detached);
  ctx.run();
}

asio::awaitable<void>
campaign::watch(node_process& node, std::size_t acknowledgements,
                std::chrono::steady_clock::time_point latest) {
  asio::steady_timer timer{co_await asio::this_coro::executor};
  while (book_.acknowledgements() < acknowledgements && !node.ended()
         && std::chrono::steady_clock::now() < latest) {
    timer.expires_after(milliseconds{1});
    co_await timer.async_wait(asio::use_awaitable);
  }
  // Somewhere between two steps of the watch.
  std::this_thread::sleep_for(std::chrono::microseconds{rng_() % 1'000});
  if (node.ended())
    book_.complain("the node ended under load");
  else if (book_.acknowledgements() < acknowledgements)
    book_.complain("the node stopped to answer");
  node.kill_9();
  ++kills_;
}

void campaign::load_to_the_end() {
  asio::io_context ctx;
  for (auto& x : clients_)
    asio::co_spawn(ctx, x.run(node_.ports.tcp, 300), asio::detached);
  ctx.run_for(answer_budget);
  std::size_t unanswered = 0;
  for (const auto& x : clients_)
    unanswered += x.unanswered();
  if (unanswered > 0)
    book_.complain(std::to_string(unanswered) + " messages have no answer");
}

void campaign::end_in_order(node_process& node) {
  read_back(true);
  load_to_the_end();
  read_back(false);
  auto code = node.stop(milliseconds{30'000});
  if (code != 0)
    book_.complain("the node ended with " + std::to_string(code)
                   + " after SIGTERM");
}

} // namespace jindou::crash
