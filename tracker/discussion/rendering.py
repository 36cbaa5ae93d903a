"""What was written as Markdown becomes a page: CommonMark without HTML, and then only what nh3 lets through."""

from __future__ import annotations

from functools import cache, lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

TAGS = {"p", "br", "strong", "em", "code", "pre", "ul", "ol", "li", "blockquote", "a"}
SCHEMES = {"http", "https", "mailto"}
OFF = ("image", "heading", "lheading", "html_block", "html_inline", "hr", "reference")


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 20}).disable(
        [*OFF]
    )


def _leads_out(_tag: str, name: str, value: str) -> str | None:
    """Keep an address that names where it leads; one within this site, or of the same scheme as it, does not."""
    leads = name != "href" or value.startswith(("http://", "https://", "mailto:"))
    return value if leads else None


@lru_cache(maxsize=1000)  # words that are read again and again; some take long to take apart
def rendered(text: str) -> Markup:
    """Return the text as HTML: emphasis, lists, quotations, code and links, which open with no word of where they stood."""
    html = _parser().render(text)
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}, "*": set()},
        attribute_filter=_leads_out,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )
    return Markup(clean)  # noqa: S704 - nh3 left nothing but TAGS
