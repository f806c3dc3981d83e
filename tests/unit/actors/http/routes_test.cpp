#include "actors/http/routes.hpp"
#include "tests/unit/actors/http/http_fixture.hpp"

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <utility>

using namespace jindou;
using namespace jindou::actors::http;
using namespace jindou::actors::http::test;

namespace {

class routes_test : public http_fixture {
protected:
  /// A folder with a page, removed at the end.
  void write_page() {
    folder = std::filesystem::path{testing::TempDir()}
             / ("jindou_demo_" + std::to_string(getpid()));
    std::filesystem::create_directories(folder / "sub");
    std::ofstream{folder / "index.html"} << "<p>page</p>";
    std::ofstream{folder / "app.js"} << "run()";
    std::ofstream{folder / "secret.conf"} << "password";
    std::ofstream{folder / "sub" / "deep.js"} << "deep()";
    options.demo_folder = folder;
  }

  ~routes_test() override {
    if (!folder.empty())
      std::filesystem::remove_all(folder);
  }

  response without_token(std::string_view method, std::string_view target) {
    return raw(text(method, target, "", ""));
  }

  std::filesystem::path folder;
};

} // namespace

TEST_F(routes_test, lists_every_endpoint_once) {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const auto& x : routes()) {
    EXPECT_TRUE(seen.emplace(x.method, x.path).second) << x.path;
    EXPECT_NE(x.handler, nullptr) << x.path;
  }
}

TEST_F(routes_test, asks_for_the_token_everywhere_but_where_it_is_open) {
  std::set<std::string_view> open{"/health", "/healthz", "/readyz", "/route"};
  for (const auto& x : routes()) {
    auto got = without_token(x.method, x.path); // the other port has /backup
    EXPECT_EQ(got.status == 401, !open.contains(x.path)) << x.path;
    if (got.status == 401) {
      EXPECT_EQ(got.body, "");
    }
  }
  EXPECT_EQ(without_token("GET", "/nowhere").status, 401u);
  EXPECT_EQ(without_token("OPTIONS", "/channel").status, 401u);
}

TEST_F(routes_test, refuses_a_token_that_differs) {
  for (auto token : {"secre", "secret1", "Secret", "", "x"}) {
    auto fields = "token: " + std::string{token} + "\r\n";
    EXPECT_EQ(raw(text("POST", "/route/batch", "[]", fields)).status, 401u)
      << token;
  }
  EXPECT_EQ(post("/route/batch", "[]").status, 200u);
}

TEST_F(routes_test, asks_nobody_if_there_is_no_manager_token) {
  options.manager_token.clear();
  EXPECT_EQ(raw(text("POST", "/route/batch", "[]", "")).status, 200u);
}

TEST_F(routes_test, answers_unknown_paths_and_methods_with_404) {
  EXPECT_EQ(get("/nowhere").status, 404u);
  EXPECT_EQ(get("/nowhere").body, "404 page not found");
  EXPECT_EQ(get("/route/batch").status, 404u);
  EXPECT_EQ(get("/health/").status, 404u);
  EXPECT_EQ(get("//health").status, 404u);
  EXPECT_EQ(get("/HEALTH").status, 404u);
}

TEST_F(routes_test, answers_a_preflight) {
  auto got = raw(text("OPTIONS", "/anything", ""));
  EXPECT_EQ(got.status, 204u);
  EXPECT_NE(got.head.find("Access-Control-Allow-Origin: *\r\n"),
            std::string::npos);
  EXPECT_NE(got.head.find("Access-Control-Allow-Credentials: true\r\n"),
            std::string::npos);
  EXPECT_NE(got.head.find("Access-Control-Allow-Methods: POST, OPTIONS, GET, "
                          "PUT, DELETE, PATCH\r\n"),
            std::string::npos);
}

TEST_F(routes_test, allows_other_origins_to_read_answers) {
  EXPECT_NE(get("/health").head.find("Access-Control-Allow-Origin: *"),
            std::string::npos);
  EXPECT_NE(get("/nowhere").head.find("Access-Control-Allow-Origin: *"),
            std::string::npos);
}

TEST_F(routes_test, says_whether_the_node_is_ready) {
  auto reason = std::make_shared<std::string>();
  options.node.ready = [reason] { return *reason; };
  options.node.healthy = options.node.ready;
  EXPECT_EQ(get("/readyz").status, 200u);
  EXPECT_EQ(get("/readyz").body, R"({"status":"ready"})");
  EXPECT_EQ(get("/health").body, R"({"status":"ok"})");
  *reason = "no_leader";
  EXPECT_EQ(get("/readyz").status, 503u);
  EXPECT_EQ(get("/readyz").body,
            R"({"status":"not ready","reason":"no_leader"})");
  EXPECT_EQ(get("/health").status, 500u);
  EXPECT_EQ(get("/health").body, R"({"status":"error","message":"no_leader"})");
  EXPECT_EQ(get("/healthz").status, 200u);
}

TEST_F(routes_test, calls_a_node_with_a_full_disk_healthy_but_not_ready) {
  options.node.ready = [] { return std::string{"disk-full"}; };
  options.node.healthy = [] { return std::string{}; };
  EXPECT_EQ(get("/readyz").status, 503u);
  EXPECT_EQ(get("/health").status, 200u);
}

TEST_F(routes_test, makes_backups_for_the_manager_on_the_monitor_port) {
  auto asked = std::make_shared<std::string>();
  options.node.begin_backup = [asked](const std::string& dir) {
    *asked = dir;
    return dir == "/full" ? "no room" : std::string{};
  };
  options.node.backup_state = [] { return std::string{R"({"state":"done"})"}; };
  auto ask = [this](std::string_view method, std::string_view body,
                    std::string_view token) {
    raw_client client{monitor()};
    client.write(
      text(method, "/backup", body, "token: " + std::string{token} + "\r\n"));
    return client.read();
  };
  EXPECT_EQ(ask("POST", R"({"dir":"/b"})", "wrong").status, 401u);
  EXPECT_EQ(ask("GET", "", "").status, 401u);
  EXPECT_EQ(*asked, "");
  EXPECT_EQ(ask("POST", R"({"dir":"/b"})", "secret").status, 200u);
  EXPECT_EQ(*asked, "/b");
  auto refused = ask("POST", R"({"dir":"/full"})", "secret");
  EXPECT_EQ(refused.status, 400u);
  EXPECT_EQ(refused.body, R"({"msg":"no room","status":400})");
  EXPECT_EQ(ask("POST", "{", "secret").status, 400u);
  EXPECT_EQ(ask("GET", "", "secret").body, R"({"state":"done"})");
  EXPECT_EQ(post("/backup", R"({"dir":"/b"})").status, 404u);
}

TEST_F(routes_test, tells_clients_where_to_connect) {
  options.addresses
    = {"1.2.3.4:5100", "ws://1.2.3.4:5200", "", "10.0.0.1:5100"};
  EXPECT_EQ(get("/route?uid=u1").body,
            R"({"tcp_addr":"1.2.3.4:5100","ws_addr":"ws://1.2.3.4:5200",)"
            R"("wss_addr":""})");
  EXPECT_EQ(get("/route?intranet=1").body,
            R"({"tcp_addr":"10.0.0.1:5100","ws_addr":"","wss_addr":""})");
  EXPECT_EQ(post("/route/batch", R"(["a","b"])").body,
            R"([{"tcp_addr":"1.2.3.4:5100","ws_addr":"ws://1.2.3.4:5200",)"
            R"("wss_addr":"","uids":["a","b"]}])");
  EXPECT_EQ(post("/route/batch", R"({"a":1})").status, 400u);
}

TEST_F(routes_test, serves_monitoring_without_token_on_its_own_port) {
  auto ask = [this](std::string_view target) {
    raw_client client{monitor()};
    client.write(text("GET", target, "", ""));
    return client.read();
  };
  EXPECT_EQ(ask("/healthz").status, 200u);
  EXPECT_EQ(ask("/readyz").status, 200u);
  EXPECT_EQ(ask("/metrics").status, 200u);
  EXPECT_EQ(ask("/health").status, 404u);
  EXPECT_EQ(ask("/route").status, 404u);
  EXPECT_EQ(ask("/demo").status, 404u);
}

TEST_F(routes_test, serves_no_demo_page_by_default) {
  EXPECT_EQ(get("/demo").status, 404u);
}

TEST_F(routes_test, serves_the_demo_page_without_token) {
  write_page();
  for (auto path : {"/demo", "/demo/", "/demo/index.html"}) {
    auto got = without_token("GET", path);
    EXPECT_EQ(got.status, 200u) << path;
    EXPECT_EQ(got.body, "<p>page</p>");
    EXPECT_NE(got.head.find("Content-Type: text/html; charset=utf-8\r\n"),
              std::string::npos);
  }
  EXPECT_NE(get("/demo/app.js").head.find("text/javascript"),
            std::string::npos);
}

TEST_F(routes_test, serves_nothing_beside_the_demo_page) {
  write_page();
  for (auto path :
       {"/demo/secret.conf", "/demo/sub/deep.js", "/demo/../secret.conf",
        "/demo/%2e%2e/secret.conf", "/demo//etc/passwd", "/demo/..", "/demo/.",
        "/demo/sub", "/demo/index.html/", "/demo/\\..\\x", "/demo/none.js"})
    EXPECT_EQ(get(path).status, 404u) << path;
  EXPECT_EQ(get("/demoX").status, 404u);
}
