"""What a field is given that expects something else: a fixed list of the worst, and as much by lot as is asked for."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

# Written as typed; how it travels is the matter of `wire.py`. Whatever stands in TRACES appears raw in no answer.
TRACES = ("<zq", "<script>zq", "<img src=zq", "<svg onload=zq", "1512529", "zq:root")
_TEXTS: tuple[bytes, ...] = tuple(
    text.encode("utf-8", "surrogatepass")
    for text in (
        "", " ", "\t\n ", "\x00", "a\x00b", "\x01\x08\x0b\x1b[31m\x7f", "\x85\u2028\u2029", "\ud800", "a\udfffb", "\ufffe\uffff",
        "\u202egnp.exe", "\u2066\u2067\u2069", "\u200b\u200d\ufeff", "e\u0301\u0323", "a" + "\u0301" * 600, "🏳️‍🌈👩‍👩‍👧‍👦", "ﷺ" * 40,
        "ﬁ Å ﾊﾟ",
        "0", "-0", "-1", "1", "2", "3", "99", "2147483647", "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808",
        "1" + "0" * 400, "9" * 5000, "1e9", "1e308", "1e999999999", "-1E-400", "NaN", "nan", "sNaN", "Infinity", "-inf", "0x10", "0b1",
        "1_000", "1,5", "1.5", "1.234.567,89", "٣", "۱۲٫۵", "１２", "①", "½", "Ⅳ", "१२", "-", "+5", " 7 ", "5.", ".5", "1.0000000000000001",
        "true", "on", "y", "n", "null", "None", "undefined", "[object Object]", "[]", "{}", '{"a": 1}',
        "2026-02-30", "2026-13-01", "2025-02-29", "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "-2026-01-01", "2026-3-1",
        "27.11.2026", "۲۰۲۶-۱۱-۲۷", "1405/09/06", "2026-11-27T00:00:00Z", "2026-W48-5", "yesterday", "2026-11-27\x00",
        "u", "p", "u0", "u-1", "u99999999999999999999", "p\u0663", "x1", "u1", "p1", "u1;p1", "idea", "realised", "IDEA", "responsible",
        "it", "en", "fa", "zz_ZZ", "../../etc/passwd", "UTC", "Etc/../../passwd", "EUR", "csv", "CX-1", "cx-١", "CX-99999999999999999999",
        "%s%s%n", "%(zq)s", "%", "%%", "100 %", "{0}", "{zq!r}", "{zq.__class__.__mro__}", "${191*7919}", "{{191*7919}}", "#{191*7919}",
        "{% raw %}", "{%for a in b%}", "<%= 191*7919 %>", "'", "''", '"', "`", "\\", "\\'", "' OR '1'='1", "1; DROP TABLE person --",
        "1) OR 1=1 --", "' UNION SELECT password_hash FROM person --", "%' AND pg_sleep(9) --", "_", "*", "^$", "(a+)+$", "[", "?", "~",
        "<zq>", "</textarea><zq>", '"><zq a=1>', "'><zq ", "<script>zq()</script>", "<img src=zq onerror=zq()>", "<svg onload=zq()>",
        "]]><zq>", "--><zq>", "&lt;zq&gt;", "&#60;zq&#62;", "javascript:zq()", "jaVa\tscript:zq()", "data:text/html,<zq>", "//zq.example/",
        "/\\zq.example", "https://zq.example/", "http://[",
        "/", "/sign-out", "/boards\r\nSet-Cookie: a=b", "a\r\nb", "a\rb", "a\nb", "\r\n\r\n",
        "=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "zq@example.org", "ZQ@EXAMPLE.ORG", "a@b", "@", "a@b\r\nBcc: c@d",
        '"a b"@c.d', "ä@ö.example",
        "مشتری نامه را نمی‌فهمد", "系统没有连接", "Ünïcödé ẞ", "İı", "Straße\u00ad", "$(id)", "; id", "| id", "`id`", "CON", "file:///etc/passwd",
        "x" * 201, "x" * 4001, "x y " * 20_000, "<zq>" * 300, "\n" * 3000,
    )
)  # fmt: skip
_NO_TEXTS = (
    b"\xff\xfe",
    b"\xc0\xaf",
    b"\xed\xa0\x80",
    b"\xf5\x80\x80\x80",
    b"caf\xe9",
    b"\xe2\x28\xa1",
    b"%ZZ",
    b"%u0041",
)
CORE = (*_TEXTS, *_NO_TEXTS)
HUGE = b"z" * 1_000_000
HUGE_LINES = b"z \xf0\x9f\x8c\x8d\r\n" * 40_000  # many characters that are no ASCII, and many lines

RANGES = (
    (0x00, 0x20), (0x20, 0x7F), (0x80, 0x24F), (0x300, 0x36F), (0x590, 0x6FF), (0x660, 0x66A), (0x6F0, 0x6FA), (0x2000, 0x206F),
    (0x4E00, 0x4F00), (0xD800, 0xE000), (0xFE00, 0xFE10), (0xFF10, 0xFF1A), (0x1F300, 0x1F700), (0xE0000, 0xE0080), (0x10FFF0, 0x110000),
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """What happens to one field: it brings `values` (none: it is missing), or a file in place of text."""

    values: tuple[bytes, ...]
    is_file: bool = False

    @property
    def text(self) -> str | None:
        """The one text that the field brings, as far as it is one."""
        if len(self.values) != 1 or self.is_file:
            return None
        try:
            return self.values[0].decode()
        except UnicodeDecodeError:
            return None

    def __str__(self) -> str:
        told = [v if len(v) < 60 else v[:50] + b"..(%d)" % len(v) for v in self.values]
        return f"{'a file' if self.is_file else ''}{told}"


def cases(lot: random.Random, usual: bytes, others: tuple[bytes, ...] = ()) -> Iterator[Case]:
    """Give cases without end, each drawn once before any comes again: the list, ids of `others`, and changes to the `usual` value."""
    first = [Case((one,)) for one in (*CORE, *others)]
    first += [
        Case(()), Case((b"", b"")), Case((usual, usual)), Case((usual, b"\x00")), Case((b"<zq>", usual)), Case((usual,), is_file=True),
        Case((b"zq" * 40,), is_file=True), Case(tuple(b"%d" % n for n in range(90))),
    ]  # fmt: skip
    lot.shuffle(first)
    yield from first
    while True:
        yield Case((_by_lot(lot, usual),))


def _by_lot(lot: random.Random, usual: bytes) -> bytes:
    kind = lot.randrange(5)
    if kind == 0:
        text = "".join(chr(lot.randrange(*lot.choice(RANGES))) for _ in range(lot.randrange(1, 80)))
        return text.encode("utf-8", "surrogatepass")
    if kind == 1:
        return lot.randbytes(lot.randrange(1, 60))
    if kind == 2:
        return b"%d" % (lot.choice((-1, 1)) * lot.getrandbits(lot.randrange(1, 200)))
    if kind == 3:
        return lot.choice(CORE) + lot.choice(CORE)
    at = lot.randrange(len(usual) + 1)
    return usual[:at] + lot.choice(CORE) + usual[at:]
