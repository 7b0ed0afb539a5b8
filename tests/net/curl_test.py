"""The server against curl, plain and over TLS."""
import json
import subprocess
import unittest

from sample import PROGRAM, Sample


def curl(*words):
    ran = subprocess.run(["curl", "--silent", "--show-error", "--max-time", "20", "--noproxy", "*",
                          *words], capture_output=True, text=True, timeout=60)
    return ran.returncode, ran.stdout


class Curl(unittest.TestCase):
    def test_reads_and_writes(self):
        with Sample(PROGRAM) as server:
            base = f"http://localhost:{server.port}"
            self.assertEqual(curl(base + "/health"), (0, '{"status":"ok"}'))
            code, out = curl("-H", f"Authorization: Bearer {server.token}", base + "/who")
            self.assertEqual((code, json.loads(out)["scope"]), (0, "trade"))
            code, out = curl("--json", "[1,2]", base + "/echo")
            self.assertEqual((code, out), (0, "[1,2]"))
            # In chunks, and after leave to send them.
            body = json.dumps(["x" * 200_000])
            ran = subprocess.run(["curl", "-s", "--noproxy", "*", "-H", "Expect: 100-continue",
                                  "-H",
                                  "Transfer-Encoding: chunked", "-H",
                                  "Content-Type: application/json", "--data-binary", "@-",
                                  base + "/echo"], input=body, capture_output=True, text=True,
                                 timeout=60)
            self.assertEqual(ran.stdout, body)
            code, out = curl("-I", base + "/big")
            self.assertIn("Content-Length: 3000000", out)
            code, out = curl(base + "/big", base + "/late", base + "/big")
            self.assertEqual(len(out), 6_000_000 + 20)
            code, out = curl("-o", "/dev/null", "-w", "%{http_code}", "-H", "Host: evil.com",
                             base + "/health")
            self.assertEqual(out, "421")

    def test_speaks_TLS_and_verifies(self):
        with Sample(PROGRAM, secure=True) as server:
            url = f"https://localhost:{server.port}/health"
            self.assertEqual(curl("--cacert", server.certificate, url), (0, '{"status":"ok"}'))
            self.assertEqual(curl(url)[0], 60)  # not known to the system's authorities


if __name__ == "__main__":
    unittest.main()
