"""Reads pages of Markdown: their fenced blocks, the statements in them, and what was opted out."""
import dataclasses
import re

FENCE = re.compile(r"^(\s*)```(\S*)\s*$")
OPT_OUT = re.compile(r"^\s*<!-- not run: (.+) -->\s*$")
EXITS = re.compile(r"#\s*exits (\d+)\s*$")
HEREDOC = re.compile(r"<<-?\s*'?(\w+)'?")


@dataclasses.dataclass
class Block:
    page: str
    line: int  # of the opening fence
    language: str
    lines: list
    not_run: str = ""  # the reason


@dataclasses.dataclass
class Statement:
    where: str
    text: str
    code: int
    output: list = None  # the lines it must print; None when the page does not show them


def blocks_of(page, text):
    """Every fenced block of a page, without the indentation of its fence."""
    blocks, opened, above = [], None, ""
    for number, line in enumerate(text.splitlines(), 1):
        fence = FENCE.match(line)
        if opened is None and fence:
            reason = OPT_OUT.match(above)
            opened = Block(page, number, fence.group(2), [], reason.group(1) if reason else "")
            indent = len(fence.group(1))
        elif opened is not None and fence:
            blocks.append(opened)
            opened = None
        elif opened is not None:
            opened.lines.append(line[indent:] if not line[:indent].strip() else line)
        above = line
    if opened is not None:
        raise ValueError(f"{page}:{opened.line}: the block never ends")
    return blocks


def joined(lines, at, goes_on):
    """The statement that begins at lines[at], over its continuations; and where it ends."""
    text = lines[at]
    heredoc = HEREDOC.search(text)
    while at + 1 < len(lines) and (text.endswith("\\") or heredoc):
        at += 1
        text += "\n" + goes_on(lines[at])
        if heredoc and goes_on(lines[at]) == heredoc.group(1):
            break
    return text, at + 1


def statement(block, at, text, output=None):
    code = EXITS.search(text)
    where = f"{block.page}:{block.line + 1 + at}"
    return Statement(where, text, int(code.group(1)) if code else 0, output)


def sh_statements(block):
    found, at = [], 0
    while at < len(block.lines):
        text, end = joined(block.lines, at, lambda line: line)
        if text.strip() and not text.lstrip().startswith("#"):
            found.append(statement(block, at, text))
        at = end
    return found


def console_statements(block):
    found, at = [], 0
    while at < len(block.lines):
        begin = at
        if not block.lines[at].startswith("$ "):
            raise ValueError(f"{block.page}:{block.line + 1 + at}: output without a command")
        text, at = joined(block.lines, at, lambda line: line.removeprefix("> "))
        output = []
        while at < len(block.lines) and not block.lines[at].startswith("$ "):
            output.append(block.lines[at])
            at += 1
        found.append(statement(block, begin, text[2:], output))
    return found


def statements_of(block):
    return {"sh": sh_statements, "console": console_statements}[block.language](block)


def matches(expected, printed):
    """Whether the printed lines are the expected ones; … and ... stand for anything."""
    pattern = ""
    for line in expected:
        if line.strip() in ("…", "..."):
            pattern += r"(?:.*\n)*?"
        else:
            parts = re.split(r"…|\.\.\.", line.rstrip())
            pattern += ".*?".join(re.escape(part) for part in parts) + "\n"
    text = "".join(line.rstrip() + "\n" for line in printed)
    return re.fullmatch(pattern, text) is not None


def slug_of(heading):
    """The anchor that a heading of Markdown gets."""
    kept = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower())
    return kept.strip().replace(" ", "-")
