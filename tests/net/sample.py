"""Runs the sample server for a test of somebody else's client: `with Sample(words) as server:`."""
import pathlib
import subprocess
import sys
import tempfile


class Sample:
    def __init__(self, program, secure=False):
        self.program, self.secure = program, secure

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="millrace-net-")
        folder = pathlib.Path(self.folder.name)
        words = [self.program, str(folder / "data")]
        if self.secure:
            self.certificate, key = folder / "certificate.pem", folder / "key.pem"
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                 "-nodes", "-days", "1", "-subj", "/CN=millrace test", "-keyout", key, "-out",
                 self.certificate, "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
                check=True, capture_output=True)
            key.chmod(0o600)
            words += [self.certificate, key]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)
        port, self.token = self.process.stdout.readline().split()
        self.port = int(port)
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        code = self.process.wait(timeout=30)
        self.process.stdout.close()
        self.folder.cleanup()
        assert code == 0, f"the server ended with {code}"


PROGRAM = sys.argv.pop(1)
