// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/request.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace viaduct::gateway {
namespace {

TEST(Request, EachCommandIsRead) {
  struct Case {
    const char* text;
    ControlCommand command;
  };
  const std::vector<Case> cases = {
      {R"({"command":"status"})", ControlCommand::status},
      {R"({"command":"calls"})", ControlCommand::calls},
      {R"({"command":"registrations","after":"17"})", ControlCommand::registrations},
      {R"({"command":"why","name":"a@b"})", ControlCommand::why},
      {R"({"command":"recent","after":"3","limit":9})", ControlCommand::recent},
      {R"({"command":"memory"})", ControlCommand::memory},
      {R"({"command":"memory_set","party":"192.0.2.1","aspect":"sdp","handles":true})", ControlCommand::memory_set},
      {R"({"command":"memory_forget","party":"2001:db8::1"})", ControlCommand::memory_forget},
      {R"({"command":"watch"})", ControlCommand::watch},
      {R"({"command":"metrics"})", ControlCommand::metrics},
      {R"({"command":"reload"})", ControlCommand::reload},
  };
  for (const Case& c : cases) {
    std::expected<ControlRequest, RequestProblem> request = parse_request(c.text);
    ASSERT_TRUE(request) << c.text << ": " << request.error().text;
    EXPECT_EQ(request->command, c.command) << c.text;
  }
}

TEST(Request, FieldsArrive) {
  ControlRequest page = *parse_request(R"({"limit":7,"command":"calls","after":"17"})");
  EXPECT_EQ(page.page.after, "17");
  EXPECT_EQ(page.page.limit, 7U);
  ControlRequest set = *parse_request(R"({"command":"memory_set","party":"192.0.2.1","aspect":"sdp","handles":true})");
  EXPECT_EQ(set.party.to_text(), "192.0.2.1");
  EXPECT_EQ(set.aspect, alg::Aspect::sdp);
  EXPECT_TRUE(set.handles);
  EXPECT_EQ(parse_request(R"({"command":"why","name":"\u00e4@b"})")->name, "ä@b");
}

TEST(Request, ProblemsAreNamed) {
  struct Case {
    std::string text;
    std::string code;
    std::string said;
  };
  const std::vector<Case> cases = {
      {"", "no_json", "a request is one JSON object in one line"},
      {"status", "no_json", "a request is one JSON object in one line"},
      {"[]", "no_json", "a request is one JSON object in one line"},
      {R"({"command":"status"} x)", "no_json", "a request is one JSON object in one line"},
      {std::string(2000, '['), "no_json", "a request is one JSON object in one line"},
      {"{\"command\":\"\xff\"}", "no_json", "a request is one JSON object in one line"},
      {"{}", "no_command", "the request has no \"command\""},
      {R"({"command":1})", "no_command", "the request has no \"command\""},
      {R"({"command":"stats"})", "unknown_command", "there is no command 'stats'"},
      {R"({"command":"status","verbose":true})", "unknown_field", "'status' has no field 'verbose'"},
      {R"({"command":"status","":1})", "unknown_field", "'status' has no field ''"},
      {R"({"command":"why"})", "missing_field", "'why' needs 'name'"},
      {R"({"command":"why","name":1})", "wrong_value", "'name' must be a string"},
      {R"({"command":"calls","limit":0})", "wrong_value", "'limit' must be 1 to 200"},
      {R"({"command":"calls","limit":201})", "wrong_value", "'limit' must be 1 to 200"},
      {R"({"command":"calls","limit":-1})", "wrong_value", "'limit' must be 1 to 200"},
      {R"({"command":"memory_forget","party":"x"})", "wrong_value", "'party' must be an address"},
      {R"({"command":"memory_set","party":"192.0.2.1","aspect":"via","handles":true})", "wrong_value",
       "'aspect' must be \"contact\" or \"sdp\""},
      {R"({"command":"memory_set","party":"192.0.2.1","aspect":"sdp","handles":"auto"})", "wrong_value",
       "'handles' must be true or false"},
      {R"({"command":"why","name":")" + std::string(5000, 'x') + "\"}", "too_long",
       "a request has at most 4096 octets"},
  };
  for (const Case& c : cases) {
    std::expected<ControlRequest, RequestProblem> request = parse_request(c.text);
    ASSERT_FALSE(request) << c.text;
    EXPECT_EQ(request.error().code, c.code) << c.text;
    EXPECT_EQ(request.error().text, c.said) << c.text;
  }
}

}  // namespace
}  // namespace viaduct::gateway
