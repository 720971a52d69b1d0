# SPDX-License-Identifier: GPL-2.0-or-later
"""Kind A: rewriting of signalling; and the C behaviours whose symptom is a phone that cannot be reached."""
import re
import time

from lab.endpoint import offer, token
from lab.fault.case import Case, Finding, final_answer, lost_invite, not_registered, requests, responses, unreachable
from lab.fault.registrar import Registrar, register_with_digest
from lab.fault.stage import A, B, D, FAR_MEDIA, NEAR_MEDIA, OUTER
from lab.topology import PLATFORM

TRUSTING, LITERAL = PLATFORM["trusting"], PLATFORM["literal"]
OCTETS = "; octets alone are shown"
SEQUENTIAL = ("--ports", "sequential")


def registration(stage):
    stage.near(stage.platform("literal"))


def registration_portless(stage):
    stage.near(stage.platform("literal"), contact=A)


def registration_other_port(stage):
    stage.near(stage.platform("literal"), via_port=5062)


def two_contacts(stage):
    """A phone registers two lines under one name with two Contacts at once, then it is called: the platform rings both."""
    registrar = stage.platform("trusting")
    far = stage.far(registrar)
    stage.near(registrar, register=False, answer=lambda call, invite: [(2, 200, offer(A, NEAR_MEDIA))]).register(
        headers=[f"Contact: <sip:second@{A}:5062>"])
    stage.mark("call")
    far.invite("alice", offer(D, FAR_MEDIA), wait=4)


def inbound(stage, wait=0.5, **options):
    registrar = stage.platform("trusting", **options)
    far = stage.far(registrar)
    stage.near(registrar)
    time.sleep(wait)
    stage.mark("call")
    far.invite("alice", offer(D, FAR_MEDIA), wait=3)


def inbound_later(stage):
    inbound(stage, 6)


def inbound_kept_alive(stage):
    inbound(stage, 6, keepalive=True)


def inbound_two_lines(stage):
    """Two lines of one device, which speaks from one port: the call is for the first."""
    registrar = stage.platform("trusting")
    far, near = stage.far(registrar), stage.near(registrar)
    near.user = "bob"
    near.register(wait=3)
    stage.mark("call")
    far.invite("alice", offer(D, FAR_MEDIA), wait=3)


def digest(stage):
    """A registrar that compares the digest's uri with the Request-URI, as RFC 7616 asks it to."""
    registrar = Registrar(stage.topology, "p", LITERAL)
    stage.stack.callback(registrar.close)
    phone = stage.near(LITERAL, register=False, domain="voip.example")
    register_with_digest(phone, attempts=4)


def renewal(stage):
    """A phone (baresip) that asks for ten minutes and renews when the answer tells it to."""
    stage.phone("a", "alice", stage.platform("literal")).registered()
    time.sleep(8)


def options(stage):
    near = stage.near(stage.platform("literal"))
    near.transact("OPTIONS", f"sip:{LITERAL}", f"<sip:alice@{LITERAL}>;tag={token()}", f"<sip:{LITERAL}>", token(), 1, wait=2)


def outgoing(stage, headers=(), body=None, uri="", wait=3, then=None, platform="trusting", **options):
    """Alice calls Dave; nobody speaks."""
    registrar = stage.platform(platform)
    stage.far(registrar)
    call = stage.near(registrar, **options).invite("dave", body or offer(A, NEAR_MEDIA), headers=list(headers), wait=wait, uri=uri)
    if call and then:
        then(call)
    time.sleep(0.3)


def registration_at_tenant(stage):
    """A registrar for the customers of one domain."""
    registrar = Registrar(stage.topology, "p", LITERAL, tenant="voip.example")
    stage.stack.callback(registrar.close)
    stage.near(LITERAL, domain="voip.example")


def taken_over(stage):
    """Alice calls Dave with a Call-ID that names her address; Bob, behind the same box, takes the call over by Replaces (RFC 3891)."""
    registrar, known = stage.platform("trusting"), {}

    def answer(call, invite):
        replaces = invite.get("replaces").partition(";")[0]
        status = 481 if replaces and replaces not in known else 200
        known[invite.call_id] = True
        return [(0, status, offer(D, FAR_MEDIA) if status == 200 else "")]
    stage.far(registrar, answer=answer)
    call = stage.near(registrar, id_host=A).invite("dave", offer(A, NEAR_MEDIA), wait=3)
    if not call:
        return
    bob = stage.endpoint("b", B, "bob", registrar)
    to_tag, from_tag = (value.rpartition("tag=")[2] for value in (call.remote, call.local))
    bob.invite("dave", offer(B, NEAR_MEDIA), headers=[f"Replaces: {call.id};to-tag={to_tag};from-tag={from_tag}"], wait=3)
    time.sleep(0.3)


def call_with_routes(stage):
    """Alice's PBX: an inner proxy records its route, so that it stays in the dialog."""
    outgoing(stage, headers=[f"Record-Route: <sip:{A}:5060;lr>"])


def call_info(stage):
    outgoing(stage, then=lambda call: call.request("INFO", "Signal=5\r\n", ["Content-Type: application/dtmf-relay"], wait=2))


def call_long_line(stage):
    outgoing(stage, headers=["Identity: " + "eyJhbGciOiJFUzI1NiJ9" * 20])


def call_compact(stage):
    outgoing(stage, headers=["k: timer"])


def call_tel(stage):
    stage.endpoint("p", TRUSTING, "trunk", TRUSTING, port=5070, answer=lambda call, invite: [(0, 200, offer(TRUSTING, FAR_MEDIA))])
    outgoing(stage, uri="tel:+4930123456")


def call_transfer(stage):
    """A transfer target's answer, reported in a NOTIFY as message/sipfrag (RFC 3515)."""
    fragment = f"SIP/2.0 200 OK\r\nContact: <sip:carol@{A}:5060>\r\n"
    outgoing(stage, then=lambda call: call.request("NOTIFY", fragment, ["Event: refer", "Subscription-State: terminated",
                                                                        "Content-Type: message/sipfrag"], wait=2))


def cancelled(stage):
    registrar = stage.platform("trusting")
    stage.far(registrar, delay=30)
    near = stage.near(registrar)
    near.invite("dave", offer(A, NEAR_MEDIA), wait=1.5)
    list(near.calls.values())[-1].cancel()
    time.sleep(0.5)


def datagram(stage):
    """Any text that contains the sender's own address, on port 5060 but no SIP."""
    sink, source = stage.topology.udp("d", D, 5060), stage.topology.udp("a", A, 6000)
    stage.stack.callback(sink.close)
    stage.stack.callback(source.close)
    source.sendto(f"log: I am {A}\n".encode(), (D, 5060))
    time.sleep(0.3)


def at_platform(record, method="REGISTER"):
    return [m for m in requests(record, "platform", method) if m.source[0] == OUTER]


def strange_head(record):
    seen = at_platform(record)
    vias = [len(m.all("via")) for m in seen]
    text = seen[0].raw.decode() if seen else ""
    names = [line.split(":")[0] for line in text.split("\r\n")[1:] if line[:1].islower() and ":" in line]
    hops = seen[0].get("max-forwards") if seen else "?"
    return Finding(bool(seen) and vias[0] == 2, f"at the platform: {vias[0] if seen else 0} Via, Max-Forwards {hops}, "
                   f"{f'names in lower case: {names}' if names else 'names as sent'}", bool(seen) and vias[0] == 1)


def second_line_silent(record):
    hosts = [host for m in at_platform(record)[:1] for value in m.all("contact") for host in re.findall(r"@([\d.]+)", value)]
    rung = sorted({re.search(r"sip:(\w+)@", m.uri)[1] for m in requests(record, "phone-a", "INVITE", A, "call")})
    return Finding(rung == ["alice"], f"Contacts at the registrar: {', '.join(hosts) or 'none'}; INVITE arrives for {', '.join(rung) or 'no line'}",
                   rung == ["alice", "second"])


def wrong_tenant(record):
    seen, final = at_platform(record), final_answer(record, "REGISTER")
    hosts = [re.search(r"@([^>:;]+)", value)[1] for m in seen[:1] for value in (m.get("from"), m.get("to"))]
    return Finding(final == 404, f"From and To at the registrar: {', '.join(hosts) or 'no REGISTER'}; sent: voip.example; "
                   f"answered with {final or 'nothing'}", final == 200)


def endless_challenge(record):
    asked = requests(record, "phone-a", "REGISTER")
    refused, done = responses(record, "phone-a", "REGISTER", 401, A), responses(record, "phone-a", "REGISTER", 200, A)
    return Finding(len(refused) >= 3 and not done, f"{len(asked)} REGISTER, {len(refused)} times 401, {len(done)} times 200", bool(done))


def not_taken_over(record):
    seen = requests(record, "phone-d", "INVITE", D)
    ids = [(m.get("replaces") or m.call_id).partition(";")[0].partition("@")[2] for m in (*seen[:1], *seen[-1:])]
    final = next((m.status for m in record.messages("phone-b") if m.method == "INVITE" and m.status >= 200 and m.target[0] == B), 0)
    return Finding(final == 481, f"behind the @ at Dave's phone: Call-ID {ids[0] if ids else '?'}, Replaces {ids[-1] if ids else '?'}; Bob's INVITE is "
                   f"answered with {final or 'nothing'}", final == 200)


def rings_on(record):
    sent, seen = requests(record, "phone-a", "CANCEL"), requests(record, "phone-d", "CANCEL", D)
    rang = responses(record, "phone-d", "INVITE", 180)
    return Finding(bool(rang and sent) and not seen, f"{len(sent)} CANCEL sent, {len(seen)} arrived; Dave's phone {'rings on' if not seen else 'stops'}",
                   bool(rang and seen))


def half_translated(record):
    for m in requests(record, "platform", "INVITE"):
        if m.source[0] == OUTER:
            hosts = [re.search(r"[@:]([\d.]+)", m.get(name))[1] for name in ("contact", "record-route")]
            return Finding(hosts == [OUTER, A], f"at the platform: Contact {hosts[0]}, Record-Route {hosts[1]}", hosts == [A, A])
    return Finding(False, "no INVITE at the platform")


def storm(record):
    asked = requests(record, "phone-a", "REGISTER")
    told = [re.search(r"expires=(\d+)", m.get("contact")) for m in responses(record, "phone-a", "REGISTER", 200, A)[:1]]
    number = len({m.cseq for m in asked})
    return Finding(number >= 4, f"{number} REGISTER in 8 s; the phone was told {told[0][1] if told and told[0] else '?'} s", number == 1 and bool(told))


def answered_by_nobody(record):
    answered, asked = responses(record, "phone-a", "OPTIONS", 200, A), at_platform(record, "OPTIONS")
    return Finding(bool(answered) and not asked, f"{len(answered)} 200 at the phone; {len(asked)} OPTIONS at the platform", bool(answered and asked))


def lost_in_dialog(method):
    def judge(record):
        sent, seen = requests(record, "phone-a", method), requests(record, "phone-d", method, D)
        return Finding(bool(sent) and not seen, f"{len(sent)} {method} sent, {len(seen)} arrived", bool(seen))
    return judge


def changed_body(record):
    sent, seen = requests(record, "phone-a", "NOTIFY"), requests(record, "phone-d", "NOTIFY", D)
    return Finding(bool(sent and seen) and sent[0].body != seen[0].body, f"the sipfrag's Contact at Dave's phone: "
                   f"{re.search(r'Contact: .*', seen[0].body)[0].strip() if seen else 'none'}", bool(sent and seen) and sent[0].body == seen[0].body)


def changed_text(record):
    seen = [p.payload for p in record.packets("phone-d") if p.source[0] == OUTER and p.target == (D, 5060)]
    return Finding(bool(seen) and A.encode() not in seen[0], f"the text arrives as '{seen[0].decode().strip() if seen else ''}'",
                   bool(seen) and A.encode() in seen[0])


CASES = [
    Case("A01", inbound, unreachable, "registers, then is called"),
    Case("A02", registration_portless, not_registered, "registers with a Contact without port"),
    Case("A03", registration, strange_head, f"registers{OCTETS}: the platform reads them all the same"),
    Case("A04", registration, not_registered, "registers; the NAT does not preserve ports", box=SEQUENTIAL),
    Case("A05", registration_other_port, not_registered, "registers from port 5060 with 5062 in Via, and asks for rport"),
    Case("A06", inbound_kept_alive, unreachable, "registers; the platform pings NATed phones each second; is called after 6 s", ("timer=3s",),
         ("--sip-timeout", "3s")),
    Case("A07", registration_at_tenant, wrong_tenant, "registers as alice@voip.example at a registrar for that domain"),
    Case("A08", digest, endless_challenge, "registers with a digest at a registrar that checks its uri"),
    Case("A10", taken_over, not_taken_over, "calls with Call-ID ...@192.168.1.10; Bob, behind the same box, takes the call over with Replaces"),
    Case("A11", cancelled, rings_on, "calls and hangs up while it rings"),
    Case("A13", call_with_routes, half_translated, f"an inner proxy calls, with its Record-Route{OCTETS}: it leads nowhere untranslated either"),
    Case("A16", two_contacts, second_line_silent, "registers two Contacts at once, is called; the platform rings both"),
    Case("A17", renewal, storm, "a phone registers for 10 minutes", ("seconds=2",)),
    Case("A18", options, answered_by_nobody, "sends OPTIONS"),
    Case("A19", call_info, lost_in_dialog("INFO"), "calls, then a key press as INFO"),
    Case("A20", call_long_line, lost_invite, "calls with an Identity field of 410 octets"),
    Case("A21", call_compact, lost_invite, "calls with a compact field name (k:)"),
    Case("A22", call_transfer, changed_body, f"reports a transfer as message/sipfrag{OCTETS}: phones read the status line alone"),
    Case("A23", call_tel, lost_invite, "calls a tel: URI"),
    Case("A24", datagram, changed_text, "sends text with its own address to port 5060"),
    Case("C03", inbound_later, unreachable, "registers, is called after 6 s", ("timer=3s",)),
    Case("C05", inbound_two_lines, unreachable, "two lines of one device register; the first is called"),
]
