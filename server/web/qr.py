"""QR codes as SVG within a page: black on white in any palette, with the quiet edge that readers want."""

import segno
from markupsafe import Markup


def qr(text: str) -> Markup:
    """The picture of this text, as large as its place; middle error correction, for what hangs outdoors."""
    made = segno.make(text, error="m", micro=False)
    return Markup(made.svg_inline(border=4, light="#fff", omitsize=True, svgclass="qr", lineclass=None))  # noqa: S704 - numbers only, no letter of the text
