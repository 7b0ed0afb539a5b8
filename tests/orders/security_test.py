#!/usr/bin/env python3
"""Who may not, cannot: tokens, scopes, origins, hosts; and what is aimed at the parsers' seams."""
import base64
import hashlib
import hmac
import json
import re
import resource
import socket
import time

from server import OrdersTest, main, wait_until

WISH = {"symbol": "AAPL", "side": "BUY", "quantity": 1, "order_type": "LMT", "price": 100}
HEAD = b"GET /health HTTP/1.1\r\nHost: localhost\r\n"
POST = b"POST /api/v1/orderintents HTTP/1.1\r\nHost: localhost\r\n"
STATUS = re.compile(rb"HTTP/1\.1 \d{3} ")
IDLE = 2_000  # connections; tests/net has ten thousand
KEY = {"Idempotency-Key": "k"}


def signed(secret, kid="desk", alg="HS256", **claims):
    """A token of another role, as RFC 7519 writes it."""
    now = int(time.time())
    body = {"iss": "orchestrator", "aud": "orders", "jti": f"t{time.monotonic_ns()}", "iat": now,
            "nbf": now, "exp": now + 60, "scope": "trade", **claims}
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")
             for part in ({"alg": alg, "typ": "JWT", "kid": kid}, body)]
    parts.append(base64.urlsafe_b64encode(
        hmac.new(secret.encode(), b".".join(parts), hashlib.sha256).digest()).rstrip(b"="))
    return b".".join(parts).decode()


class Security(OrdersTest):
    SETTINGS = ("server.rate_limits=false",)

    def started(self, **options):
        server = self.server(**options)
        for scope in ("read", "trade", "admin"):
            server.token(scope)
        return server.start()

    def status(self, server, method, path, body=None, headers=None, scope=""):
        return server.ask(method, path, body, headers, scope).status

    def intents(self, server):
        return server.ledger().execute("SELECT count(*) FROM trading_intents").fetchone()[0]

    # who may

    def test_a_token_is_wanted_and_must_be_right(self):
        server = self.started()
        good = server.token("trade")
        head, name, secret = good.split("_", 2)
        other = server.token("admin").split("_", 2)
        last = "A" if secret[-2] != "A" else "B"
        wrong = ["", "x", secret, good[:-1], good + "A", good[:-2] + last + good[-1], good.upper(),
                 f"{head}_{'0' * 12}_{secret}", f"{head}_{other[1]}_{secret}",
                 f"{head}_{name}_{other[2]}", f"mr2_{name}_{secret}", f"{good} {good}",
                 "A" * 4000, "eyJhbGciOiJub25lIn0.eyJzY29wZSI6ImFkbWluIn0."]
        for text in wrong:
            for path, body in (("/api/v1/orderintents", WISH), ("/kill-switch", {"action": "engage",
                               "reason": "x"}), ("/api/v1/orders/cancel-all", None)):
                answer = server.ask("POST", path, body, {"Authorization": f"Bearer {text}", **KEY})
                self.assertEqual(answer.status, 401, (text, answer))
                self.assertNotIn(secret, answer.text)
        for scheme in (f"Basic {good}", good, f"Bearer{good}", "Bearer"):
            self.assertEqual(self.status(server, "POST", "/api/v1/orderintents", WISH,
                                         {"Authorization": scheme, **KEY}), 401, scheme)
        for query in (f"?token={good}", f"?access_token={good}", f"?x={good}"):
            self.assertEqual(self.status(server, "GET", f"/intents{query}"), 400, query)
        self.assertEqual(self.intents(server), 0)
        self.assertEqual(self.status(server, "POST", "/api/v1/orderintents", WISH, KEY, "trade"),
                         202)

    def test_a_scope_ends_where_it_ends(self):
        server = self.started()
        engage = {"action": "engage", "reason": "test"}
        release = {"action": "release", "reason": "test"}
        limit = {"limit": "max-order-qty", "value": "7"}
        for method, path, body in (("POST", "/api/v1/orderintents", WISH), ("POST", "/flatten",
                                   {"scope": "global", "reason": "x"}),
                                   ("POST", "/kill-switch", engage), ("PUT", "/limits", limit),
                                   ("POST", "/api/v1/orders/cancel-all", None)):
            self.assertEqual(self.status(server, method, path, body, KEY, "read"), 403, path)
        self.assertEqual(self.status(server, "PUT", "/limits", limit, scope="trade"), 403)
        self.assertEqual(self.status(server, "POST", "/kill-switch", engage, scope="trade"), 200)
        self.assertEqual(self.status(server, "POST", "/kill-switch", release, scope="trade"), 403)
        self.assertTrue(server.ask("GET", "/kill-switch", scope="read").json["engaged"])
        self.assertEqual(self.status(server, "POST", "/kill-switch", release, scope="admin"), 200)

    def test_tokens_end_by_time_and_by_revocation(self):
        server = self.server()
        server.token("admin")
        soon = server.answer("token", "create", "soon", "--scope", "trade", "--expires", "4s")
        gone = server.answer("token", "create", "gone", "--scope", "trade")
        server.start()

        def now(made):
            return self.status(server, "POST", "/api/v1/orderintents", WISH,
                               {"Authorization": f"Bearer {made['token']}", **KEY})

        self.assertIn(now(gone), (202, 409))
        server.answer("token", "revoke", gone["id"])
        wait_until(lambda: now(gone) == 401, "the revoked token ends", 5)
        wait_until(lambda: now(soon) == 401, "the token expires", 10)

    def test_tokens_of_other_roles_count_once_and_only_with_the_right_key(self):
        secret = "0123456789abcdef0123456789abcdef"
        server = self.server(environment={"DESK_KEY": f"desk:{secret}"})
        server.settings.append("server.service_key=env:DESK_KEY")
        server.start()
        keys = iter(range(1000))

        def sends(token):
            return self.status(server, "POST", "/api/v1/orderintents", WISH,
                               {"Authorization": f"Bearer {token}",
                                "Idempotency-Key": f"service-{next(keys)}"})

        good, long_ago = signed(secret), int(time.time()) - 600
        self.assertEqual(sends(good), 202)
        self.assertEqual(sends(good), 401, "a token is taken once")
        for wrong in (signed(secret[::-1]), signed(secret, kid="other"), signed(secret, alg="none"),
                      signed(secret, aud="gateway"),
                      signed(secret, exp=long_ago + 60, iat=long_ago),
                      signed(secret, exp=int(time.time()) + 3600), signed(secret) + "A"):
            self.assertEqual(sends(wrong), 401, wrong)
        self.assertEqual(sends(signed(secret, scope="read")), 403)

    def test_pages_of_strangers_and_names_of_others_are_turned_away(self):
        server = self.started()
        for origin in ("http://evil.example", "null", "https://localhost.evil.example",
                       "http://localhost:1", "file://"):
            for method, path, body in (("POST", "/api/v1/orderintents", WISH),
                                       ("GET", "/intents", None)):
                answer = server.ask(method, path, body, {"Origin": origin, **KEY}, "trade")
                self.assertEqual(answer.status, 403, origin)
                self.assertIsNone(answer.headers["Access-Control-Allow-Origin"])
            answer = server.ask("OPTIONS", "/api/v1/orderintents", headers={
                "Origin": origin, "Access-Control-Request-Method": "POST"})
            self.assertIsNone(answer.headers["Access-Control-Allow-Origin"])
        own = {"Origin": f"http://localhost:{server.port}"}
        self.assertEqual(self.status(server, "GET", "/intents", headers=own, scope="read"), 200)
        for host in ("evil.example", "localhost.evil.example", "127.0.0.1.evil.example",
                     "evil", f"evil.example:{server.port}", "169.254.169.254",
                     "localhost@evil.example"):
            self.assertEqual(self.status(server, "GET", "/health", headers={"Host": host}), 421,
                             host)
        self.assertEqual(self.intents(server), 0)

    # the seams

    def first(self, server, data):
        """The status of the first answer to bytes as they are, and how many answers there are."""
        got = server.raw(data, 20)
        return int(got[9:12]) if got else 0, len(STATUS.findall(got))

    def test_requests_cannot_be_smuggled_or_split(self):
        server = self.started()
        token = f"Authorization: Bearer {server.token('trade')}\r\n".encode()
        inside = POST + token + b"Idempotency-Key: hidden\r\nContent-Length: 0\r\n\r\n"
        for head in (b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                     b"Content-Length: 5\r\nContent-Length: 6\r\n", b"Content-Length: +5\r\n",
                     b"Content-Length: 5, 5\r\n", b"Content-Length: -1\r\n",
                     b"Content-Length: 5 5\r\n", b"Content-Length: 99999999999999999999\r\n",
                     b"Transfer-Encoding: xchunked\r\n",
                     b"Transfer-Encoding: chunked, identity\r\n",
                     b"Transfer-Encoding : chunked\r\n", b"Content-Length : 5\r\n",
                     b"X: a\r\n b\r\n", b"X: a\x00b\r\n", b"X\x00: a\r\n", b"X: a\rY: b\r\n",
                     b"X: a\nY: b\r\n", b": a\r\n", b"no colon\r\n", b"Host: localhost\r\n",
                     b"Host: evil.example\r\n"):
            status, answers = self.first(server, POST + token + head + b"\r\n0\r\n\r\n" + inside)
            self.assertIn(status, (400, 413, 501), head)
            self.assertEqual(answers, 1, head)
        for line in (b"GET /health\r\n\r\n", b"GET  /health HTTP/1.1\r\n\r\n",
                     b"GET /health HTTP/2.0\r\n\r\n", b"G\x00T /health HTTP/1.1\r\n\r\n",
                     b"GET /he\x01lth HTTP/1.1\r\nHost: localhost\r\n\r\n",
                     b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
                     b"GET /health HTTP/1.1\r\n\r\n",
                     b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"):
            status, answers = self.first(server, line)
            self.assertIn(status, (0, 400, 421, 505), line)
            self.assertLessEqual(answers, 1, line)
        self.assertEqual(self.intents(server), 0)

    def test_what_is_sent_in_a_header_stays_there(self):
        server = self.started()
        for name in (b"a\r\nSet-Cookie: x=1", b"a\nX-Evil: 1", b"a\x00b", b"\xff\xfe", b"a" * 65,
                     b"a b", b"<script>"):
            got = server.raw(HEAD + b"Connection: close\r\nX-Request-Id: " + name + b"\r\n\r\n", 20)
            head = got.partition(b"\r\n\r\n")[0].lower()
            self.assertNotIn(b"set-cookie", head)
            self.assertNotIn(b"\nx-evil", head)
            self.assertNotIn(b"x-request-id: " + name.lower(), head)
        answer = server.ask("GET", "/health", headers={"X-Request-Id": "mine-1"})
        self.assertEqual(answer.headers["X-Request-Id"], "mine-1")
        answer = server.ask("GET", "/nowhere/%0d%0aSet-Cookie:%20x=1")
        self.assertIn(answer.status, (400, 404))
        self.assertIsNone(answer.headers["Set-Cookie"])

    def test_no_path_leaves_its_folder(self):
        server = self.started()
        token = f"Authorization: Bearer {server.token('admin')}\r\n".encode()
        for path in ("/../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd",
                     "/api/v1/orderintents/..%2f..%2f..%2fetc%2fpasswd", "/..%5c..%5cetc%5cpasswd",
                     "/api/v1/../../../../etc/passwd", "/%252e%252e/etc/passwd",
                     "/limits/symbol/..%2f..%2ftokens", "/api/v1/orders/%00", "/.%2e/tokens",
                     "/limits/..%2f..%2f/-", "/tokens", "/token", "/millrace.db", "/run.json"):
            got = server.raw(b"GET " + path.encode() + b" HTTP/1.1\r\nHost: localhost\r\n" + token
                             + b"Connection: close\r\n\r\n", 20)
            self.assertIn(int(got[9:12]), (400, 404, 422), path)
            self.assertNotIn(b"root:", got)
            self.assertNotIn(server.token("admin").encode(), got)

    def test_what_is_too_large_is_refused_before_it_is_held(self):
        server = self.started()
        token = f"Authorization: Bearer {server.token('trade')}\r\n".encode()
        json = b"Content-Type: application/json\r\nIdempotency-Key: k\r\n"
        length = b"Content-Length: 10000000000\r\n\r\n"
        self.assertEqual(self.first(server, POST + token + json + length + b"{" * 1000)[0], 413)
        big = {"symbol": "AAPL", "client_tag": "x" * 70_000}
        self.assertEqual(self.status(server, "POST", "/api/v1/orderintents", big, KEY, "trade"),
                         413)
        chunk = b"4000\r\n" + b" " * 0x4000 + b"\r\n"
        self.assertEqual(self.first(server, POST + token + json + b"Transfer-Encoding: chunked\r\n"
                                    b"\r\n" + chunk * 100)[0], 413)
        self.assertEqual(self.first(server, HEAD + b"X: " + b"x" * 20_000 + b"\r\n\r\n")[0], 431)
        self.assertEqual(self.first(server, HEAD + b"X: y\r\n" * 101 + b"\r\n")[0], 431)
        self.assertEqual(self.first(server, b"GET /" + b"x" * 9_000 + b" HTTP/1.1\r\n"
                                    b"Host: localhost\r\n\r\n")[0], 414)
        for depth in (33, 1_000, 20_000):
            for opening, closing in (("[", "]"), ('{"a":', "}")):
                text = opening * depth + "1" + closing * depth
                status = self.status(server, "POST", "/api/v1/orderintents", text, KEY, "trade")
                self.assertIn(status, (400, 413, 422), depth)
        self.assertEqual(self.intents(server), 0)

    def test_the_slow_and_the_silent_keep_nobody_waiting(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        count = min(IDLE, hard - 200)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(count + 200, hard), hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        server = self.started()

        def connect(data):
            line = socket.create_connection(("127.0.0.1", server.port), timeout=30)
            self.addCleanup(line.close)
            if data:
                line.sendall(data)
            return line

        for _ in range(count):
            connect(b"")
        slow = [connect(b"GET /health HTTP/1.1\r\n") for _ in range(20)]
        slow += [connect(POST + b"Content-Length: 10\r\n\r\n{") for _ in range(20)]
        worst, ended, began = 0.0, 0, time.monotonic()
        for number in range(300):
            asked = time.monotonic()
            answer = server.ask("POST", "/api/v1/orderintents", WISH,
                                {"Idempotency-Key": f"k{number}"}, "trade")
            self.assertEqual(answer.status, 202)
            worst = max(worst, time.monotonic() - asked)
        for line in slow[:20]:  # one more byte each, which buys them no time
            line.sendall(b"X")
        for line in slow[:20]:
            got = line.recv(65536)
            self.assertIn(got[9:12], (b"408", b""))
            ended += 1
        print(f"beside {count} idle connections the slowest intent took {worst * 1e3:.1f} ms; "
              f"{ended} slow heads ended after {time.monotonic() - began:.1f} s")
        self.assertLess(worst, 2)


if __name__ == "__main__":
    main()
