#include "actors/handler_chain.hpp"

#include <gtest/gtest.h>

#include <string>

using namespace jindou;
using namespace jindou::actors;

namespace {

struct context {
  std::size_t at = 0;
  std::string seen;
  int waits = 0;

  std::uint64_t events() const {
    return 3;
  }
};

step note_a(context& x) {
  x.seen += 'a';
  return step::next();
}

step note_b(context& x) {
  x.seen += 'b';
  return step::next();
}

step refuse(context&) {
  return step::stop(errc::denied);
}

step ask_twice(context& x) {
  x.seen += '?';
  return ++x.waits < 3 ? step::retry() : step::next();
}

step hand_over(context& x) {
  x.seen += '!';
  return step::wait();
}

} // namespace

TEST(handler_chain_test, runs_handlers_in_order_and_counts_their_events) {
  metrics stats;
  handler_chain<context> chain{event_type::on_send, stats};
  chain.add("a", &note_a).add("b", &note_b);
  context x;
  EXPECT_EQ(chain.run(x).what, step::kind::next);
  EXPECT_EQ(x.seen, "ab");
  for (auto* m : stats.handlers())
    EXPECT_EQ(m->events(), 3u);
}

TEST(handler_chain_test, ends_at_the_first_handler_that_stops) {
  metrics stats;
  handler_chain<context> chain{event_type::on_send, stats};
  chain.add("a", &note_a).add("refuse", &refuse).add("b", &note_b);
  context x;
  auto res = chain.run(x);
  EXPECT_EQ(res.what, step::kind::stop);
  EXPECT_EQ(res.error, errc::denied);
  EXPECT_EQ(x.seen, "a");
}

TEST(handler_chain_test, resumes_at_or_behind_the_handler_that_waited) {
  metrics stats;
  handler_chain<context> chain{event_type::on_send, stats};
  chain.add("ask", &ask_twice).add("over", &hand_over).add("b", &note_b);
  context x;
  EXPECT_EQ(chain.run(x).what, step::kind::pending);
  EXPECT_EQ(chain.run(x).what, step::kind::pending);
  EXPECT_EQ(chain.run(x).what, step::kind::pending);
  EXPECT_EQ(x.seen, "???"
                    "!");
  EXPECT_EQ(chain.run(x).what, step::kind::next);
  EXPECT_EQ(x.seen, "???"
                    "!b");
}

TEST(handler_chain_test, counts_a_handler_that_takes_longer_than_it_may) {
  metrics stats;
  handler_chain<context> patient{event_type::on_send, stats};
  patient.add("a", &note_a).add("b", &note_b);
  context x;
  patient.run(x);
  EXPECT_EQ(stats.value(counter::handlers_overdue), 0u);
  handler_chain<context> strict{event_type::on_send, stats,
                                std::chrono::nanoseconds{-1}};
  strict.add("a", &note_a).add("b", &note_b);
  context y;
  strict.run(y);
  EXPECT_EQ(stats.value(counter::handlers_overdue), 2u);
}
