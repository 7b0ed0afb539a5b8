#!/usr/bin/env python3
"""The reader of pages sees what stands in them."""
import unittest

import pages

PAGE = """# A page

```console
$ one
first
$ two \\
> more  # exits 4
```

   <!-- not run: it has a reason -->
   ```sh
   cat <<END
   text
   END
   # a comment
   three # exits 2
   ```
"""


class Pages(unittest.TestCase):
    def setUp(self):
        self.blocks = pages.blocks_of("page.md", PAGE)

    def test_blocks_lose_their_indentation_and_keep_their_reason(self):
        self.assertEqual([(block.line, block.language, block.not_run) for block in self.blocks],
                         [(3, "console", ""), (11, "sh", "it has a reason")])
        self.assertEqual(self.blocks[1].lines[0], "cat <<END")

    def test_console_blocks_are_commands_with_output_and_code(self):
        one, two = pages.statements_of(self.blocks[0])
        self.assertEqual((one.text, one.output, one.code), ("one", ["first"], 0))
        self.assertEqual((two.text, two.output, two.code), ("two \\\nmore  # exits 4", [], 4))
        self.assertEqual(two.where, "page.md:6")

    def test_sh_blocks_are_statements_with_a_code(self):
        cat, three = pages.statements_of(self.blocks[1])
        self.assertEqual((cat.text, cat.code), ("cat <<END\ntext\nEND", 0))
        self.assertEqual((three.code, three.output), (2, None))

    def test_output_must_be_equal_but_for_what_differs(self):
        self.assertTrue(pages.matches(["a", "b"], ["a", "b  "]))
        self.assertFalse(pages.matches(["a"], ["a", "b"]))
        self.assertFalse(pages.matches([], ["a"]))
        self.assertTrue(pages.matches(["in … s"], ["in 1.2 s"]))
        self.assertFalse(pages.matches(["in … s"], ["in 1.2 m"]))
        self.assertTrue(pages.matches(["a", "…", "d"], ["a", "b", "c", "d"]))
        self.assertTrue(pages.matches(["a", "...", "d"], ["a", "d"]))
        self.assertFalse(pages.matches(["a", "…", "d"], ["a", "b"]))

    def test_output_before_any_command_is_refused(self):
        with self.assertRaises(ValueError):
            pages.statements_of(pages.Block("page.md", 1, "console", ["output"]))
        with self.assertRaises(ValueError):
            pages.blocks_of("page.md", "```sh\nmillrace\n")

    def test_anchors_are_those_of_the_headings(self):
        self.assertEqual(pages.slug_of("The `.env` file"), "the-env-file")


if __name__ == "__main__":
    unittest.main()
