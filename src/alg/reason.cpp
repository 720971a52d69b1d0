// SPDX-License-Identifier: GPL-2.0-or-later
#include "alg/reason.hpp"

#include <array>

namespace viaduct::alg {
namespace {

struct ReasonText {
  base::Bytes id;
  base::Bytes sentence;
};

constexpr std::array<base::Bytes, 9> kFields = {
    "message", "Request-URI", "Via", "Contact", "SDP o=", "SDP c=", "SDP m=", "SDP a=rtcp", "media"};
constexpr std::array<base::Bytes, 4> kActions = {"left", "edited", "restored", "opened"};

// In the order of the enum; the test walks it.
constexpr std::array<ReasonText, 37> kReasons = {{
    {"none", ""},
    {"names-inner-address", "it names the inner address of this flow and a mapping stands behind the new value"},
    {"echo-of-edit", "it echoes a value that the gateway wrote, so the original was put back"},
    {"origin-is-constant", "o= stays what it was at the first offer of this dialog"},
    {"mode-off", "the mode is off for this party"},
    {"mode-observe", "the mode is observe: nothing is changed"},
    {"mode-pinhole", "the mode is pinhole: nothing is edited"},
    {"first-seen-in-dialog", "the dialog began before the gateway saw it, so it is left as it is"},
    {"not-inner-address", "it names no address of this flow"},
    {"already-public", "it carries a public address already"},
    {"own-wan-address", "it carries our WAN address: the phone found it out itself (STUN)"},
    {"rport", "the phone asked for rport: the response finds its way back"},
    {"outbound", "SIP Outbound (ob, reg-id, Path) brings requests back over the flow"},
    {"platform-handles", "the platform handles NAT itself"},
    {"endpoint-handles", "the endpoint handles NAT itself"},
    {"ice", "the offer uses ICE, which finds its own way"},
    {"auth-int", "a digest with qop=auth-int covers the body"},
    {"signed-contact", "an RFC 4474 signature covers Contact and body"},
    {"opaque-body", "the body is encoded, encrypted or signed"},
    {"other-transport", "it asks for another transport than UDP, and a mapping would be one of UDP"},
    {"hold-address", "c=0.0.0.0 means hold, it is not an address"},
    {"name-not-literal", "it is a domain name, not an address"},
    {"other-host", "it asks for a pinhole to another host than the one that sent it"},
    {"no-mapping", "no mapping could be made, so no value was changed"},
    {"port-taken", "the same port is not free on the outside"},
    {"outer-not-global", "our WAN address is itself behind NAT, so a new value would be wrong as well"},
    {"platform-not-global",
     "the platform has no public address (VPN, provider's own network), so ours means nothing there"},
    {"not-translated",
     "the router does not give this flow our WAN address (a routed phone, a VPN), so no media gets it"},
    {"ipv6", "IPv6 needs no translation"},
    {"over-mtu", "the edited message would not fit the path MTU"},
    {"proof-failed", "the edited message did not read back as intended, so the original went out"},
    {"over-limit", "a limit was reached"},
    {"not-sip", "it does not read as SIP"},
    {"wan-changed", "the WAN address changed; the same outer ports are reserved on the new one"},
    {"wan-gone",
     "its WAN is not there any more or has no address: the mapping is kept for its return, but does nothing"},
    {"association-gone", "it answers what is not followed, or not any more: its time was over, or a limit was reached"},
    {"memory-withdrawn",
     "no media came back, so the platform is not thought to handle NAT itself any more (viaduct gateway memory)"},
}};
static_assert(kReasons.size() == static_cast<std::size_t>(Reason::memory_withdrawn) + 1);

}  // namespace

base::Bytes text(Field field) {
  return kFields[static_cast<std::size_t>(field)];
}

base::Bytes text(Action action) {
  return kActions[static_cast<std::size_t>(action)];
}

base::Bytes text(Reason reason) {
  return kReasons[static_cast<std::size_t>(reason)].id;
}

base::Bytes explain(Reason reason) {
  return kReasons[static_cast<std::size_t>(reason)].sentence;
}

}  // namespace viaduct::alg
