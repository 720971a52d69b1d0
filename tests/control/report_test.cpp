// SPDX-License-Identifier: GPL-2.0-or-later
// Whole state in, whole document out, and the same document as a person sees it. expected/NAME.json is also held
// to docs/schema by schema_test.py.
#include "viaduct-gateway/report.hpp"

#include "control/sample.hpp"
#include "gateway/render.hpp"
#include "support/golden.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <set>
#include <string>

namespace viaduct::gateway {
namespace {

using client::Json;
const std::filesystem::path kExpected = std::filesystem::path(VIADUCT_SOURCE_DIR) / "tests/control/expected";

void expect(const std::string& name, const std::string& text) {
  test::expect_file(kExpected / name, text, VIADUCT_BINARY_DIR);
}

/// One line; the golden is the same JSON, indented for those who read it.
Json expect_document(const std::string& name, const std::string& document) {
  EXPECT_EQ(document.find('\n'), document.size() - 1) << "a reply is one line";
  Json json = Json::parse(document);
  expect(name + ".json", json.dump(2) + "\n");
  return json;
}

TEST(Report, Status) {
  SampleSource source;
  Json json = expect_document("status", status_document(source.status(), source.view()));
  expect("status.txt", client::render_status(json, {}));
}

TEST(Report, StatusInModeOff) {
  SampleSource source;
  StatusReport status = source.status();
  status.queue.reset();
  status.qos.reset();
  status.wans = {{"eth0", {}, 1500}};
  status.warnings.clear();
  source.policy.mode = alg::Mode::off;
  Json json = expect_document("status-off", status_document(status, source.view()));
  expect("status-off.txt", client::render_status(json, {}));
}

TEST(Report, Calls) {
  SampleSource source;
  Json json = expect_document("calls", calls_document(source.view(), {}));
  expect("calls.txt", client::render_calls(json, {}));
  expect("calls-colours.txt", client::render_calls(json, client::Style::terminal()));
}

TEST(Report, Registrations) {
  SampleSource source;
  Json json = expect_document("registrations", registrations_document(source.view(), {}));
  expect("registrations.txt", client::render_registrations(json, {}));
}

TEST(Report, WhyOfAnEditedCall) {
  SampleSource source;
  Json json = expect_document("why", why_document(source.view(), "3848276298220188511@192.168.1.21"));
  expect("why.txt", client::render_why(json, {}));
}

TEST(Report, WhyOfARegistrationThatWasLeftAlone) {
  SampleSource source;
  Json json = expect_document("why-registration", why_document(source.view(), "alice@sip.example.net"));
  expect("why-registration.txt", client::render_why(json, {}));
}

TEST(Report, WhyOfACallThatWasNotFollowed) {
  SampleSource source;
  Json json = expect_document("why-passed", why_document(source.view(), "busy@192.168.1.22"));
  expect("why-passed.txt", client::render_why(json, {}));
  EXPECT_EQ(Json::parse(why_document(source.view(), "carol@sip.example.net"))["passed"].size(), 1U)
      << "a REGISTER is found by its address of record";
  EXPECT_EQ(Json::parse(why_document(source.view(), ""))["passed"].size(), 0U);
}

TEST(Report, Recent) {
  SampleSource source;
  Json json = expect_document("recent", recent_document(source.view(), {}));
  expect("recent.txt", client::render_recent(json, {}));
  Json none = Json::parse(R"({"format":"gateway-recent/1","passed":[],"next":null})");
  EXPECT_EQ(client::render_recent(none, {}), "nothing passed without being followed\n");
}

TEST(Report, RecentPagesHaveEveryRowOnce) {
  SampleSource source;
  Page page{"", 3};
  Json rows = Json::array();
  for (int pages = 0; pages < 10; ++pages) {
    Json json = Json::parse(recent_document(source.view(), page));
    EXPECT_LE(json["passed"].size(), 3U);
    for (const Json& row : json["passed"]) rows.push_back(row);
    if (json["next"].is_null()) break;
    page.after = json["next"].get<std::string>();
  }
  EXPECT_EQ(rows, Json::parse(recent_document(source.view(), {}))["passed"]);
}

TEST(Report, WhyOfNothing) {
  SampleSource source;
  Json json = expect_document("why-unknown", why_document(source.view(), "nobody"));
  EXPECT_EQ(client::render_why(json, {}), "");
}

TEST(Report, Memory) {
  SampleSource source;
  Json json = expect_document("memory", memory_document(source.view(), {}));
  expect("memory.txt", client::render_memory(json, {}));
}

TEST(Report, Reload) {
  Json taken = expect_document("reload", reload_document({true, "", {"queue.number", "paths.socket"}}));
  expect("reload.txt", client::render_reload(taken, {}));
  Json refused = expect_document(
      "reload-refused", reload_document({false, "gateway.toml:1:1: unknown key 'mdoe'\n    mdoe = 1\n    ^~~~\n", {}}));
  expect("reload-refused.txt", client::render_reload(refused, {}));
  Json half = expect_document("reload-half", reload_document({true, "the kernel did not take the new rules", {}}));
  expect("reload-half.txt", client::render_reload(half, {}));
}

TEST(Report, Events) {
  SampleSource source;
  source.state.for_each([&](const alg::Association& about) {
    if (about.kind != alg::AssociationKind::call) return;
    std::string name = about.decided.mode == alg::Mode::assist ? "event" : "event-hostile";
    Json json = expect_document(name, event_document(about, about.events.at(name == "event" ? 1 : 0), source.view()));
    expect(name + ".txt", client::render_event(json, {}));
  });
  Json notice = expect_document("notice", notice_document("warning", "WAN eth0 has a new address", source.view()));
  expect("notice.txt", client::render_event(notice, {}));
}

TEST(Report, Metrics) {
  SampleSource source;
  expect("metrics.txt", metrics_text(source.status(), source.view()));
  Json json = expect_document("metrics", metrics_document(source.status(), source.view()));
  EXPECT_EQ(json["metrics"], metrics_text(source.status(), source.view()));
}

TEST(Report, Error) {
  (void)expect_document("error", error_document("unknown_command", "there is no command 'x'"));
}

TEST(Report, PagesHaveEveryRowOnce) {
  SampleSource source;
  source.add_calls(1000);
  std::set<std::uint64_t> seen;
  Page page{"", 7};
  for (int pages = 0; pages < 1000; ++pages) {
    Json json = Json::parse(calls_document(source.view(), page));
    EXPECT_LE(json["calls"].size(), 7U);
    for (const Json& row : json["calls"]) EXPECT_TRUE(seen.insert(row["id"].get<std::uint64_t>()).second);
    if (json["next"].is_null()) break;
    page.after = json["next"].get<std::string>();
  }
  EXPECT_EQ(seen.size(), 1002U);
}

TEST(Report, MemoryPagesHaveEveryEntryOnce) {
  SampleSource source;
  for (std::uint32_t i = 0; i < 500; ++i)
    for (alg::Aspect aspect : {alg::Aspect::contact, alg::Aspect::sdp})
      EXPECT_TRUE(source.set_handles(net::Address::ipv4(0x0a000000 + i), aspect, i % 2 == 0));
  std::set<std::string> seen;
  std::size_t configured = 0;
  Page page{"", 33};
  for (int pages = 0; pages < 1000; ++pages) {
    Json json = Json::parse(memory_document(source.view(), page));
    configured += json["configured"].size();
    for (const Json& row : json["learnt"])
      EXPECT_TRUE(seen.insert(row["party"].get<std::string>() + row["aspect"].get<std::string>()).second);
    if (json["next"].is_null()) break;
    page.after = json["next"].get<std::string>();
  }
  EXPECT_EQ(seen.size(), 1003U);
  EXPECT_EQ(configured, 2U) << "on the first page only";
}

TEST(Render, SurvivesDocumentsOfAnotherVersion) {
  using Render = std::function<std::string(const Json&, const client::Style&)>;
  const std::vector<Render> renders = {client::render_status, client::render_calls,  client::render_registrations,
                                       client::render_why,    client::render_memory, client::render_reload,
                                       client::render_event,  client::render_recent};
  const std::vector<std::string> documents = {
      "{}",
      R"({"calls":[{}],"registrations":[{}],"associations":[{}],"passed":[{}],"learnt":[{}],"wans":[{}],"queue":{},"qos":{}})",
      R"({"calls":[1,"x",null],"associations":[[]],"passed":[[],3],"learnt":[null],"wans":["x"],"now":3,"counters":[1],"warnings":[{}]})",
      R"({"calls":{},"queue":5,"qos":"x","format":3,"time":null,"taken":"yes","problem":{},"needs_restart":5})"};
  for (const Render& render : renders)
    for (const std::string& document : documents) EXPECT_NO_THROW((void)render(Json::parse(document), {})) << document;
}

TEST(Render, DurationsAndSizes) {
  EXPECT_EQ(client::duration_text(-3), "0 s");
  EXPECT_EQ(client::duration_text(59.9), "59 s");
  EXPECT_EQ(client::duration_text(60), "1 min");
  EXPECT_EQ(client::duration_text(3725), "1 h 2 min");
  EXPECT_EQ(client::duration_text(86400 * 2 + 4 * 3600 + 59), "2 d 4 h");
  EXPECT_EQ(client::size_text(12345678), "12.3 MB");
}

}  // namespace
}  // namespace viaduct::gateway
