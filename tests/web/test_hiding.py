"""Parts of a photo that are hidden are gone for good; the rest stays as it was."""

from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from app.kernel.errors import InvalidError
from app.web.uploads.hiding import hide

FACE = (250, 250, 500, 500)


def stripes() -> bytes:
    """Black on white, so that anything left of what was hidden would be seen."""
    image = Image.new("RGB", (400, 400), "white")
    pen = ImageDraw.Draw(image)
    for at in range(0, 400, 4):
        pen.line((at, 0, at, 400), fill="black", width=2)
    target = BytesIO()
    image.save(target, "JPEG", quality=95)
    return target.getvalue()


def contrast(data: bytes, box: tuple[int, int, int, int]) -> int:
    with Image.open(BytesIO(data)) as image:
        low, high = image.convert("L").crop(box).getextrema()
    return int(high) - int(low)  # type: ignore[arg-type]  # one band, so two numbers


def test_what_is_hidden_leaves_nothing_to_be_seen_and_the_rest_stays() -> None:
    hidden = hide(stripes(), [FACE])

    assert contrast(hidden, (108, 108, 292, 292)) < 24
    assert contrast(hidden, (0, 0, 90, 90)) > 150


def test_a_part_thinner_than_a_pixel_is_still_hidden_and_a_broken_photo_is_refused() -> None:
    thin = hide(stripes(), [(1000 - 1, 1000 - 1, 1, 1)])

    assert len(thin) > 0
    with pytest.raises(InvalidError):
        hide(b"<script>", [FACE])
