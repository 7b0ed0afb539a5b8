#!/usr/bin/env python3
"""Clients that others wrote: curl, Python's http.client, Node's fetch and ws, headless Chromium;
each plain and over TLS."""
import http.client
import json
import os
import ssl
import subprocess

from openapi_test import node
from server import OrdersTest, main

WISH = {"symbol": "AAPL", "side": "BUY", "quantity": 1, "order_type": "LMT", "price": 99.5}


class Interop(OrdersTest):
    def started(self, secure):
        server = self.server()
        self.read, self.trade = server.token("read"), server.token("trade")
        if secure:
            server.secure()
        server.start()
        self.base = f"{'https' if secure else 'http'}://localhost:{server.port}"
        return server

    def curl(self, server, *words):
        trusted = ["--cacert", server.certificate] if server.context else []
        ran = subprocess.run(["curl", "--silent", "--show-error", "--max-time", "20", "--noproxy",
                              "*", "-w", "\n%{http_code}", *trusted, *words], timeout=60,
                             capture_output=True, text=True, check=False)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        text, _, status = ran.stdout.rpartition("\n")
        return int(status), json.loads(text)

    def check_curl(self, server):
        trade = ("-H", f"Authorization: Bearer {self.trade}")
        intents = self.base + "/api/v1/orderintents"
        wish = ("--json", json.dumps(WISH), "-H", "Idempotency-Key: curl-1", intents)
        self.assertTrue(self.curl(server, self.base + "/healthz")[1]["ok"])
        status, taken = self.curl(server, *trade, *wish)
        self.assertEqual((status, sorted(taken)), (202, ["id", "status", "symbol"]))
        self.assertEqual(self.curl(server, *trade, *wish)[0], 409)
        chain = self.curl(server, *trade, f"{intents}/{taken['id']}")[1]
        self.assertEqual((chain["idempotency_key"], chain["price"]), ("curl-1", "99.5"))
        self.assertEqual(self.curl(server, *wish)[0], 401)
        # In chunks, and after leave to send them.
        status, _ = self.curl(server, *trade, "-H", "Expect: 100-continue", "-H",
                              "Transfer-Encoding: chunked", "-H", "Idempotency-Key: curl-2", "-H",
                              "Content-Type: application/json", "-d", json.dumps(WISH), intents)
        self.assertEqual(status, 202)

    def check_http_client(self, server):
        if server.context:
            line = http.client.HTTPSConnection("localhost", server.port, timeout=20,
                                               context=server.context)
        else:
            line = http.client.HTTPConnection("localhost", server.port, timeout=20)
        head = {"Authorization": f"Bearer {self.trade}", "Content-Type": "application/json"}
        for number in range(50):  # on one connection
            line.request("POST", "/api/v1/orderintents", json.dumps(WISH),
                         head | {"Idempotency-Key": f"python-{number}"})
            answer = line.getresponse()
            taken = json.loads(answer.read())
            self.assertEqual((answer.status, taken["symbol"]), (202, "AAPL"))
        line.request("GET", "/intents?limit=50", headers=head)
        rows = json.loads(line.getresponse().read())
        self.assertEqual([row["idempotency_key"] for row in rows],
                         [f"python-{number}" for number in reversed(range(50))])
        line.close()

    def check_others(self, server):
        if server.context:
            os.environ["NODE_EXTRA_CA_CERTS"] = str(server.certificate)
            self.addCleanup(os.environ.pop, "NODE_EXTRA_CA_CERTS", None)
        for script, *words in (("node_client.mjs", self.base, self.read, self.trade),
                               ("browser.mjs", self.base, self.trade)):
            ran = node(script, *words)
            print(ran.stdout, end="")
            self.assertEqual(ran.returncode, 0, ran.stderr[-3000:])

    def test_plain(self):
        server = self.started(secure=False)
        self.check_curl(server)
        self.check_http_client(server)
        self.check_others(server)
        self.assertEqual(server.stop(), 0, server.errors())

    def test_over_tls(self):
        server = self.started(secure=True)
        self.check_curl(server)
        self.check_http_client(server)
        self.check_others(server)
        with self.assertRaises(ssl.SSLCertVerificationError):
            http.client.HTTPSConnection("localhost", server.port, timeout=20).request("GET", "/")
        self.assertNotIn(b"200 OK", server.raw(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        self.assertEqual(server.stop(), 0, server.errors())


if __name__ == "__main__":
    main()
