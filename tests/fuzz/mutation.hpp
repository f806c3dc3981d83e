#pragma once

#include "tests/fuzz/target.hpp"

#include <algorithm>
#include <random>

namespace jindou::fuzz {

/// Makes inputs that are almost good, always the same ones for one seed.
class mutation {
public:
  explicit mutation(unsigned seed) : random_(seed) {
    // nop
  }

  byte_vector of(const inputs& seeds) {
    auto res = seeds[below(seeds.size())];
    for (auto n = 1 + below(4); n > 0; --n)
      change(res, seeds);
    return res;
  }

private:
  std::size_t below(std::size_t n) {
    return n == 0 ? 0 : random_() % n;
  }

  std::byte odd_byte() {
    constexpr unsigned odd[]
      = {0, 1, 0x7f, 0x80, 0xff, ' ', '"', '\\', '{', '}', '\r', '\n', '%'};
    return static_cast<std::byte>(below(2) == 0 ? odd[below(std::size(odd))]
                                                : random_());
  }

  void change(byte_vector& x, const inputs& seeds) {
    auto at = static_cast<std::ptrdiff_t>(below(x.size() + 1));
    auto& other = seeds[below(seeds.size())];
    switch (below(6)) {
    case 0:
      x.insert(x.begin() + at, 1 + below(3), odd_byte());
      break;
    case 1: // the head of one, the tail of another
      x.resize(static_cast<std::size_t>(at));
      x.insert(x.end(),
               other.begin() + static_cast<std::ptrdiff_t>(below(other.size())),
               other.end());
      break;
    case 2:
      x.erase(x.begin() + at,
              x.begin() + at
                + static_cast<std::ptrdiff_t>(
                  below(std::min<std::size_t>(8, x.size() - at + 1))));
      break;
    default:
      if (!x.empty())
        x[below(x.size())] = odd_byte();
    }
  }

  std::mt19937 random_;
};

} // namespace jindou::fuzz
