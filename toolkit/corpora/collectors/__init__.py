"""Own the collecting: from services and feeds into folders of raw answers that the door reads, politely and so that it can be taken up again."""

from __future__ import annotations

from toolkit.corpora.collectors.feeds import collect_feeds
from toolkit.corpora.collectors.gdelt import collect_gdelt
from toolkit.corpora.collectors.guardian import collect_guardian
from toolkit.corpora.collectors.mediacloud import collect_mediacloud
from toolkit.corpora.collectors.nyt import collect_nyt

__all__ = ["collect_feeds", "collect_gdelt", "collect_guardian", "collect_mediacloud", "collect_nyt"]
