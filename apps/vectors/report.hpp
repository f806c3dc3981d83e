#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jindou::vectors {

/// What a check of vectors found: one item per vector.
class report {
public:
  /// A vector on which the codec, on purpose, does not do what is listed.
  struct deviation {
    std::string name;
    std::string why;
  };

  void begin(std::string name) {
    name_ = std::move(name);
    ++checked_;
    clean_ = true;
  }

  /// Notes a difference of the current item.
  void differs(std::string_view what) {
    if (std::exchange(clean_, false))
      ++differing_;
    differences_.push_back(name_ + ": " + std::string{what});
  }

  void expect(bool holds, std::string_view what) {
    if (!holds)
      differs(what);
  }

  void deviates(std::string_view why) {
    deviations_.push_back({name_, std::string{why}});
  }

  std::size_t checked() const {
    return checked_;
  }

  /// Number of items with at least one difference.
  std::size_t differing() const {
    return differing_;
  }

  /// One line per difference, "name: what".
  const std::vector<std::string>& differences() const {
    return differences_;
  }

  const std::vector<deviation>& deviations() const {
    return deviations_;
  }

private:
  std::string name_;
  std::size_t checked_ = 0;
  std::size_t differing_ = 0;
  bool clean_ = true;
  std::vector<std::string> differences_;
  std::vector<deviation> deviations_;
};

} // namespace jindou::vectors
