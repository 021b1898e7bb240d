"""Own topics of contexts, as the only room that knows BERTopic; it hands out tables.

Importing it loads neither BERTopic nor scikit-learn; fitting does.
"""

from __future__ import annotations

from toolkit.topics.beside import topic_collocates
from toolkit.topics.embedders import Embedder, TfidfSvdEmbedder, WordLlamaEmbedder, as_embedder
from toolkit.topics.fitting import Topics, fit_topics
from toolkit.topics.intrusion import intrusion_scores, intrusion_sheet
from toolkit.topics.labels import label_topics
from toolkit.topics.mapping import topic_map
from toolkit.topics.meanings import Senses, senses
from toolkit.topics.prevalence import topic_contrasts, topic_regression
from toolkit.topics.reading import topic_lines, topic_words
from toolkit.topics.shares import topic_shares

__all__ = [
    "Embedder",
    "Senses",
    "TfidfSvdEmbedder",
    "Topics",
    "WordLlamaEmbedder",
    "as_embedder",
    "fit_topics",
    "intrusion_scores",
    "intrusion_sheet",
    "label_topics",
    "senses",
    "topic_collocates",
    "topic_contrasts",
    "topic_lines",
    "topic_map",
    "topic_regression",
    "topic_shares",
    "topic_words",
]
