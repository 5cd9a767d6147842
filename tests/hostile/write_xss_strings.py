"""Writes ``xss_strings.txt``: one string a line that tries to run in the page that shows it.

Each is at most 100 characters, as a name may be. Where one ran it would set ``window.ran`` or
open a dialog. ``python -m tests.hostile.write_xss_strings`` writes the file anew.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from urllib.parse import quote

FILE = Path(__file__).parent / "xss_strings.txt"
LONGEST = 100

RUN = ("ran=1", "alert(1)", "window['ran']=1", "top.ran=1", "alert`1`", "(0,eval)('ran=1')")

ELEMENTS = (
    "<script>{}</script>",
    "<script src=data:,{}></script>",
    "<script type=module>{}</script>",
    "<img src=x onerror={}>",
    "<img src=x onerror='{}'>",
    "<image src=x onerror={}>",
    "<svg onload={}>",
    "<svg/onload={}>",
    "<svg><script>{}</script></svg>",
    "<svg><animate onbegin={} attributeName=x dur=1s>",
    "<svg><a href=javascript:{}><rect width=9 height=9 /></a></svg>",
    "<svg><use href=data:image/svg+xml,<svg/onload={}>>",
    "<math><mtext></table><mglyph><style><img src=x onerror={}>",
    "<body onload={}>",
    "<body onpageshow={}>",
    "<input autofocus onfocus={}>",
    "<select autofocus onfocus={}><option>",
    "<textarea autofocus onfocus={}></textarea>",
    "<button autofocus onfocus={}>x</button>",
    "<a tabindex=1 autofocus onfocus={}>x</a>",
    "<details open ontoggle={}><summary>x</summary></details>",
    "<dialog open onclose={}>x</dialog>",
    "<video src=x onerror={}></video>",
    "<video><source onerror={}></video>",
    "<audio src=x onerror={}></audio>",
    "<iframe onload={}></iframe>",
    "<iframe src=javascript:{}></iframe>",
    '<iframe srcdoc="<script>parent.{}</script>"></iframe>',
    "<object data=javascript:{}></object>",
    "<object onerror={} data=x></object>",
    "<embed src=javascript:{}>",
    "<link rel=stylesheet href=x onerror={}>",
    "<style onload={}></style>",
    "<style>@import 'javascript:{}';</style>",
    '<meta http-equiv=refresh content="0;url=javascript:{}">',
    "<base href=javascript:{}//>",
    "<form action=javascript:{}><button autofocus>x</button></form>",
    "<isindex action=javascript:{} type=image>",
    "<marquee onstart={}>x</marquee>",
    "<p onpointerover={}>x</p>",
    "<p onanimationstart={} class=cm-play>x</p>",
    "<p ontransitionend={} style=transition:1s>x</p>",
    "<x onclick={} contenteditable autofocus onfocus={}>x",
    "<template><script>{}</script></template>",
    "<noscript><p title='</noscript><img src=x onerror={}>'>",
    "<xmp><img src=x onerror={}></xmp>",
)

WAYS_OUT = (
    '">',
    "'>",
    "</title>",
    "</script>",
    "</style>",
    "</textarea>",
    "-->",
    "]]>",
    "</code></pre>",
)

BARE = (
    "';{}//",
    '";{}//',
    "\\';{}//",
    '\\";{}//',
    "`;{}//",
    "${{{}}}",
    "`${{{}}}`",
    "{{{{constructor.constructor('{}')()}}}}",
    "{{{{ ''.__class__.__mro__ }}}}{}",
    "{{% raw %}}{}{{% endraw %}}",
    "<%= {} %>",
    "#{{{}}}",
    "[[{}]]",
    "x onmouseover={} y=",
    "x' autofocus onfocus={} y='",
    'x" autofocus onfocus={} y="',
    "x` autofocus onfocus={} y=`",
    "/onfocus={}/autofocus/tabindex=1",
    "javascript:{}",
    "JaVaScRiPt:{}",
    "javascript://%0a{}",
    "java&Tab;script:{}",
    "&#106;avascript:{}",
    "data:text/html,<script>{}</script>",
    "data:text/javascript,{}",
    "vbscript:{}",
    "blob:{}",
    "//x/%22onload={}",
    "red;background:url(javascript:{})",
    "#fff;}}*{{x:expression({})}}",
    '#fff" onload="{}',
    "</script><script>{}</script>",
    "<!--<script>{}</script>-->",
    "<![CDATA[<script>{}</script>]]>",
    '"}}</script><script>{}</script>',
    "\u200f<b tabindex=1 autofocus onfocus={}>",
    "\u202e<script>{}</script>",
    "\ufeff<script>{}</script>",
    '"""; {}; """',
    "[x](javascript:{})",
    '![x](x"onerror="{})',
    "<javascript:{}>",
)

USUAL = (
    "<script>ran=1</script>",
    "<img src=x onerror=ran=1>",
    "<svg onload=ran=1>",
    "'\"><img src=x onerror=alert(1)>",
    "<a href=javascript:ran=1 autofocus onfocus=ran=1>x</a>",
)


def encoded(text: str) -> list[str]:
    """One string in the ways in which something behind might decode it again."""
    return [
        text.replace("<", "&lt;").replace(">", "&gt;"),
        "".join(f"&#{ord(sign)};" if sign in "<>" else sign for sign in text),
        "".join(f"&#x{ord(sign):x};" if sign in "<>" else sign for sign in text),
        quote(text, safe=""),
        quote(quote(text, safe=""), safe=""),
        text.replace("<", "\\u003c").replace(">", "\\u003e"),
        text.replace("<", "\\x3c").replace(">", "\\x3e"),
        text.replace("<", "\uff1c").replace(">", "\uff1e"),
        text.replace("<", "<\u200b"),
        text.replace("<", "<<"),
        text.replace("<", "<\\"),
        text.replace(" ", "/"),
        text.replace(" ", "\u00a0"),
        text.upper().replace("RAN", "ran"),
        "".join(s.upper() if at % 2 else s for at, s in enumerate(text)).replace("RaN", "ran"),
        text.removesuffix(">"),
        f"\u0130{text}",
        f"%00{text}",
    ]


def strings() -> list[str]:
    """All strings, each once, in a fixed order."""
    runs = itertools.cycle(RUN)
    made = [
        form.format(*[run] * form.count("{}")) for form in ELEMENTS for run in (next(runs), RUN[0])
    ]
    made += [
        way + form.format(next(runs))
        for way in WAYS_OUT
        for form in (*ELEMENTS[:2], *ELEMENTS[3:8])
    ]
    made += [form.format(next(runs)) for form in BARE]
    made += [form.format(RUN[0]) for form in BARE]
    made += [text for usual in USUAL for text in encoded(usual)]
    return [text for text in dict.fromkeys(made) if len(text) <= LONGEST]


if __name__ == "__main__":
    FILE.write_text("\n".join(strings()) + "\n", encoding="utf-8")
