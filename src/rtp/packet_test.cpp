// SPDX-License-Identifier: GPL-2.0-or-later
#include "rtp/packet.hpp"

#include "rtp/talk_test.hpp"

#include <gtest/gtest.h>

namespace viaduct::rtp::test {
namespace {

const std::string kRest = be16(513) + be32(160) + be32(0xcafe);

std::string text_of(const std::string& octets, std::size_t length) {
  const auto packet = parse_packet(octets, length);
  if (!packet) return "problem " + std::to_string(static_cast<int>(packet.error().code));
  return "type " + std::to_string(packet->payload_type) + (packet->marker ? " marker" : "") + " number " +
         std::to_string(packet->sequence) + " time " + std::to_string(packet->timestamp) + " ssrc " +
         std::to_string(packet->ssrc) + " sources " + std::to_string(packet->source_count) + " extension " +
         std::to_string(static_cast<int>(packet->extension)) + " [" + std::string(packet->extension_data.of(octets)) +
         "] payload [" + std::string(packet->payload.of(octets)) + "] of " + std::to_string(packet->payload_length);
}
std::string text_of(const std::string& octets) {
  return text_of(octets, octets.size());
}
std::string problem(PacketProblem code) {
  return "problem " + std::to_string(static_cast<int>(code));
}

TEST(Packet, IsAHeaderAndItsPayload) {
  EXPECT_EQ(text_of("\x80\x88" + kRest + "voice"),
            "type 8 marker number 513 time 160 ssrc 51966 sources 0 extension 0 [] payload [voice] of 5");
  EXPECT_EQ(text_of("\x82\x08" + kRest + "onesother" + "voice").substr(0, 70),
            "type 8 number 513 time 160 ssrc 51966 sources 2 extension 0 [] payload");
  EXPECT_EQ(text_of("\x90\x08" + kRest + be16(0xbede) + be16(1) + "ext!" + "voice"),
            "type 8 number 513 time 160 ssrc 51966 sources 0 extension 1 [ext!] payload [voice] of 5");
  EXPECT_EQ(text_of("\x90\x08" + kRest + be16(0x1003) + be16(0)),
            "type 8 number 513 time 160 ssrc 51966 sources 0 extension 2 [] payload [] of 0");
}

TEST(Packet, TakesPaddingOffIfItFits) {
  EXPECT_EQ(text_of("\xa0\x08" + kRest + "voice" + std::string("\0\0\3", 3)),
            "type 8 number 513 time 160 ssrc 51966 sources 0 extension 0 [] payload [voice] of 5");
  EXPECT_EQ(text_of("\xa0\x08" + kRest + "voice\x09"),
            "type 8 number 513 time 160 ssrc 51966 sources 0 extension 0 [] payload [voice\x09] of 6");
}

TEST(Packet, KnowsHowLongItWasOnTheWire) {
  EXPECT_EQ(text_of("\xa0\x08" + kRest + "voi", 172),
            "type 8 number 513 time 160 ssrc 51966 sources 0 extension 0 [] payload [voi] of 160");
}

TEST(Packet, ThatDoesNotFitSaysWhy) {
  using enum PacketProblem;
  EXPECT_EQ(text_of(""), problem(too_short));
  EXPECT_EQ(text_of("\x80\x08" + kRest.substr(1)), problem(too_short));
  EXPECT_EQ(text_of("\x40\x08" + kRest), problem(other_version));
  EXPECT_EQ(text_of("\x8f\x08" + kRest + "few"), problem(sources));
  EXPECT_EQ(text_of("\x90\x08" + kRest + "few"), problem(extension));
  EXPECT_EQ(text_of("\x90\x08" + kRest + be16(0xbede) + be16(2) + "four"), problem(extension));
  EXPECT_EQ(text_of("\x90\x08" + kRest + be16(0xbede) + be16(2) + "four", 172), problem(cut));
  EXPECT_EQ(text_of("\x80\x08", 172), problem(cut));
}

std::string elements_of(std::uint16_t profile, std::string data) {
  data.resize((data.size() + 3) / 4 * 4);
  const std::string octets = "\x90\x08" + kRest + be16(profile) + be16(data.size() / 4) + data + "voice";
  const auto packet = parse_packet(octets);
  std::string text;
  ExtensionWalk walk(octets, *packet);
  while (const std::optional<ExtensionElement> element = walk.next())
    text += std::to_string(element->id) + "=" + std::string(element->data.of(octets)) + " ";
  return text;
}

TEST(Packet, HasExtensionElementsOfBothForms) {
  EXPECT_EQ(elements_of(0xbede, std::string("\x10\x61\0\x22xyz", 7)), "1=a 2=xyz ");
  EXPECT_EQ(elements_of(0xbede, "\x11xy\xf0\x10z"), "1=xy ");
  EXPECT_EQ(elements_of(0x1000, std::string("\x01\0\x07\x02xy", 6)), "1= 7=xy ");
  EXPECT_EQ(elements_of(0xbede,
                        "\x1f"
                        "abc"),
            "");
  EXPECT_EQ(elements_of(0x1000, "\x07\x09xy"), "");
  EXPECT_EQ(elements_of(0x4711, "abcd"), "");
}

}  // namespace
}  // namespace viaduct::rtp::test
