# SPDX-License-Identifier: GPL-2.0-or-later
"""One scenario in one column: builds the network, lets the scenario play in it, and keeps what it left for the judge."""
import concurrent.futures
import contextlib
import json
import threading
import time
from typing import NamedTuple

from lab import capture, platform, sip
from lab.endpoint import Endpoint, Stream
from lab.gateway import Gateway
from lab.phone import Phone
from lab.process import LabError, ignore_signals
from lab.topology import HOSTS, PLATFORM, WAN, Topology


class Control(NamedTuple):
    treated: str  # the column whose cause was taken away
    title: str


COLUMNS = {"none": "no ALG", "kernel": "kernel ALG", "observe": "Viaduct observe", "pinhole": "Viaduct pinhole", "assist": "Viaduct assist"}
# Negative controls: a column whose cause was taken away must read as no ALG.
CONTROLS = {"kernel-detached": Control("kernel", "kernel ALG, rule taken away"),
            "assist-killed": Control("assist", "Viaduct assist, daemon killed before the calls")}
MODES = ("observe", "pinhole", "assist")


class Scene:
    """Used as a context manager. Everything a scenario starts through it ends with it."""

    def __init__(self, column, out, prefix, binaries, firewall=False, qos=None, shape="plain", routers=None, occupied=()):
        self.column, self.out, self.binaries = column, out, binaries
        self.topology = Topology(prefix, out, firewall=firewall, shape=shape)
        self.qos, self.firewall, self.routers, self.occupied = qos, firewall, routers or column, occupied
        self.gateways, self.marks, self.notes = {}, {}, {}
        self.stack = contextlib.ExitStack()

    def __enter__(self):
        self.stack.enter_context(self.topology)
        try:
            for space, port in self.occupied:
                self._occupy(space, port)
            self._treat()
            self.captures = capture.Captures(self.topology)
        except BaseException:
            ignore_signals()
            self.stack.close()
            raise
        return self

    def __exit__(self, kind, *_):
        try:
            if kind is None:
                time.sleep(0.1)
                self.captures.stop()
                self._note_gateways()
                (self.out / "marks.json").write_text(json.dumps({"column": self.column, "marks": self.marks, "notes": self.notes}, indent=1))
        finally:
            ignore_signals()
            self.stack.close()

    def _occupy(self, space, port):
        """A host behind r1 has a flow whose port outside is `port`, answered, so that it lives on; a gateway finds it when it starts."""
        inner, outer = self.topology.udp(space, HOSTS[space], port), self.topology.udp("d", HOSTS["d"], 0)
        with inner, outer:
            inner.sendto(b"occupied", outer.getsockname())
            outer.settimeout(2)
            payload, source = outer.recvfrom(64)
            outer.sendto(payload, source)
            if source != (WAN["r1"], port):
                raise LabError(f"{space}'s port {port} is {source} outside")

    def _treat(self):
        """Gives both routers what the column says, or what the scenario says where a column is about what it does then."""
        if self.routers.startswith("kernel"):
            self.topology.attach_kernel_alg(self.routers == "kernel")
        mode = self.routers.split("-")[0]
        if mode in MODES:
            for router in ("r1", "r2"):
                self.gateways[router] = Gateway(self.topology, router, mode, self.binaries, qos=self.qos if router == "r1" else None,
                                                firewall_rule=self.firewall)
        if self.column == "assist-killed":
            for gateway in self.gateways.values():
                gateway.kill()

    def _note_gateways(self):
        """What the daemons say about themselves at the end, for the reader of a run; no cell is made of it."""
        for router, gateway in self.gateways.items():
            with contextlib.suppress(LabError):
                if gateway.child and gateway.child.running():
                    (self.out / f"gateway-{router}-status.json").write_text(json.dumps(gateway.ask("status"), indent=1))
        for router in ("r1", "r2"):
            (self.out / f"{router}-rules.nft").write_text(self.topology.exec(router, "nft", "list", "ruleset", check=False))
            (self.out / f"{router}-queues.txt").write_text("".join(self.topology.exec(router, "tc", "-s", kind, "show", "dev", "wan0", check=False)
                                                                   for kind in ("qdisc", "class", "filter")))
            (self.out / f"{router}-conntrack.txt").write_text(self.topology.exec(router, "cat", "/proc/net/nf_conntrack", check=False))

    def mark(self, name):
        """Writes down the moment, so that the judge can cut the captures."""
        self.marks[name] = time.time()

    def other_traffic(self):
        """Of the site, neither SIP nor media: by it a reader of the captures knows that both were running then, and are of one router."""
        with self.topology.udp("a", HOSTS["a"], 50123) as socket:
            socket.sendto(f"what time is it? {time.time()}".encode(), (PLATFORM["literal"], 123))

    @contextlib.contextmanager
    def traffic_beside(self, seconds):
        """Other traffic all the time: what is lost meanwhile was lost while the path was there."""
        ended = threading.Event()

        def go_on():
            while not ended.wait(seconds):
                self.other_traffic()
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            running = pool.submit(go_on)
            try:
                yield
            finally:
                ended.set()
                running.result()

    def gateway(self, router):
        """A gateway in the column's mode that the scenario starts itself."""
        self.gateways[router] = Gateway(self.topology, router, self.column, self.binaries, start=False)
        return self.gateways[router]

    def platform(self, kind, **options):
        return platform.start(self.topology, kind, **options)

    def phone(self, space, user, registrar, **options):
        return Phone(self.topology, space, user, registrar, **options)

    def endpoint(self, space, address, user, registrar, **options):
        endpoint = Endpoint(self.topology, space, address, user, registrar, **options)
        self.stack.callback(endpoint.close)
        return endpoint

    def stream(self, space, address, port, **options):
        stream = Stream(self.topology, space, address, port, **options)
        self.stack.callback(stream.close)
        return stream


class Record:
    """What a played scene left on disk; the judges read nothing else."""

    def __init__(self, out):
        data = json.loads((out / "marks.json").read_text())
        self.out, self.column, self.marks, self.notes = out, data["column"], data["marks"], data["notes"]
        self._packets = {}

    def packets(self, point, protocol=capture.UDP):
        if (point, protocol) not in self._packets:
            self._packets[point, protocol] = capture.read(self.out / f"{point}.pcap", protocol)
        return self._packets[point, protocol]

    def messages(self, point, start=None, end=None):
        """SIP messages at a capture point between two marks."""
        low, high = self.marks.get(start, 0), self.marks.get(end, float("inf"))
        return [message for message in sip.messages(self.packets(point)) if low <= message.time <= high]

    def window(self, start, end):
        return self.marks[start], self.marks[end]
