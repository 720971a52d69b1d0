# SPDX-License-Identifier: GPL-2.0-or-later
"""viaduct-gateway on a router of the lab."""
import json
import re
import signal

from lab.process import LabError, run
from lab.topology import INSIDE

CONFIG = """mode = "{mode}"

[wan]
interfaces = ["wan0"]

{inside}
[paths]
journal = "{home}/journal"
socket = "{home}/socket"
"""


class Gateway:
    def __init__(self, topology, router, mode, binaries, qos=None, firewall_rule=False):
        self.topology, self.router, self.binaries = topology, router, binaries
        self.home = topology.out / f"gateway-{router}"
        self.home.mkdir(exist_ok=True)
        self.socket = str(self.home / "socket")
        inside = "".join(f'[[inside]]\nnetwork = "{network}"\n\n' for network in INSIDE[router])
        text = CONFIG.format(mode=mode, inside=inside, home=self.home)
        if qos:
            text += f'\n[qos]\nrate = "{qos}"\n'
        (self.home / "gateway.toml").write_text(text)
        self.child = None
        self.start()
        if firewall_rule:
            self.apply_firewall_rule()

    def start(self):
        log = f"gateway-{self.router}.log"
        before = len(self.child.text()) if self.child else 0
        self.child = self.topology.start(self.router, str(self.binaries / "viaduct-gateway"), "--config", str(self.home / "gateway.toml"), log=log)
        self.child.wait_for_text("ready", 10, after=before)

    def restart(self, mode):
        """Stops it the clean way and starts it again in another mode, with the journal it wrote."""
        config = self.home / "gateway.toml"
        config.write_text(re.sub('^mode = .*', f'mode = "{mode}"', config.read_text()))
        self.child.stop()
        self.start()

    def kill(self):
        self.child.send(signal.SIGKILL)
        self.child.process.wait()

    def freeze(self):
        self.child.send(signal.SIGSTOP)

    def thaw(self):
        self.child.send(signal.SIGCONT)

    def apply_firewall_rule(self):
        """Under an empty /etc: the rule shall go into the namespace's firewall, not into the configuration of the machine the lab runs on.

        `ip netns exec` gives a mount namespace of its own. Exit code 1 only says that the rule would not survive a boot."""
        program = str(self.binaries / "viaduct")
        (self.home / "firewall-rule.txt").write_text(run(
            "ip", "netns", "exec", self.topology.name(self.router), "sh", "-ec",
            'mount -t tmpfs tmpfs /etc; "$@" || [ $? -eq 1 ]', "sh", program, "gateway", "firewall-rule", "--apply", "--wan", "wan0"))

    def ask(self, *words):
        """`viaduct gateway WORDS --json`, parsed."""
        command = [str(self.binaries / "viaduct"), "gateway", "--socket", self.socket, "--json", *words]
        out = run("ip", "netns", "exec", self.topology.name(self.router), *command, check=False)  # exit 1 is a warning
        try:
            return json.loads(out)
        except json.JSONDecodeError as error:
            raise LabError(f"{' '.join(command)}: not JSON: {error}: {out[:200]}") from error
