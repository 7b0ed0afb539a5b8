#!/usr/bin/env python3
"""The server's description of itself is sound, and every route in it keeps to it."""
import os
import pathlib
import shutil
import subprocess

from server import OrdersTest, main

HERE = pathlib.Path(__file__).resolve().parent
NODE = shutil.which("node") or shutil.which("nodejs") or "node"
MEBIBYTE = 1 << 20


def node(script, *words, seconds=240):
    assert (HERE / "node_modules" / "ws").exists(), \
        "the node modules of tests/orders are not installed: run tools/setup"
    return subprocess.run([NODE, HERE / script, *words], text=True, timeout=seconds, check=False,
                          capture_output=True, env={**os.environ, "NO_PROXY": "*"})


class OpenApi(OrdersTest):
    SETTINGS = ("server.rate_limits=false", "orders.mode=paper-send", "orders.allow_send=true",
                "orders.auto_promote=true")

    def resident(self, server):
        for line in pathlib.Path(f"/proc/{server.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        return 0

    def files(self, server):
        return len(os.listdir(f"/proc/{server.process.pid}/fd"))

    def test_every_route_keeps_to_the_description(self):
        server = self.server()
        tokens = [server.token(scope) for scope in ("read", "trade", "admin")]
        server.start()
        files = self.files(server)
        first = node("openapi.mjs", f"http://localhost:{server.port}", *tokens)
        print(first.stdout, end="")
        self.assertEqual(first.returncode, 0, first.stderr)
        resident = self.resident(server)
        again = node("openapi.mjs", f"http://localhost:{server.port}", *tokens)
        self.assertEqual(again.returncode, 0, again.stderr)
        # What the second time takes for good: keys and rows of the same requests once more.
        grown = self.resident(server) - resident
        print(f"after the same again: {grown / MEBIBYTE:.1f} MiB more, "
              f"{self.files(server) - files} files more")
        self.assertLess(grown, 64 * MEBIBYTE)
        self.assertLessEqual(self.files(server), files + 8)
        self.assertIsNone(server.process.poll())
        self.assertEqual(server.stop(), 0, server.errors())


if __name__ == "__main__":
    main()
