// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/table_hash.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace viaduct::net {
namespace {

constexpr std::size_t kBuckets = 1031;

/// Whoever knows the hash chooses endpoints that all fall into one bucket.
std::vector<Endpoint> chosen() {
  std::vector<Endpoint> all;
  for (std::uint32_t host = 0; all.size() < 1000; ++host)
    for (std::uint16_t port = 1024; port < 2048; ++port)
      if (const Endpoint endpoint{Address::ipv4(0xc0000200U + host), port}; EndpointHash{}(endpoint) % kBuckets == 0)
        all.push_back(endpoint);
  return all;
}

TEST(TableHash, SpreadsWhatWasChosenToMeet) {
  std::vector<int> buckets(kBuckets);
  for (const Endpoint& endpoint : chosen()) ++buckets[TableHash{}(endpoint) % kBuckets];
  EXPECT_LT(*std::max_element(buckets.begin(), buckets.end()), 15);
}

TEST(TableHash, TellsFamiliesAndSidesApart) {
  const Endpoint four = *parse_endpoint("1.2.3.4:5");
  const Endpoint six = *parse_endpoint("[102:304::]:5");
  EXPECT_NE(TableHash{}(four), TableHash{}(six));
  EXPECT_NE(table_hash(four, six), table_hash(six, four));
  EXPECT_NE(table_hash(four, six), table_hash(four, six, 1));
}

}  // namespace
}  // namespace viaduct::net
