"""The server against Python's http.client, plain and over TLS, and with many threads."""
import http.client
import json
import ssl
import threading
import unittest

from sample import PROGRAM, Sample


class HttpClient(unittest.TestCase):
    def ask(self, connection, method, path, body=None, headers=None):
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()

    def test_keeps_one_connection(self):
        with Sample(PROGRAM) as server:
            connection = http.client.HTTPConnection("localhost", server.port, timeout=20)
            for _ in range(3):
                self.assertEqual(self.ask(connection, "GET", "/items/a?limit=5"),
                                 (200, b'{"id":"a","limit":5}'))
            chunks = (piece for piece in (b'{"a"', b":", b"1}"))
            self.assertEqual(self.ask(connection, "POST", "/echo", chunks), (200, b'{"a":1}'))
            status, body = self.ask(connection, "GET", "/nothing")
            self.assertEqual((status, json.loads(body)["status"]), (404, 404))
            status, body = self.ask(connection, "HEAD", "/big")
            self.assertEqual((status, body), (200, b""))
            connection.close()

    def test_many_threads_get_their_own_answers(self):
        with Sample(PROGRAM) as server:
            wrong = []

            def work(number):
                connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
                for turn in range(100):
                    name = f"{number}-{turn}"
                    status, body = self.ask(connection, "GET", f"/items/{name}")
                    if status != 200 or json.loads(body)["id"] != name:
                        wrong.append((name, status, body))
                connection.close()

            threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual(wrong, [])

    def test_speaks_TLS(self):
        with Sample(PROGRAM, secure=True) as server:
            context = ssl.create_default_context(cafile=server.certificate)
            connection = http.client.HTTPSConnection("localhost", server.port, timeout=20,
                                                     context=context)
            self.assertEqual(self.ask(connection, "GET", "/big")[1], b"b" * 3_000_000)
            connection.close()
            with self.assertRaises(ssl.SSLCertVerificationError):
                stranger = http.client.HTTPSConnection("localhost", server.port, timeout=20)
                stranger.request("GET", "/")


if __name__ == "__main__":
    unittest.main()
