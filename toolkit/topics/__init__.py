"""Own topics of contexts, as the only room that knows BERTopic; it hands out tables.

Importing it loads neither BERTopic nor scikit-learn; fitting does.
"""

from __future__ import annotations

from toolkit.topics.embedders import Embedder, TfidfSvdEmbedder, WordLlamaEmbedder, as_embedder
from toolkit.topics.fitting import Topics, fit_topics
from toolkit.topics.shares import topic_shares

__all__ = [
    "Embedder",
    "TfidfSvdEmbedder",
    "Topics",
    "WordLlamaEmbedder",
    "as_embedder",
    "fit_topics",
    "topic_shares",
]
