#include "configs/options.hpp"

#include "configs/address.hpp"

#include <array>
#include <utility>

namespace jindou::configs {

namespace {

using verdict = result<void, fault>;

fault about(std::string key, const std::string& text) {
  auto whole = key + " " + text;
  return {.key = std::move(key), .text = std::move(whole)};
}

verdict listens_at(const std::string& key, const std::string& text) {
  if (parse_address(text))
    return {};
  return about(key,
               "must be ip:port ([ip]:port for IPv6), not \"" + text + "\"");
}

/// An empty text is fine: that listener is off.
verdict may_listen_at(const std::string& key, const std::string& text) {
  return text.empty() ? verdict{} : listens_at(key, text);
}

verdict has_files_for_tls(const gateway_options& x) {
  if (x.tls_addr.empty() && x.wss_addr.empty())
    return {};
  if (x.tls_cert_file.empty())
    return about("gateway.tls-cert-file", "must be given for TLS");
  if (x.tls_key_file.empty())
    return about("gateway.tls-key-file", "must be given for TLS");
  return {};
}

/// Walks lazily: the first fault wins.
template <class... Checks>
verdict first_fault(Checks... checks) {
  verdict found;
  auto run = [&found](auto& check) {
    found = check();
    return static_cast<bool>(found);
  };
  static_cast<void>((run(checks) && ...));
  return found;
}

verdict distinct_listeners(const options& x) {
  const std::array<std::pair<const char*, const std::string*>, 6> all{{
    {"gateway.tcp-addr", &x.gateway.tcp_addr},
    {"gateway.ws-addr", &x.gateway.ws_addr},
    {"gateway.tls-addr", &x.gateway.tls_addr},
    {"gateway.wss-addr", &x.gateway.wss_addr},
    {"http.addr", &x.http.addr},
    {"monitor.addr", &x.monitor.addr},
  }};
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (*all[i].second == *all[j].second && !all[i].second->empty()
          && parse_address(*all[i].second)->port != 0)
        return about(all[i].first,
                     std::string{"must differ from "} + all[j].first);
  return {};
}

} // namespace

std::string to_string(const fault& x) {
  std::string out = x.file;
  if (!out.empty() && x.line > 0)
    out += ":" + std::to_string(x.line);
  return out.empty() ? x.text : out + ": " + x.text;
}

result<void, fault> validate(const node_options& x) {
  if (x.data_dir.empty())
    return about("node.data-dir", "must not be empty");
  return {};
}

result<void, fault> validate(const gateway_options& x) {
  if (auto tcp = listens_at("gateway.tcp-addr", x.tcp_addr); !tcp)
    return tcp;
  if (auto ws = listens_at("gateway.ws-addr", x.ws_addr); !ws)
    return ws;
  if (auto tls = may_listen_at("gateway.tls-addr", x.tls_addr); !tls)
    return tls;
  if (auto wss = may_listen_at("gateway.wss-addr", x.wss_addr); !wss)
    return wss;
  if (auto files = has_files_for_tls(x); !files)
    return files;
  if (x.first_frame_time > x.connect_timeout)
    return about("gateway.first-frame-time",
                 "must not be longer than gateway.connect-timeout");
  return {};
}

result<void, fault> validate(const http_options& x) {
  if (x.manager_uid.empty())
    return about("http.manager-uid", "must not be empty");
  return listens_at("http.addr", x.addr);
}

result<void, fault> validate(const monitor_options& x) {
  return listens_at("monitor.addr", x.addr);
}

result<void, fault> validate(const message_retry_options& x) {
  if (x.scan_interval > x.interval)
    return about("message-retry.scan-interval",
                 "must not be longer than message-retry.interval");
  return {};
}

result<void, fault> validate(const storage_options& x) {
  if ((x.dedupe_records & (x.dedupe_records - 1)) != 0)
    return about("storage.dedupe-records", "must be a power of two");
  if (x.cut_age > x.fold_age)
    return about("storage.cut-age", "must not be longer than storage.fold-age");
  return {};
}

result<void, fault> validate(const options& x) {
  return first_fault(
    [&] { return validate(x.node); }, [&] { return validate(x.gateway); },
    [&] { return validate(x.http); }, [&] { return validate(x.monitor); },
    [&] { return validate(x.message_retry); },
    [&] { return validate(x.storage); }, [&] { return distinct_listeners(x); });
}

} // namespace jindou::configs
