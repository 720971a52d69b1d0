# SPDX-License-Identifier: GPL-2.0-or-later
"""The SIP platform: Kamailio in one of four temperaments, and rtpengine for one of them."""
import pathlib

from lab.process import LabError, wait_for
from lab.topology import PLATFORM, PLATFORM6

CONFIG = pathlib.Path(__file__).with_name("kamailio.cfg")


def start(topology, kind, keepalive=False):
    """Starts the platform `kind` (literal, trusting, aware, proxy) in namespace p; returns its address. `keepalive`: it pings phones behind NAT."""
    address = PLATFORM[kind]
    if kind == "proxy":
        start_rtpengine(topology, address)
    runtime = topology.out / f"kamailio-{kind}"
    runtime.mkdir(exist_ok=True)
    listen = ["-l", f"udp:{address}:5060"]
    if kind == "literal" and topology.shape.kernel_nat:
        listen += ["-l", f"udp:[{PLATFORM6}]:5060"]
    define = [] if kind == "literal" else ["-A", kind.upper()]
    define += ["-A", "KEEPALIVE"] if keepalive else []
    child = topology.start("p", "kamailio", "-DD", "-E", "-m", "16", "-M", "4", "-f", str(CONFIG), "-Y", str(runtime), *define, *listen,
                           log=f"kamailio-{kind}.log")

    def answers():
        if not child.running():
            raise LabError(f"kamailio ended: {child.text()[-600:]}")
        return answers_options(topology, address)
    wait_for(answers, 15, f"kamailio at {address}")
    return address


def answers_options(topology, address):
    request = (f"OPTIONS sip:{address} SIP/2.0\r\nVia: SIP/2.0/UDP {address}:5060;rport;branch=z9hG4bKready\r\nMax-Forwards: 5\r\n"
               f"From: <sip:ready@{address}>;tag=1\r\nTo: <sip:{address}>\r\nCall-ID: ready\r\nCSeq: 1 OPTIONS\r\n"
               "Content-Length: 0\r\n\r\n")
    return ask(topology, address, (address, 5060), request.encode()).startswith(b"SIP/2.0 200")


def ask(topology, own, peer, request):
    """One datagram to a server in namespace p and its answer; empty when there is none."""
    probe = topology.udp("p", own, 0)
    probe.settimeout(0.2)
    try:
        probe.sendto(request, peer)
        return probe.recv(4096)
    except (TimeoutError, ConnectionRefusedError):
        return b""
    finally:
        probe.close()


def start_rtpengine(topology, address):
    topology.start("p", "rtpengine", "--foreground", "--log-stderr", "--log-level=5", "--table=-1", "--num-threads=1",
                   f"--interface={address}", "--listen-ng=127.0.0.1:2223", "--port-min=30000", "--port-max=30999", log="rtpengine.log")

    def pong():
        return b"pong" in ask(topology, "127.0.0.1", ("127.0.0.1", 2223), b"ready d7:command4:pinge")
    wait_for(pong, 15, "rtpengine")
