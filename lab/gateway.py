# SPDX-License-Identifier: GPL-2.0-or-later
"""viaduct-gateway on a router of the lab."""
import json
import re
import signal

from lab.process import LabError, run, wait_for
from lab.topology import INSIDE

CONFIG = """mode = "{mode}"

[wan]
interfaces = {wans}

{inside}
[paths]
journal = "{home}/journal"
socket = "{home}/socket"
"""


class Gateway:
    def __init__(self, topology, router, mode, binaries, qos=None, firewall_rule=False, start=True):
        self.topology, self.router, self.binaries = topology, router, binaries
        self.home = topology.out / f"gateway-{router}"
        self.home.mkdir(exist_ok=True)
        self.socket = str(self.home / "socket")
        inside = "".join(f'[[inside]]\nnetwork = "{network}"\n\n' for network in INSIDE[router])
        text = CONFIG.format(mode=mode, wans=json.dumps(topology.wans(router)), inside=inside, home=self.home)
        if qos:
            text += f'\n[qos]\nrate = "{qos}"\n'
        (self.home / "gateway.toml").write_text(text)
        self.child = None
        if start:
            self.start()
        if firewall_rule:
            self.apply_firewall_rule()

    def start(self):
        before = len(self.child.text()) if self.child else 0
        self._launch()
        self.child.wait_for_text("ready", 10, after=before)

    def _launch(self):
        self.child = self.topology.start(self.router, str(self.binaries / "viaduct-gateway"), "--config", str(self.home / "gateway.toml"),
                                         log=f"gateway-{self.router}.log")

    def refusal(self):
        """Starts it where it should refuse: exit code (None: it runs, and is stopped) and what it said."""
        self._launch()
        wait_for(lambda: not self.child.running() or "ready" in self.child.text(), 10)
        code = self.child.process.poll()
        self.child.stop()
        return {"exit": code, "text": self.child.text()}

    def restart(self, mode):
        """Stops it the clean way and starts it again in another mode, with the journal it wrote."""
        config = self.home / "gateway.toml"
        config.write_text(re.sub('^mode = .*', f'mode = "{mode}"', config.read_text()))
        self.child.stop()
        self.start()

    def configure(self, sections, **keys):
        """Adds to the configuration, for a reload: keys at its top, sections at its end."""
        config = self.home / "gateway.toml"
        config.write_text("".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items()) + config.read_text() + sections)

    def counters(self):
        """The counters of `viaduct gateway metrics` by name."""
        return {name: int(value) for name, value in re.findall(r"^viaduct_gateway_(\w+)_total (\d+)$", self.text("metrics"), re.M)}

    def kill(self):
        self.child.send(signal.SIGKILL)
        self.child.process.wait()

    def freeze(self):
        self.child.send(signal.SIGSTOP)

    def thaw(self):
        self.child.send(signal.SIGCONT)

    def apply_firewall_rule(self):
        """Exit code 1 only says that the rule would not survive a boot."""
        (self.home / "firewall-rule.txt").write_text(self._as_host('[ $code -le 1 ]', "firewall-rule", "--apply", "--wan", "wan0"))

    def disable_kernel_alg(self):
        return self._as_host('[ $code = 0 ]', "disable-kernel-alg")

    def _as_host(self, condition, *words):
        """A command about the host under an empty /etc: it shall see the namespace's rules, not the configuration of the machine the lab runs on.

        `ip netns exec` gives a mount namespace of its own."""
        return run("ip", "netns", "exec", self.topology.name(self.router), "sh", "-ec",
                   f'mount -t tmpfs tmpfs /etc; code=0; "$@" || code=$?; {condition}', "sh", str(self.binaries / "viaduct"), "gateway", *words)

    def text(self, *words):
        """What `viaduct gateway WORDS` prints for people."""
        return self.topology.exec(self.router, str(self.binaries / "viaduct"), "gateway", "--socket", self.socket, *words,
                                  check=False)  # exit 1 is a warning

    def ask(self, *words):
        """`viaduct gateway WORDS --json`, parsed."""
        out = self.text("--json", *words)
        try:
            return json.loads(out)
        except json.JSONDecodeError as error:
            raise LabError(f"viaduct gateway {' '.join(words)}: not JSON: {error}: {out[:200]}") from error
