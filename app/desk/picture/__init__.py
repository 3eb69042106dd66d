"""The picture of a citizen (360°): everything that matters on one screen, masked.

Reads only, a constant number of statements; looking behind the mask is not done here.
"""

from app.desk.picture.reading import Moment, picture_of, short_of
from app.desk.picture.views import Picture, Short

__all__ = ["Moment", "Picture", "Short", "picture_of", "short_of"]
