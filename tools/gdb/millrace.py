"""Shows Millrace's numbers in GDB as people write them: 101.25 instead of {raw_ = 101250000000}.

Load it with `source tools/gdb/millrace.py`, or put that line in ~/.gdbinit.
"""
import datetime

import gdb
import gdb.printing

ABSENT = -(2**63)  # Maybe<T>
EPOCH = datetime.datetime(1970, 1, 1)


def decimal(raw, scale):
    """`raw` with its last `scale` digits behind the point, and no zeros at the end."""
    digits = str(abs(raw)).rjust(scale + 1, "0")
    text = f"{digits[:-scale]}.{digits[-scale:]}".rstrip("0").rstrip(".")
    return ("-" if raw < 0 else "") + text


def instant(nanoseconds):
    """RFC 3339 in UTC, with as many digits of the second as are not zero."""
    seconds, rest = divmod(nanoseconds, 10**9)
    text = (EPOCH + datetime.timedelta(seconds=seconds)).isoformat()
    return text + (f".{rest:09d}".rstrip("0") if rest else "") + "Z"


class Number:
    """A noun of base that is one integer."""

    def __init__(self, value):
        self.type = value.type.strip_typedefs()
        self.raw = int(value[self.member])

    def to_string(self):
        return self.text_of(self.type, self.raw)


class FixedPoint(Number):
    member = "raw_"

    @staticmethod
    def text_of(of_type, raw):
        return decimal(raw, int(of_type.template_argument(1)))


class Time(Number):
    member = "ns_"

    @staticmethod
    def text_of(_, nanoseconds):
        return instant(nanoseconds)


class Duration(Number):
    member = "ns_"

    @staticmethod
    def text_of(_, nanoseconds):
        return decimal(nanoseconds, 9) + " s"


class Id(Number):
    member = "value_"

    @staticmethod
    def text_of(of_type, value):
        tag = str(of_type.template_argument(0)).rpartition("::")[2]
        return f"{tag[:-3] if tag.endswith('Tag') else tag} {value}"


class Maybe(Number):
    member = "raw_"

    @staticmethod
    def text_of(of_type, raw):
        inner = of_type.template_argument(0).strip_typedefs()
        shown_by = FixedPoint if "FixedPoint<" in str(inner) else Time
        return "absent" if raw == ABSENT else shown_by.text_of(inner, raw)


class Text:
    """A short string inside its owner."""

    def __init__(self, value):
        array = value["bytes_"]
        self.array = array[array.type.fields()[0].name]  # the C array inside std::array
        self.size = self.array.type.strip_typedefs().range()[1] + 1

    def to_string(self):
        raw = bytes(int(self.array[i]) & 0xFF for i in range(self.size))
        return raw.partition(b"\0")[0].decode("utf-8", "replace")

    @staticmethod
    def display_hint():
        return "string"


def printers():
    collection = gdb.printing.RegexpCollectionPrettyPrinter("millrace")
    for shown_by in (FixedPoint, Id, Maybe, Text):
        name = shown_by.__name__
        collection.add_printer(name, f"^millrace::{name}<.*>$", shown_by)
    for shown_by in (Time, Duration):
        collection.add_printer(shown_by.__name__, f"^millrace::{shown_by.__name__}$", shown_by)
    return collection


gdb.printing.register_pretty_printer(gdb.current_objfile(), printers(), replace=True)
