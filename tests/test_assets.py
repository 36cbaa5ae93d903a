"""Style, scripts, icons and templates keep the promises that pages are built on.

Each test says which fault was planted to see it fail.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import re
from pathlib import Path

import pytest
from flask import Flask

from tracker import assets, paths

TEMPLATES = sorted(paths.TEMPLATES.rglob("*.html"))
SHEETS = sorted((paths.STATIC / "css").rglob("*.css"))
EVERYWHERE = sorted((paths.STATIC / "js" / "everywhere").glob("*.js"))

INLINE = re.compile(
    r"""\sstyle\s*=|\son[a-z]+\s*=\s*["']|<style\b|javascript:|\shx-on\b|<script\b(?![^>]*\bsrc=)""",
    re.IGNORECASE,
)
PHYSICAL = re.compile(
    r"""(?<![\w-])(?:
        (?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)[\w-]*
      | left | right | top | bottom
      | border-(?:top|bottom)-(?:left|right)-radius
    )\s*:
    | (?<![\w(-])(?:min-|max-)?(?:width|height)\s*:
    | (?:text-align|float|clear)\s*:\s*(?:left|right)\b""",
    re.VERBOSE,
)


def without_comments(text: str) -> str:
    return re.sub(r"/\*.*?\*/|\{#.*?#\}", "", text, flags=re.DOTALL)


def in_file(file: Path) -> str:
    return file.relative_to(paths.STATIC.parent).as_posix()


# A mail stands alone: it may fetch nothing, so its style comes with it; shown here, it lies in a sandboxed frame.
MAIL = paths.TEMPLATES / "notices" / "mail.html"


@pytest.mark.parametrize("file", sorted({*TEMPLATES} - {MAIL}), ids=in_file)
def test_no_template_carries_style_or_script(file):
    """Planted: `style="color: red"`, `onclick="go()"` and `<script>go()</script>` in app.html."""
    found = [match[0].strip() for match in INLINE.finditer(without_comments(file.read_text()))]
    assert not found, f"The content security policy refuses {found}; use a class or a module."


@pytest.mark.parametrize("file", SHEETS, ids=in_file)
def test_sheets_know_no_left_and_right(file):
    """Planted: `margin-left: 1rem`, `text-align: right` and `left: 0` in menu.css."""
    found = [match[0] for match in PHYSICAL.finditer(without_comments(file.read_text()))]
    assert not found, f"{found} does not turn round for Persian; use the logical property."


@pytest.mark.parametrize("file", SHEETS, ids=in_file)
def test_every_rule_lies_in_a_layer(file):
    """Planted: a rule outside `@layer` in menu.css; it would win over every page's own rule."""
    text = without_comments(file.read_text())
    outside, depth = [], 0
    for part in re.split(r"([{}])", text):
        if part == "{":
            depth += 1
        elif part == "}":
            depth -= 1
        elif depth == 0:
            outside += [words.strip() for words in part.split(";") if words.strip()]
    assert depth == 0, "A brace is missing."
    assert outside
    assert all(words.startswith("@layer ") for words in outside), outside


def test_the_stylesheet_stays_small():
    """Planted: the tokens pasted in ten times more."""
    joined = assets.joined_style(paths.STATIC).encode()
    assert len(joined) < 60_000
    assert len(gzip.compress(joined, 9)) < 12_500  # of the 60 KB of a first visit


def test_the_order_of_the_layers_comes_first():
    """Planted: 1-tokens.css renamed to 9-tokens.css."""
    joined = assets.joined_style(paths.STATIC)
    assert joined.startswith(
        "@layer tokens, reset, base, layout, components, pages, utilities, print;"
    )


def test_vendored_files_are_what_their_authors_published():
    """Planted: a blank at the end of htmx.min.js."""
    manifest = json.loads((paths.STATIC / "vendor" / "MANIFEST.json").read_text())
    for entry in manifest:
        digest = hashlib.sha256((paths.STATIC / entry["file"]).read_bytes()).hexdigest()
        assert digest == entry["sha256"], entry["file"]
        assert (paths.STATIC / entry["licence_file"]).read_text().strip()


def test_nothing_is_vendored_without_being_listed():
    """Planted: another script put beside htmx.min.js."""
    manifest = json.loads((paths.STATIC / "vendor" / "MANIFEST.json").read_text())
    listed = {entry[key] for entry in manifest for key in ("file", "licence_file")}
    there = {f"vendor/{file.name}" for file in (paths.STATIC / "vendor").iterdir()}
    assert there - listed == {"vendor/MANIFEST.json"}


def test_every_icon_that_a_template_names_is_in_the_sprite():
    """Planted: `icon("hause")` in heads.html."""
    sprite = (paths.STATIC / "icons.svg").read_text()
    drawn = set(re.findall(r'id="i-([a-z-]+)"', sprite))
    call = re.compile(r"""(?:\bicon\(|\bicon_name\s*=\s*)["']([a-z-]+)["']""")
    named = {(name, in_file(file)) for file in TEMPLATES for name in call.findall(file.read_text())}
    assert named
    assert not {(name, file) for name, file in named if name not in drawn}


def test_modules_that_are_joined_stand_alone():
    """Planted: `import { tell } from "./live.js"` in toast.js: an import may not stand in a block."""
    assert EVERYWHERE
    for file in EVERYWHERE:
        assert not re.search(r"^\s*(import|export)\b", file.read_text(), re.MULTILINE), file.name


# Contrast, computed from the tokens as a browser would show them.


def linear(lightness: float, chroma: float, hue: float) -> list[float]:
    """Linear sRGB of an oklch colour, cut to what a screen can show (B. Ottosson's matrices)."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    rgb = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    return [min(max(part, 0.0), 1.0) for part in rgb]


def luminance(colour: tuple[float, float, float]) -> float:
    red, green, blue = linear(*colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """The ratio of WCAG 2.2, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


OKLCH = r"oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)"
TOKEN = re.compile(rf"--([a-z0-9-]+):\s*light-dark\({OKLCH}, {OKLCH}\)")


def tokens(theme: str) -> dict[str, tuple[float, float, float]]:
    start = {"light": 2, "dark": 5}[theme]
    sheet = (paths.STATIC / "css" / "1-tokens.css").read_text()
    return {
        found[1]: (float(found[start]) / 100, float(found[start + 1]), float(found[start + 2]))
        for found in TOKEN.finditer(sheet)
    }


TEXT = [
    *(
        (ink, on)
        for ink in ("ink", "ink-2", "ink-3")
        for on in ("paper", "sunk", "surface", "hover")
    ),
    *(("accent-text", on) for on in ("paper", "surface", "accent-wash")),
    *(("on-accent", on) for on in ("accent", "accent-hov")),
    *((f"{k}-text", on) for k in ("ok", "warn", "bad") for on in (f"{k}-wash", "surface", "paper")),
    *(("ink", f"{k}-wash") for k in ("ok", "warn", "bad", "accent")),
    *(("heat-ink", f"heat-{step}") for step in (1, 2, 3, 4)),
    ("heat-ink-5", "heat-5"),
]
MARKS = [
    *((f"{k}-fill", on) for k in ("ok", "warn", "bad") for on in ("paper", "surface")),
    *(("line-2", on) for on in ("paper", "surface")),
    ("accent", "surface"),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "on"), TEXT)
def test_text_can_be_read(theme, ink, on):
    """Planted: `--ink-3` at 62 % in light, 55 % in dark."""
    colours = tokens(theme)
    assert contrast(colours[ink], colours[on]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("mark", "on"), MARKS)
def test_marks_can_be_seen(theme, mark, on):
    """Planted: `--warn-fill` at 75 % in light."""
    colours = tokens(theme)
    assert contrast(colours[mark], colours[on]) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_initials_can_be_read_on_every_hue(theme):
    """Planted: the ink of `.av` at 60 % in light."""
    rule = re.search(
        r"\.av \{.*?\n  \}", (paths.STATIC / "css/4-components/people.css").read_text(), re.DOTALL
    )
    assert rule
    pair = re.findall(
        r"light-dark\(oklch\(([\d.]+)% ([\d.]+) [^)]*\)\), oklch\(([\d.]+)% ([\d.]+)", rule[0]
    )
    (ground, ink) = [
        (float(p[0]), float(p[1])) if theme == "light" else (float(p[2]), float(p[3])) for p in pair
    ]
    for hue in range(0, 360, 30):
        assert contrast((ground[0] / 100, ground[1], hue), (ink[0] / 100, ink[1], hue)) >= 4.5, hue


# How they are sent.


@pytest.fixture
def static(tmp_path):
    """A small folder of its own, as the real one is built."""
    for path, text in {
        "css/1-a.css": "/* why */\n@layer tokens;\n  .a { color: red }\n",
        "css/2-b/c.css": ".b { color: blue }\n",
        "js/everywhere/one.js": "const name = 1;\n",
        "js/everywhere/two.js": "const name = 2;\n",
        "js/board.js": 'import { drag } from "./drag.js";\n',
        "js/drag.js": "export const drag = 1;\n",
        "vendor/MANIFEST.json": '[{"name": "lib", "file": "vendor/lib.js"}]',
        "vendor/lib.js": 'from "./not-ours.js"',
        "vendor/lib.LICENSE.txt": "free",
    }.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path


@pytest.fixture
def app(static):
    app = Flask("small")
    app.testing = True
    assets.init_app(app, static)
    return app


def test_sheets_are_joined_in_order_without_comments(static):
    """Planted: files joined in the order of the disk; the blanks around braces left in."""
    assert assets.joined_style(static) == "@layer tokens;\n.a{color: red}\n.b{color: blue}"


def test_joined_modules_keep_their_names_apart(static):
    """Planted: joined without braces: the second `const name` is a syntax error."""
    joined = assets.joined_behaviours(static)
    assert joined == "{\nconst name = 1;\n}\n{\nconst name = 2;\n}"


def test_an_asset_is_named_by_its_content_and_kept_for_ever(app):
    """Planted: the hash taken of the path; no Cache-Control; gzip sent to all."""
    with app.test_request_context():
        address = app.jinja_env.globals["stylesheet"]()
    client = app.test_client()
    packed = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    plain = client.get(address, headers={"Accept-Encoding": "gzip;q=0"})
    assert re.fullmatch(r"/assets/throughline\.[0-9a-f]{12}\.css", address)
    assert packed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.data) == plain.data
    assert hashlib.sha256(plain.data).hexdigest()[:12] in address
    again = client.get(
        address, headers={"If-None-Match": packed.headers["ETag"], "Accept-Encoding": "gzip"}
    )
    assert again.status_code == 304


def test_a_script_names_what_it_imports_by_its_hash(static):
    """Planted: imports left as they are: `/assets/js/drag.js` is nowhere."""
    shelf = assets.Shelf(static, "/assets/")
    board = shelf.named(shelf.address("js/board.js").removeprefix("/assets/"))
    assert board
    assert f'from "{shelf.address("js/drag.js")}"' in board.body.decode()
    before = shelf.address("js/board.js")
    (static / "js" / "drag.js").write_text("export const drag = 22;\n")
    shelf.look_again()
    assert shelf.address("js/board.js") != before


def test_scripts_that_import_each_other_in_a_circle_are_refused(static):
    """Planted: no look at the importers: reading never ends."""
    (static / "js" / "drag.js").write_text('import "./board.js";\n')
    with pytest.raises(ValueError, match=r"js/board\.js > js/drag\.js > js/board\.js"):
        assets.Shelf(static, "/assets/")


def test_only_what_is_meant_for_browsers_is_sent(static):
    """Planted: every file of the folder kept."""
    shelf = assets.Shelf(static, "/assets/")
    with pytest.raises(KeyError):
        shelf.address("vendor/MANIFEST.json")
    with pytest.raises(KeyError):
        shelf.address("vendor/lib.LICENSE.txt")
    assert shelf.named("js/board.js") is None
    assert shelf.named("../../etc/passwd") is None


def test_changed_files_are_read_again_while_testing(app, static):
    """Planted: the shelf read once."""
    with app.test_request_context():
        before = app.jinja_env.globals["stylesheet"]()
    (static / "css" / "1-a.css").write_text(".c { color: green }\n")
    with app.test_request_context():
        after = app.jinja_env.globals["stylesheet"]()
    assert before != after
    assert b"green" in app.test_client().get(after).data


def test_elements_of_scripts(app):
    """Planted: `vendor_script` without defer."""
    with app.test_request_context():
        lib = app.jinja_env.globals["vendor_script"]("lib")
        own = app.jinja_env.globals["module_script"]("js/board.js")
    assert re.fullmatch(r'<script src="/assets/vendor/lib\.[0-9a-f]{12}\.js" defer></script>', lib)
    assert re.fullmatch(
        r'<script type="module" src="/assets/js/board\.[0-9a-f]{12}\.js"></script>', own
    )
