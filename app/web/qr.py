"""Draws an address as a QR code, to be printed or scanned from the screen.

Only for addresses of our own; the picture says nothing else.
"""

import segno
from markupsafe import Markup


def qr_of(address: str) -> Markup:
    """The address as an inline picture; made of our own address, so it may be marked safe."""
    drawn = segno.make(address, error="m", micro=False)
    svg = drawn.svg_inline(border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr")
    return Markup(svg)  # noqa: S704  # segno draws paths only; the text is not in it
