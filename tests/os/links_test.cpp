// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/links.hpp"

#include "lab.hpp"

#include <poll.h>

#include <algorithm>

namespace viaduct::os {
namespace {

class LinksTest : public RouterTest {
 protected:
  void SetUp() override {
    RouterTest::SetUp();
    if (HasFatalFailure()) return;
    router_->in([this] {
      const Result<std::vector<Interface>> all = list_interfaces();
      ASSERT_TRUE(all) << all.error().to_text();
      for (const Interface& i : *all) (i.name == "wan0" ? wan_ : i.name == "lan0" ? lan_ : lo_) = i;
      Result<LinkMonitor> opened = LinkMonitor::open();
      ASSERT_TRUE(opened) << opened.error().to_text();
      monitor_.emplace(std::move(*opened));
    });
  }

  // Events until `wanted` has come; nullopt after two seconds.
  std::optional<LinkEvent> wait_for(LinkEventKind wanted) {
    std::vector<LinkEvent> events;
    pollfd polled{monitor_->fd(), POLLIN, 0};
    while (::poll(&polled, 1, 2000) == 1) {
      EXPECT_TRUE(monitor_->read(events));
      for (const LinkEvent& e : events)
        if (e.kind == wanted) return e;
    }
    return std::nullopt;
  }

  Interface wan_;
  Interface lan_;
  Interface lo_;
  std::optional<LinkMonitor> monitor_;
};

TEST_F(LinksTest, ListsInterfaces) {
  EXPECT_EQ(wan_.name, "wan0");
  EXPECT_EQ(wan_.kind, "veth");
  EXPECT_EQ(wan_.mtu, 1500U);
  EXPECT_TRUE(wan_.up && wan_.carrier && !wan_.loopback);
  EXPECT_EQ(wan_.bridge, 0U);
  EXPECT_TRUE(lo_.loopback);
  EXPECT_NE(lan_.index, wan_.index);
}

TEST_F(LinksTest, ListsAddresses) {
  router_->in([this] {
    const Result<std::vector<InterfaceAddress>> all = list_addresses();
    ASSERT_TRUE(all);
    const InterfaceAddress four{wan_.index, *net::parse_address("203.0.113.1"), 24, true, false};
    const InterfaceAddress six{lan_.index, *net::parse_address("fd00:1::1"), 64, true, false};
    EXPECT_EQ(std::count(all->begin(), all->end(), four), 1);
    EXPECT_EQ(std::count(all->begin(), all->end(), six), 1);
  });
}

TEST_F(LinksTest, DefaultRoutesBestFirst) {
  router_->sh("ip route add default via 203.0.113.2 metric 200");
  router_->sh("ip route add default via 10.0.0.2 metric 100");
  router_->sh("ip route add default via 203.0.113.2 table 77");
  router_->in([this] {
    const Result<std::vector<DefaultRoute>> routes = list_default_routes();
    ASSERT_TRUE(routes);
    ASSERT_EQ(routes->size(), 3U);
    EXPECT_EQ((*routes)[0].interface, lan_.index);
    EXPECT_EQ((*routes)[0].gateway.to_text(), "10.0.0.2");
    EXPECT_EQ((*routes)[0].metric, 100U);
    EXPECT_EQ((*routes)[1].interface, wan_.index);
    EXPECT_EQ((*routes)[2].table, 77U);
    const Result<Route> route = route_to(*net::parse_address("198.51.100.7"));
    ASSERT_TRUE(route);
    EXPECT_EQ(route->interface, lan_.index);
    EXPECT_EQ(route->source.to_text(), "10.0.0.1");
    EXPECT_EQ(route->gateway.to_text(), "10.0.0.2");
    EXPECT_TRUE(route_to(*net::parse_address("203.0.113.1")).value().local);
    EXPECT_EQ(route_to(*net::parse_address("2001:db8::1")).error().code, Problem::not_found);
  });
}

TEST_F(LinksTest, TwoNextHopsAreTwoRoutes) {
  router_->sh("ip route add default nexthop via 203.0.113.2 dev wan0 weight 1 nexthop via 10.0.0.2 dev lan0 weight 1");
  router_->in([this] {
    const Result<std::vector<DefaultRoute>> routes = list_default_routes();
    ASSERT_EQ(routes->size(), 2U);
    EXPECT_EQ((*routes)[0].interface, std::min(lan_.index, wan_.index));
    EXPECT_EQ((*routes)[1].interface, std::max(lan_.index, wan_.index));
    EXPECT_EQ((*routes)[lan_.index < wan_.index ? 1 : 0].gateway.to_text(), "203.0.113.2");
  });
}

TEST_F(LinksTest, MonitorSeesTheWanAddressChange) {
  router_->sh("ip addr del 203.0.113.1/24 dev wan0");
  std::optional<LinkEvent> event = wait_for(LinkEventKind::address_removed);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->address.interface, wan_.index);
  EXPECT_EQ(event->address.address.to_text(), "203.0.113.1");
  router_->sh("ip addr add 203.0.113.77/24 dev wan0");
  event = wait_for(LinkEventKind::address_added);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->address, (InterfaceAddress{wan_.index, *net::parse_address("203.0.113.77"), 24, true, false}));
}

TEST_F(LinksTest, MonitorSeesRoutesAndLinks) {
  router_->sh("ip route add default via 203.0.113.2");
  std::optional<LinkEvent> event = wait_for(LinkEventKind::default_route_changed);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->address.interface, wan_.index);
  router_->sh("ip link set wan0 down");
  event = wait_for(LinkEventKind::link_changed);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->interface.name, "wan0");
  EXPECT_FALSE(event->interface.up);
  router_->sh("ip link del wan0");
  event = wait_for(LinkEventKind::link_removed);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->interface.name, "wan0");
  std::vector<LinkEvent> none;
  ASSERT_TRUE(monitor_->read(none));
  ASSERT_TRUE(monitor_->read(none));
}

}  // namespace
}  // namespace viaduct::os
