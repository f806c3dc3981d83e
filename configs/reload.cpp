#include "configs/reload.hpp"

#include "configs/option_table.hpp"
#include "configs/value.hpp"

#include <utility>

namespace jindou::configs {

std::vector<changed_option> changes(const options& running,
                                    const options& fresh) {
  std::vector<changed_option> res;
  for (auto& x : option_table()) {
    auto before = render(x, running);
    auto after = render(x, fresh);
    if (before != after)
      res.push_back(
        {full_name(x), std::move(before), std::move(after), x.live});
  }
  return res;
}

options taken_over(const options& running, const options& fresh) {
  auto res = running;
  auto from = fresh;
  for (auto& x : option_table()) {
    if (!x.live)
      continue;
    std::visit(
      [&](auto* to) {
        *to = *std::get<std::remove_cvref_t<decltype(to)>>(x.place(from));
      },
      x.place(res));
  }
  return res;
}

} // namespace jindou::configs
