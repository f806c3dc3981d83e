#include "actors/waiting_line.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <random>

using jindou::actors::waiting_line;

TEST(waiting_line_test, behaves_like_a_deque) {
  std::mt19937 random{7};
  waiting_line<std::unique_ptr<int>> line;
  std::deque<int> twin;
  for (int i = 0; i < 20'000; ++i) {
    // Grows and drains in waves.
    auto grow = (i / 500) % 2 == 0 ? 7U : 3U;
    if (random() % 10 < grow) {
      line.push_back(std::make_unique<int>(i));
      twin.push_back(i);
    } else if (!twin.empty()) {
      ASSERT_EQ(*line.front(), twin.front());
      ASSERT_EQ(*line.pop_front(), twin.front());
      twin.pop_front();
    }
    ASSERT_EQ(line.size(), twin.size());
    ASSERT_EQ(line.empty(), twin.empty());
  }
  auto expected = twin.begin();
  for (auto& x : line)
    ASSERT_EQ(*x, *expected++);
}

TEST(waiting_line_test, moves_each_element_a_bounded_number_of_times) {
  struct counted {
    explicit counted(int* moves_) : moves(moves_) {
      // nop
    }
    counted(counted&& x) noexcept : moves(x.moves) {
      ++*moves;
    }
    counted& operator=(counted&& x) noexcept {
      moves = x.moves;
      ++*moves;
      return *this;
    }
    int* moves;
  };
  int moves = 0;
  waiting_line<counted> line;
  constexpr int total = 10'000;
  for (int i = 0; i < 100; ++i)
    line.push_back(counted{&moves});
  for (int i = 0; i < total; ++i) {
    line.push_back(counted{&moves});
    (void)line.pop_front();
  }
  EXPECT_LT(moves, 10 * total);
}
