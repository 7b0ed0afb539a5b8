"""A running `millrace serve orders` for tests: its life and death, and a client for loads.

A test file ends with `main()`; ctest calls it as: x_test.py PROGRAM [unittest's words].
"""
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest

DEADLINE = 60  # of any wait, in seconds
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
PROGRAM = pathlib.Path()


def wait_until(happens, what, seconds=DEADLINE):
    """Asks again and again, with pauses, so that the server gets the processor."""
    end, pause = time.monotonic() + seconds, threading.Event()
    while not (found := happens()):
        assert time.monotonic() < end, f"in vain for {seconds} s: {what}"
        pause.wait(0.01)
    return found


class Answer:
    def __init__(self, status, text, headers=None):
        self.status, self.text, self.headers = status, text, headers or {}

    @property
    def json(self):
        return json.loads(self.text)

    def __repr__(self):
        return f"{self.status} {self.text[:500]}"


class Wire:
    """One kept connection, HTTP by hand: Python's own client takes more time than the server."""

    def __init__(self, port, token, seconds):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=seconds)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.head = f"Host: localhost\r\nAuthorization: Bearer {token}\r\n"

    def ask(self, method, path, body=None, key=""):
        """Raises OSError when the server is gone before the answer was whole."""
        data = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\n{self.head}Content-Length: {len(data)}\r\n"
        head += "Content-Type: application/json\r\n" if data else ""
        head += f"Idempotency-Key: {key}\r\n" if key else ""
        self.socket.sendall(head.encode() + b"\r\n" + data)
        got = b""
        while (end := got.find(b"\r\n\r\n")) < 0:
            got += self.more()
        whole = end + 4 + int(LENGTH.search(got, 0, end).group(1))
        while len(got) < whole:
            got += self.more()
        assert len(got) == whole, got
        return Answer(int(got[9:12]), got[end + 4:].decode())

    def more(self):
        got = self.socket.recv(65536)
        if not got:
            raise ConnectionResetError("the server is gone")
        return got

    def close(self):
        self.socket.close()


class OrdersServer:
    """Over one data directory, started as often as wanted. Settings are words for --set."""

    def __init__(self, folder, settings=(), environment=None, prefix=()):
        self.folder, self.settings = pathlib.Path(folder), list(settings)
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8",
                            **(environment or {})}
        self.data = self.folder / "millrace-data"
        self.prefix = list(prefix)  # words before the program, which becomes their process
        self.process, self.port, self.context, self.certificate = None, 0, None, None
        self.tokens = {}

    def run(self, *words, **options):
        """Another millrace over the same data directory."""
        return subprocess.run([*self.prefix, PROGRAM, *words], cwd=self.folder,
                              env=self.environment, text=True, capture_output=True,
                              timeout=DEADLINE * 2, check=False, **options)

    def answer(self, *words, code=0):
        ran = self.run(*words, "--json", "--quiet")
        assert ran.returncode == code, f"{words}\n{ran.stdout}{ran.stderr}"
        return json.loads(ran.stdout)

    def token(self, scope):
        """Made once; before the first start, or it takes a second or two until it counts."""
        if scope not in self.tokens:
            self.tokens[scope] = self.answer("token", "create", f"test {scope}", "--scope",
                                             scope)["token"]
        return self.tokens[scope]

    def secure(self):
        """TLS with a certificate of its own; before the start."""
        self.certificate, key = self.folder / "certificate.pem", self.folder / "key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-days", "1", "-subj", "/CN=millrace test", "-keyout", key, "-out",
             self.certificate, "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
            check=True, capture_output=True)
        key.chmod(0o600)
        self.settings += [f"server.tls_certificate={self.certificate}", f"server.tls_key={key}"]
        self.context = ssl.create_default_context(cafile=self.certificate)

    def launch(self, *words):
        """Starts it without waiting; its output goes to files of the test's folder."""
        (self.data / "run.json").unlink(missing_ok=True)
        sets = [word for setting in ["server.port=0", *self.settings]
                for word in ("--set", setting)]
        with open(self.folder / "out.txt", "ab") as out, open(self.folder / "err.txt", "ab") as err:
            self.process = subprocess.Popen(
                [*self.prefix, PROGRAM, "serve", "orders", *words, *sets], cwd=self.folder,
                stdout=out, stderr=err, stdin=subprocess.DEVNULL, env=self.environment)

    def start(self, *words):
        self.launch(*words)
        self.port = wait_until(self.told_port, "run.json with the port")
        wait_until(lambda: self.ask("GET", "/ready").status == 200, "GET /ready")
        return self

    def told_port(self):
        assert self.process.poll() is None, f"it ended: {self.process.returncode}\n{self.errors()}"
        try:
            url = json.loads((self.data / "run.json").read_text())["url"]
        except (OSError, ValueError):
            return 0
        return int(url.rpartition(":")[2].strip("/"))

    def errors(self):
        return (self.folder / "err.txt").read_text(errors="replace")[-4000:]

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        assert self.process.wait(DEADLINE) == -signal.SIGKILL, self.errors()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(DEADLINE)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.end()

    def end(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait(DEADLINE)

    def ask(self, method, path, body=None, headers=None, scope=""):
        """One request by Python's http.client; the body is JSON, or bytes as they are."""
        if self.context:
            line = http.client.HTTPSConnection("localhost", self.port, timeout=DEADLINE,
                                               context=self.context)
        else:
            line = http.client.HTTPConnection("localhost", self.port, timeout=DEADLINE)
        sent = dict(headers or {})
        if scope:
            sent["Authorization"] = f"Bearer {self.token(scope)}"
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        data = body if body is None or isinstance(body, (bytes, str)) else json.dumps(body)
        try:
            line.request(method, path, data, sent)
            got = line.getresponse()
            return Answer(got.status, got.read().decode(), got.headers)
        finally:
            line.close()

    def wire(self, scope="trade", seconds=DEADLINE):
        return Wire(self.port, self.token(scope), seconds)

    def raw(self, data, seconds=DEADLINE):
        """What comes back for bytes as they are, until the server closes or answers no more."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as line:
            line.sendall(data)
            line.shutdown(socket.SHUT_WR)
            got = b""
            while more := line.recv(65536):
                got += more
            return got

    def ledger(self, file=None):
        """The ledger or a copy of it, read only, every column by its name."""
        connection = sqlite3.connect(f"file:{file or self.data / 'millrace.db'}?mode=ro", uri=True,
                                     timeout=DEADLINE)
        connection.row_factory = sqlite3.Row
        return connection


class OrdersTest(unittest.TestCase):
    SETTINGS = ()
    ENVIRONMENT = {}

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="millrace-orders-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def server(self, settings=(), environment=None, prefix=()):
        """One that is not running yet, and will not be after the test."""
        made = OrdersServer(self.folder, [*self.SETTINGS, *settings],
                            {**self.ENVIRONMENT, **(environment or {})}, prefix)
        self.addCleanup(made.end)
        return made


def main():
    global PROGRAM
    # As a module, so that a test file and this one agree on what the program is.
    sys.modules["server"].PROGRAM = PROGRAM = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main(module="__main__")
