#include "actors/http/json_body.hpp"
#include "messages/limits.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>

using namespace jindou;
using namespace jindou::actors::http;

namespace {

std::string repeated(std::string_view x, std::size_t n) {
  std::string out;
  for (std::size_t i = 0; i < n; ++i)
    out += x;
  return out;
}

/// Reads one field `a` of `body` and returns the fault, or nothing.
template <class F>
std::string fault_of(std::string_view body, F read) {
  nlohmann::json storage;
  auto fields = json_fields::of(body, storage);
  read(fields);
  return fields.error().text;
}

void read_number(json_fields& x) {
  x.number("a", 0, 255);
}

void read_name(json_fields& x) {
  x.name("a");
}

void read_names(json_fields& x) {
  x.names("a");
}

void read_bytes(json_fields& x) {
  x.bytes("a", 100);
}

} // namespace

TEST(json_body_test, reads_fields_of_every_kind) {
  nlohmann::json storage;
  auto x = json_fields::of(
    R"({"t":"text","n":7,"f":1,"g":2,"l":["a"," ","b",null],"p":"AQI=",)"
    R"("o":{"i":-3}})",
    storage);
  EXPECT_EQ(x.text("t", 10), "text");
  EXPECT_EQ(x.number("n", 0, 255), 7);
  EXPECT_TRUE(x.flag("f"));
  EXPECT_FALSE(x.flag("g"));
  EXPECT_EQ(x.names("l"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(x.bytes("p", 2), "\x01\x02");
  EXPECT_EQ(x.object("o").number("i", -10, 10), -3);
  EXPECT_EQ(x.object("none").number("i", -10, 10), 0);
  EXPECT_TRUE(x.good()) << x.error().text;
}

TEST(json_body_test, takes_names_of_fields_without_regard_to_case) {
  nlohmann::json storage;
  auto x
    = json_fields::of(R"({"UID":"a","Uid":"b","CHANNEL_Id":"c"})", storage);
  EXPECT_EQ(x.name("uid"), "b");
  EXPECT_EQ(x.name("channel_id"), "c");
}

TEST(json_body_test, takes_null_for_absent) {
  nlohmann::json storage;
  auto x = json_fields::of(R"({"a":null,"b":1,"B":null,"l":null,"o":null})",
                           storage);
  EXPECT_EQ(x.name("a"), "");
  EXPECT_EQ(x.number("a", 1, 2), 0);
  EXPECT_EQ(x.number("b", 0, 2), 1);
  EXPECT_TRUE(x.names("l").empty());
  EXPECT_EQ(x.object("o").name("x"), "");
  EXPECT_TRUE(x.good());
  EXPECT_EQ(fault_of("null", read_number), "");
}

TEST(json_body_test, refuses_what_is_not_json) {
  for (auto body :
       {"", " ", "{", "{]", R"({"a":1)", R"({"a":1}x)", "{'a':1}",
        R"({"a":01})", R"({"a":1,})", "nul", "\xff", "{\"a\":\"\xff\"}",
        "{\"a\":\"\x01\"}", "[1", "\"", R"({"a":"\ud800"})", "NaN", "// x\n1"})
    EXPECT_NE(fault_of(body, read_name), "") << body;
}

TEST(json_body_test, refuses_bodies_that_are_no_object) {
  for (auto body : {"[]", "1", R"("a")", "true"})
    EXPECT_NE(fault_of(body, read_name), "") << body;
}

TEST(json_body_test, refuses_deep_nesting) {
  auto nested = [](std::size_t n) {
    return R"({"a":1,"b":)" + repeated("[", n) + repeated("]", n) + "}";
  };
  EXPECT_EQ(fault_of(nested(15), read_number), "");
  EXPECT_NE(fault_of(nested(16), read_number), "");
  EXPECT_NE(fault_of(repeated("[", 1'000'000), read_number), "");
  EXPECT_NE(fault_of(repeated(R"({"a":)", 1'000'000), read_number), "");
}

TEST(json_body_test, refuses_too_many_values) {
  EXPECT_TRUE(parse_json("[" + repeated("1,", 249'998) + "1]"));
  EXPECT_FALSE(parse_json("[" + repeated("1,", 249'999) + "1]"));
}

TEST(json_body_test, refuses_numbers_that_are_none_or_out_of_range) {
  for (auto value : {"\"1\"", "1.5", "1.0", "1e2", "true", "[]", "{}", "256",
                     "-1", "18446744073709551615", "9223372036854775808",
                     "99999999999999999999999"})
    EXPECT_NE(fault_of(R"({"a":)" + std::string{value} + "}", read_number), "")
      << value;
  for (auto value : {"0", "255", "-0"})
    EXPECT_EQ(fault_of(R"({"a":)" + std::string{value} + "}", read_number), "")
      << value;
}

TEST(json_body_test, refuses_names_that_cannot_be_stored) {
  auto body = [](std::string_view text) {
    return R"({"a":")" + std::string{text} + "\"}";
  };
  auto longest = repeated("x", limits::name_bytes_max);
  EXPECT_EQ(fault_of(body(longest), read_name), "");
  EXPECT_NE(fault_of(body(longest + "x"), read_name), "");
  EXPECT_NE(fault_of(body("a\\u0000b"), read_name), "");
  EXPECT_NE(fault_of(R"({"a":1})", read_name), "");
  EXPECT_NE(fault_of(R"({"a":["x"]})", read_name), "");
}

TEST(json_body_test, refuses_lists_with_anything_but_names) {
  for (auto list :
       {R"("x")", "1", "{}", "[1]", R"([["x"]])", R"(["a\u0000"])", "[true]"})
    EXPECT_NE(fault_of(R"({"a":)" + std::string{list} + "}", read_names), "")
      << list;
}

TEST(json_body_test, refuses_bytes_that_are_not_base64) {
  for (auto text : {"*", "A", "AAA", "AAAA=", "====", "AA=A", "AQI"})
    EXPECT_NE(fault_of(R"({"a":")" + std::string{text} + "\"}", read_bytes), "")
      << text;
  EXPECT_EQ(fault_of(R"({"a":"AQ\r\nI="})", read_bytes), "");
  EXPECT_NE(fault_of(R"({"a":")" + repeated("AAAA", 34) + "\"}", read_bytes),
            "");
}

TEST(json_body_test, keeps_the_first_fault) {
  nlohmann::json storage;
  auto x = json_fields::of(R"({"a":"x","b":"y"})", storage);
  x.number("a", 0, 1);
  x.number("b", 0, 1);
  EXPECT_EQ(x.error().text, "field a must be a whole number");
  EXPECT_EQ(x.name("b"), "");
}
