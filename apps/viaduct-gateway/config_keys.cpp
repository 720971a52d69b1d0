// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/config_keys.hpp"

#include "viaduct-gateway/config_value.hpp"

#include <array>

namespace viaduct::gateway {
namespace {

using Config = GatewayConfig;
using Value = ConfigValue;

constexpr std::size_t kLongestSocketPath = 107;  // sockaddr_un without the closing NUL
constexpr std::size_t kLongestPath = 4000;

constexpr base::Bytes kModeValues = R"("off", "observe", "pinhole" or "assist")";
constexpr base::Bytes kHandlesValues = R"("auto", true or false)";
constexpr base::Bytes kNetworkValues = R"(string: address, or network as "192.168.1.0/24" or "2001:db8::/32")";
constexpr base::Bytes kDscpValues = R"("ef", "va", "cs0" to "cs7", "af11" to "af43", or 0 to 63)";
constexpr base::Bytes kHandlesContact =
    "Whether this party finds the way back to a registered or dialled phone by itself, although the Contact names a "
    "private address. With true the gateway never edits Contact here, with false it does not spare it. "
    "\"auto\" uses what was learnt.";
constexpr base::Bytes kHandlesSdp =
    "The same for media: whether this party sends audio back to where it comes from, whatever the SDP says.";

constexpr std::array<ConfigSection, 11> kSections = {{
    {"", false, ""},
    {"wan", false, "The side towards the Internet."},
    {"inside", true, "One network behind the NAT, with a mode of its own."},
    {"platform", true,
     "One SIP platform: a provider, a hosted PBX. Name it by address or by domain (of the Request-URI or the To URI). "
     "It goes before [[inside]]."},
    {"endpoint", true, "One phone, or one network of like phones. It goes before [[platform]]."},
    {"media", false, "Mappings for RTP."},
    {"queue", false, "The kernel queue through which SIP (and nothing else) is read."},
    {"qos", false, "Priority for calls on the uplink."},
    {"limits", false,
     "Upper bounds against floods. Whatever is above one passes untouched, is counted, and 'viaduct gateway why' says "
     "so."},
    {"paths", false, "Files."},
    {"log", false, "What goes to the standard error output, hence to the journal of systemd."},
}};

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

template <class T, class Text>
std::string list(const std::vector<T>& values, Text text) {
  std::string out;
  for (const T& value : values) out += (out.empty() ? "" : ", ") + text(value);
  return "[" + out + "]";
}

const char* truth(bool value) {
  return value ? "true" : "false";
}

constexpr std::array kKeys = {
    ConfigKey{.section = "",
              .name = "mode",
              .values = kModeValues,
              .meaning =
                  "What the gateway may do. "
                  "\"off\": no SIP or RTP is read, only the UDP timers hold, and no other helper on the box reads SIP. "
                  "\"observe\": SIP is read, nothing above the IP header is changed. "
                  "\"pinhole\": also opens and holds the media ports of calls. "
                  "\"assist\": also edits those fields that pass the need test. "
                  "A change holds for new dialogs and registrations only.",
              .read = [](Value& v) { v.mode(v.config.policy.mode); },
              .write = [](const Config& c) { return quoted(std::string(text(c.policy.mode))); }},
    ConfigKey{
        .section = "",
        .name = "ports",
        .values = "list of 1 to 16 ports",
        .meaning = "Server ports of SIP over UDP, in either direction. Flows to a signalling mapping that the gateway "
                   "holds are SIP too, whatever their port.",
        .read = [](Value& v) { v.ports(v.config.sip_ports); },
        .write =
            [](const Config& c) { return list(c.sip_ports, [](std::uint16_t port) { return std::to_string(port); }); }},
    ConfigKey{
        .section = "",
        .name = "udp_timeout",
        .range = IntegerRange{120, 86400, "seconds"},
        .meaning =
            "How long connection tracking keeps a silent UDP flow of SIP or media. RFC 4787 asks for at least 120 "
            "and recommends 300.",
        .read = [](Value& v) { v.seconds(v.config.udp_timeout); },
        .write = [](const Config& c) { return std::to_string(c.udp_timeout.count()); }},
    ConfigKey{
        .section = "wan",
        .name = "interfaces",
        .values = "list of interface names",
        .standard = "the interfaces of the default routes",
        .example = R"(["eth0"])",
        .meaning = "The interfaces that lead to the Internet. Name them where there is no default route in the "
                   "main table, or where one of them must be left alone.",
        .restart = true,
        .read = [](Value& v) { v.interfaces(v.config.wan_interfaces); },
        .write =
            [](const Config& c) { return c.wan_interfaces.empty() ? std::string() : list(c.wan_interfaces, quoted); }},
    ConfigKey{.section = "inside",
              .name = "network",
              .values = kNetworkValues,
              .example = R"("192.168.1.0/24")",
              .meaning = "The network.",
              .required = true,
              .read = [](Value& v) { v.network(v.config.policy.inside.back().network); }},
    ConfigKey{.section = "inside",
              .name = "mode",
              .values = kModeValues,
              .standard = "the mode at the top",
              .example = R"("pinhole")",
              .meaning = "The mode for phones in this network.",
              .read = [](Value& v) { v.mode(v.config.policy.inside.back().mode); }},
    ConfigKey{.section = "platform",
              .name = "address",
              .values = kNetworkValues,
              .standard = "none",
              .example = R"("198.51.100.10")",
              .meaning = "The platform's address. Either this or a domain.",
              .read = [](Value& v) { v.network(v.config.policy.platforms.back().address); }},
    ConfigKey{.section = "platform",
              .name = "domain",
              .values = "string: domain name",
              .standard = "none",
              .example = R"("sip.example.net")",
              .meaning = "The platform's domain, exactly as phones use it. Either this or an address.",
              .read = [](Value& v) { v.domain(v.config.policy.platforms.back().domain); }},
    ConfigKey{.section = "platform",
              .name = "mode",
              .values = kModeValues,
              .standard = "the network's, else the one at the top",
              .example = R"("observe")",
              .meaning = "The mode for calls and registrations with this platform.",
              .read = [](Value& v) { v.mode(v.config.policy.platforms.back().rule.mode); }},
    ConfigKey{.section = "platform",
              .name = "handles_contact",
              .values = kHandlesValues,
              .standard = R"("auto")",
              .example = "true",
              .meaning = kHandlesContact,
              .read = [](Value& v) { v.handles(v.config.policy.platforms.back().rule.handles_contact); }},
    ConfigKey{.section = "platform",
              .name = "handles_sdp",
              .values = kHandlesValues,
              .standard = R"("auto")",
              .example = "true",
              .meaning = kHandlesSdp,
              .read = [](Value& v) { v.handles(v.config.policy.platforms.back().rule.handles_sdp); }},
    ConfigKey{.section = "endpoint",
              .name = "address",
              .values = kNetworkValues,
              .example = R"("192.168.1.20")",
              .meaning = "The phone's inner address, or a network of phones.",
              .required = true,
              .read = [](Value& v) { v.network(v.config.policy.endpoints.back().address); }},
    ConfigKey{.section = "endpoint",
              .name = "mode",
              .values = kModeValues,
              .standard = "the platform's, else the network's, else the one at the top",
              .example = R"("off")",
              .meaning = "The mode for this phone.",
              .read = [](Value& v) { v.mode(v.config.policy.endpoints.back().rule.mode); }},
    ConfigKey{.section = "endpoint",
              .name = "handles_contact",
              .values = kHandlesValues,
              .standard = R"("auto")",
              .example = "true",
              .meaning = kHandlesContact,
              .read = [](Value& v) { v.handles(v.config.policy.endpoints.back().rule.handles_contact); }},
    ConfigKey{.section = "endpoint",
              .name = "handles_sdp",
              .values = kHandlesValues,
              .standard = R"("auto")",
              .example = "true",
              .meaning = kHandlesSdp,
              .read = [](Value& v) { v.handles(v.config.policy.endpoints.back().rule.handles_sdp); }},
    ConfigKey{.section = "media",
              .name = "port_range",
              .values = R"(string: first and last port, as "10000-59999")",
              .meaning =
                  "Outer ports that are taken only where the phone's own port is not free outside. None of them may be "
                  "a SIP port.",
              .read = [](Value& v) { v.port_range(v.config.policy.media_ports); },
              .write =
                  [](const Config& c) {
                    return quoted(std::to_string(c.policy.media_ports.first) + "-" +
                                  std::to_string(c.policy.media_ports.last));
                  }},
    ConfigKey{
        .section = "media",
        .name = "linger",
        .range = IntegerRange{0, 3600, "seconds"},
        .meaning =
            "How long a mapping stays after its dialog has ended. 32 is 64*T1 of RFC 3261, the time in which late "
            "messages may still arrive.",
        .read = [](Value& v) { v.seconds(v.config.policy.linger); },
        .write = [](const Config& c) { return std::to_string(c.policy.linger.count()); }},
    ConfigKey{.section = "queue",
              .name = "number",
              .range = IntegerRange{0, 65535, ""},
              .meaning = "Number of the NFQUEUE. Change it if another program uses the same.",
              .restart = true,
              .read = [](Value& v) { v.integer(v.config.queue.number); },
              .write = [](const Config& c) { return std::to_string(c.queue.number); }},
    ConfigKey{.section = "queue",
              .name = "length",
              .range = IntegerRange{16, 65536, "packets"},
              .meaning =
                  "How many packets wait at most; those above pass unread. Short on purpose: the queue is what a "
                  "stopped gateway holds back.",
              .restart = true,
              .read = [](Value& v) { v.integer(v.config.queue.length); },
              .write = [](const Config& c) { return std::to_string(c.queue.length); }},
    ConfigKey{.section = "qos",
              .name = "rate",
              .values = R"(string: number and unit (kbit, mbit, gbit), "64kbit" to "100gbit")",
              .standard = "none: no queues are built",
              .example = R"("20mbit")",
              .meaning =
                  "Rate of the uplink. Set it a little below the real one, so that packets wait in this machine, where "
                  "calls go first, and not in the modem.",
              .restart = true,
              .read = [](Value& v) { v.bit_rate(v.config.qos.rate); },
              .write = [](const Config& c) { return c.qos.rate == 0 ? std::string() : quoted(rate_text(c.qos.rate)); }},
    ConfigKey{.section = "qos",
              .name = "force",
              .values = "true or false",
              .meaning =
                  "Replace a root queueing discipline that somebody has configured. Without it the gateway refuses. "
                  "The old one is restored at the end.",
              .restart = true,
              .read = [](Value& v) { v.boolean(v.config.qos.force); },
              .write = [](const Config& c) { return std::string(truth(c.qos.force)); }},
    ConfigKey{.section = "qos",
              .name = "mark",
              .values = "true or false",
              .standard = "true with a rate, else false",
              .example = "true",
              .meaning =
                  "Write the DSCP below into packets of calls and SIP, in both directions. It needs no rate: other "
                  "machines on the way then give them priority. With false and a rate, calls go first in the queues "
                  "here and their DSCP stays as it came.",
              .read = [](Value& v) { v.boolean(v.config.qos.mark); },
              .write = [](const Config& c) { return std::string(c.qos.mark ? truth(*c.qos.mark) : ""); }},
    ConfigKey{.section = "qos",
              .name = "media_ports",
              .values = R"(string or list of strings: port range, as "10000-20000")",
              .standard = "[]",
              .example = R"("10000-20000")",
              .meaning =
                  "Ports of RTP, at either end, of the phones or of the platform. In mode \"off\" no SIP is read, so "
                  "RTP is known by these ports alone; in the other modes calls are known, and this is not looked at.",
              .read = [](Value& v) { v.port_ranges(v.config.qos.media_ports); },
              .write =
                  [](const Config& c) {
                    return list(c.qos.media_ports, [](const alg::PortRange& range) {
                      return quoted(std::to_string(range.first) + "-" + std::to_string(range.last));
                    });
                  }},
    ConfigKey{.section = "qos",
              .name = "media_dscp",
              .values = kDscpValues,
              .meaning = "DSCP for exactly the RTP of live calls; in mode \"off\" for the ports in media_ports.",
              .read = [](Value& v) { v.dscp(v.config.qos.media_dscp); },
              .write = [](const Config& c) { return dscp_text(c.qos.media_dscp); }},
    ConfigKey{.section = "qos",
              .name = "sip_dscp",
              .values = kDscpValues,
              .meaning = "DSCP for SIP.",
              .read = [](Value& v) { v.dscp(v.config.qos.sip_dscp); },
              .write = [](const Config& c) { return dscp_text(c.qos.sip_dscp); }},
    ConfigKey{.section = "limits",
              .name = "dialogs",
              .range = IntegerRange{1, 1000000, ""},
              .meaning = "Dialogs in all. Strangers outside use at most half of them and platforms at which a "
                         "phone is registered, or that have a rule by address, three quarters, so that the inside "
                         "has its share. Transactions outside of dialogs (OPTIONS, MESSAGE, NOTIFY) count apart: "
                         "as many again, at most half from outside.",
              .read = [](Value& v) { v.integer(v.config.policy.limits.dialogs); },
              .write = [](const Config& c) { return std::to_string(c.policy.limits.dialogs); }},
    ConfigKey{.section = "limits",
              .name = "dialogs_per_source",
              .range = IntegerRange{1, 1000000, ""},
              .meaning = "Dialogs that one address opens, and as many transactions outside of dialogs. A PBX behind "
                         "the NAT is one. Platforms at which a phone is registered, or that have a rule by address, "
                         "are exempt.",
              .read = [](Value& v) { v.integer(v.config.policy.limits.dialogs_per_source); },
              .write = [](const Config& c) { return std::to_string(c.policy.limits.dialogs_per_source); }},
    ConfigKey{.section = "limits",
              .name = "registrations_per_source",
              .range = IntegerRange{1, 1000000, ""},
              .meaning = "Registrations of one inner address.",
              .read = [](Value& v) { v.integer(v.config.policy.limits.registrations_per_source); },
              .write = [](const Config& c) { return std::to_string(c.policy.limits.registrations_per_source); }},
    ConfigKey{.section = "limits",
              .name = "pinholes_per_source",
              .range = IntegerRange{2, 60000, "media ports"},
              .meaning = "Media ports held open for one inner address. A call with audio takes two.",
              .read = [](Value& v) { v.integer(v.config.policy.limits.pinholes_per_source); },
              .write = [](const Config& c) { return std::to_string(c.policy.limits.pinholes_per_source); }},
    ConfigKey{.section = "paths",
              .name = "journal",
              .values = "string: absolute path",
              .meaning = "Where dialogs, mappings and decisions are kept, so that calls outlive a restart.",
              .restart = true,
              .read = [](Value& v) { v.path(v.config.paths.journal, kLongestPath); },
              .write = [](const Config& c) { return quoted(c.paths.journal); }},
    ConfigKey{.section = "paths",
              .name = "socket",
              .values = "string: absolute path of at most 107 octets",
              .meaning = "The control socket for 'viaduct gateway', mode 0660.",
              .restart = true,
              .read = [](Value& v) { v.path(v.config.paths.socket, kLongestSocketPath); },
              .write = [](const Config& c) { return quoted(c.paths.socket); }},
    ConfigKey{
        .section = "log",
        .name = "level",
        .values = R"("error", "warning", "info" or "debug")",
        .meaning = "The least important message that is written. Credentials are masked at every level.",
        .read = [](Value& v) { v.log_level(v.config.log_level); },
        .write =
            [](const Config& c) { return quoted(std::string(kLogLevels[static_cast<std::size_t>(c.log_level)])); }},
};

}  // namespace

std::span<const ConfigSection> config_sections() {
  return kSections;
}

std::span<const ConfigKey> config_keys() {
  return kKeys;
}

std::string header_of(const ConfigSection& section) {
  std::string name(section.name);
  return section.repeated ? "[[" + name + "]]" : "[" + name + "]";
}

std::string standard_of(const ConfigKey& key) {
  if (!key.standard.empty() || key.write == nullptr) return std::string(key.standard);
  return key.write(GatewayConfig{});
}

std::string values_of(const ConfigKey& key) {
  if (!key.range) return std::string(key.values);
  std::string text = "integer, " + std::to_string(key.range->low) + " to " + std::to_string(key.range->high);
  return key.range->unit.empty() ? text : text + " " + std::string(key.range->unit);
}

}  // namespace viaduct::gateway
