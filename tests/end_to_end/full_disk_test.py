#!/usr/bin/env python3
"""A disk that fills up is an error with a mend, never a crash, and the journal stays sound."""
import resource
import signal
import subprocess

from program import DEADLINE, Program, main, segments_of

MEBIBYTE = 1 << 20
NAMESPACES = (["unshare", "--mount"], ["unshare", "--user", "--map-root-user", "--mount"])
SCRIPT = """
mount -t tmpfs -o size=8m none small || exit 77
"$0" journal generate small/journal --records 10000000
echo "generate exits $?"
"$0" journal verify small/journal
echo "verify exits $?"
"$0" journal replay small/journal
echo "replay exits $?"
"""


class FullDisk(Program):
    def test_a_small_disk_fills_up(self):
        (self.folder / "small").mkdir()
        for namespace in NAMESPACES:
            ran = subprocess.run([*namespace, "sh", "-c", SCRIPT, str(self.path)], text=True,
                                 cwd=self.folder, env=self.environment, capture_output=True,
                                 timeout=DEADLINE, check=False)
            if "generate exits" in ran.stdout:
                break
        else:
            print("skipped: nothing may be mounted here; the next test limits the file instead")
            self.skipTest("no small disk can be mounted")
        self.assertIn("generate exits 4\n", ran.stdout, ran.stderr)
        self.assertIn("No space left on device", ran.stderr)
        self.assertIn("mend: free space on that disk", ran.stderr)
        self.assertIn("verify exits 0\n", ran.stdout, ran.stderr)
        self.assertIn("replay exits 0\n", ran.stdout, ran.stderr)
        self.assertNotIn("replayed      0 records", ran.stdout)

    def test_a_limit_on_file_sizes_is_like_a_full_disk(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (3 * MEBIBYTE, 3 * MEBIBYTE))
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # which Python has switched off

        ran = self.run_program("journal", "generate", "journal", preexec_fn=limit)
        self.assertEqual(ran.returncode, 4, ran.stderr)
        self.assertIn("File too large", ran.stderr)
        self.assertIn("mend: raise the limit of file sizes", ran.stderr)
        self.assertGreater(len(segments_of(self.folder / "journal")), 0)
        verified = self.answer("journal", "verify", "journal")
        self.assertEqual(self.answer("journal", "replay", "journal")["applied"],
                         verified["records"])


if __name__ == "__main__":
    main()
