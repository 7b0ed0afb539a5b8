"""Reads C++ just well enough for the house rules: code, comments, and the extent of functions.

It is no parser. It relies on our layout (clang-format) and, where it cannot follow, says nothing.
"""
import re

# One alternation, so that a quote inside a comment or a slash inside a string is never misread.
# Numbers are consumed because of their digit separators (1'000'000).
_TOKEN = re.compile(r'''
    (?P<comment>//(?:\\\n|[^\n])*|/\*.*?(?:\*/|\Z))
  | (?P<raw>R"(?P<mark>[^ ()\\\t\n]{0,16})\(.*?(?:\)(?P=mark)"|\Z))
  | (?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+')
  | (?P<number>\b[0-9](?:'?\w|\.)*)
''', re.VERBOSE | re.DOTALL)
_DIRECTIVE = re.compile(r"^[ \t]*#(?:\\\n|[^\n])*", re.MULTILINE)
_INCLUDE = re.compile(r'^\s*#\s*include\s*(<[^>\n]+>|"[^"\n]+")')


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


class CppText:
    """One file: its `lines`, and its `code`, the same with comments and literals blanked out."""

    def __init__(self, source):
        self.lines = source.split("\n")
        self.raw_literal_lines = set()  # lines within a raw string, which no tool can break
        self._source = source
        self.code = _TOKEN.sub(self._blanked, source)
        self.code_lines = self.code.split("\n")

    def _blanked(self, match):
        text = match.group()
        if match.group("number"):
            return text
        if match.group("comment"):
            return _blank(text)
        if match.group("raw"):
            first = self._source.count("\n", 0, match.start()) + 1
            self.raw_literal_lines.update(range(first, first + text.count("\n") + 1))
        return text[0] + _blank(text[1:-1]) + text[-1]

    def includes(self):
        """(line number, "<...>" or quoted path) of every include that is not commented out."""
        for number, code in enumerate(self.code_lines, 1):
            if "include" in code and code.lstrip().startswith("#"):
                match = _INCLUDE.match(self.lines[number - 1])
                if match:
                    yield number, match.group(1)

    def functions(self):
        """(first line, last line) of each function body at file, namespace or class scope."""
        code = _DIRECTIVE.sub(lambda match: _blank(match.group()), self.code)
        found, scopes, header, line, inside = [], [], "", 1, None
        for character in code:
            if character == "\n":
                line += 1
            if inside:  # within a body or an initializer: only its end matters
                inside["depth"] += (character == "{") - (character == "}")
                if inside["depth"] == 0:
                    if inside["kind"] == "body":
                        found.append((inside["line"], line))
                        header = ""
                    inside = None
            elif character == "{":
                kind = _kind_of_block(header)
                if kind == "scope":
                    scopes.append(line)
                    header = ""
                else:
                    inside = {"kind": kind, "line": line, "depth": 1}
            elif character == "}":
                if not scopes:
                    return []  # the braces do not balance: a macro that we cannot follow
                scopes.pop()
                header = ""
            else:
                header = "" if character == ";" else header + character
        return [] if scopes or inside else found


def _kind_of_block(header):
    """What the `{` after `header` opens: a namespace or type, a function body or an initializer."""
    if header and (header[-1].isalnum() or header[-1] in "_>)]({,"):
        return "initializer"  # a body's brace has a space before it; that of `size_{0}` has none
    words = header.strip()
    if re.match(r'(inline\s+)?namespace\b|extern\s+"\s*"$', words):
        return "scope"
    if re.search(r"(^|>\s*|\]\]\s*)(class|struct|union|enum)\b", words):
        return "scope"
    if words.endswith("=") or "(" not in words:
        return "initializer"
    return "body"
