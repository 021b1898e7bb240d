from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from typing_extensions import deprecated

from toolkit import figures as figures
from toolkit.coding.intrusion import intrusion_scores as intrusion_scores
from toolkit.coding.intrusion import intrusion_sheet as intrusion_sheet
from toolkit.coding.samples import sample_for_validation as sample_for_validation
from toolkit.coding.search_error import term_error as term_error
from toolkit.corpora.audits import audit as audit
from toolkit.corpora.cards import catalogue as catalogue
from toolkit.corpora.cleaning import clean as clean
from toolkit.corpora.cleaning import cleaning_report as cleaning_report
from toolkit.corpora.cleaning import cleaning_rules as cleaning_rules
from toolkit.corpora.cleaning import raw_offsets as raw_offsets
from toolkit.corpora.collectors.feeds import collect_feeds as collect_feeds
from toolkit.corpora.collectors.gdelt import collect_gdelt as collect_gdelt
from toolkit.corpora.collectors.guardian import collect_guardian as collect_guardian
from toolkit.corpora.collectors.mediacloud import collect_mediacloud as collect_mediacloud
from toolkit.corpora.collectors.nyt import collect_nyt as collect_nyt
from toolkit.corpora.door import formats as formats
from toolkit.corpora.door import read_articles as read_articles
from toolkit.corpora.downloads import fetch as fetch
from toolkit.corpora.labels import load_labels as load_labels
from toolkit.corpora.ledger import coverage as coverage
from toolkit.corpora.loader import load as load
from toolkit.corpora.sharing import rejoin_corpus as rejoin_corpus
from toolkit.corpora.sharing import share_corpus as share_corpus
from toolkit.corpora.stories import mark_stories as mark_stories
from toolkit.hits import contexts as contexts
from toolkit.hits import find as find
from toolkit.lexis.collocate_shift import collocate_shift as collocate_shift
from toolkit.lexis.collocates import collocates as collocates
from toolkit.lexis.concordance import kwic as kwic
from toolkit.lexis.concordance import show_lines as show_lines
from toolkit.lexis.dispersion import dispersion as dispersion
from toolkit.lexis.keyness import keyness as keyness
from toolkit.lexis.word_shift import word_shift as word_shift
from toolkit.records.figure_files import save_figure as save_figure
from toolkit.speech.quotations import quotations as quotations
from toolkit.tables import FramingError as FramingError
from toolkit.tables import FramingWarning as FramingWarning
from toolkit.tables.choices import Adjustment, Freq, Measure, Unit
from toolkit.tally.adoption import adoption as adoption
from toolkit.tally.contrasts import compare as compare
from toolkit.tally.counts import count_hits as count_hits
from toolkit.tally.sources import tally as tally
from toolkit.tally.speakers import speakers as speakers
from toolkit.tally.tally import Tally as Tally
from toolkit.tally.usage import usage as usage
from toolkit.tally.voices import voice_shares as voice_shares
from toolkit.tally.word_forms import word_forms as word_forms
from toolkit.text.matches import AnyTerms
from toolkit.text.suggestions import suggest_forms as suggest_forms
from toolkit.text.terms import Terms as Terms
from toolkit.text.tokens import Tokens as Tokens
from toolkit.text.tokens import tokenize as tokenize
from toolkit.topics.collocates import topic_collocates as topic_collocates
from toolkit.topics.fit import fit_topics as fit_topics
from toolkit.topics.labels import label_topics as label_topics
from toolkit.topics.map import topic_map as topic_map
from toolkit.topics.record import Topics as Topics
from toolkit.topics.regression import topic_regression as topic_regression
from toolkit.topics.senses import senses as senses
from toolkit.topics.shares import topic_shares as topic_shares
from toolkit.topics.words import topic_lines as topic_lines
from toolkit.topics.words import topic_words as topic_words
from toolkit.trends.bursts import bursts as bursts
from toolkit.trends.change_points import change_points as change_points
from toolkit.trends.chronologies import events as events
from toolkit.trends.event_effects import event_effects as event_effects
from toolkit.trends.lead_lag import lead_lag as lead_lag
from toolkit.trends.trend import trend as trend

__version__: str

# Old names, kept until version 1.0: signatures as at run time, where they warn.

@deprecated("tk.compare_usage is now called tk.compare. The old name goes with version 1.0.")
def compare_usage(
    corpus: Any,
    terms: AnyTerms | None = None,
    *,
    reference: Any,
    target: Any = None,
    between: str = "source",
    by: str | Sequence[str] = (),
    freq: Freq | None = None,
    unit: Unit = "article",
    measure: Measure | None = None,
    adjust: Adjustment | None = "holm",
    confidence: float = 0.95,
) -> pd.DataFrame: ...
@deprecated("tk.interrupted is now called tk.event_effects. The old name goes with version 1.0.")
def interrupted(
    corpus: Any,
    terms: AnyTerms | None = None,
    events: pd.DataFrame | str | Path | dict[str, Any] | None = None,
    *,
    by: str | Sequence[str] = (),
    freq: Freq = "W",
    measure: Measure | None = None,
    unit: Unit = "article",
    window: int | None = None,
    lags: int | None = None,
    adjust: Adjustment | None = "holm",
    confidence: float = 0.95,
) -> pd.DataFrame: ...
@deprecated("tk.labels is now called tk.load_labels. The old name goes with version 1.0.")
def labels(corpus: str, table: str = "labels") -> pd.DataFrame: ...
@deprecated("tk.rejoin is now called tk.rejoin_corpus. The old name goes with version 1.0.")
def rejoin(path: str | Path, articles: pd.DataFrame) -> tuple[Any, pd.DataFrame]: ...
@deprecated("tk.report is now called tk.audit. The old name goes with version 1.0.")
def report(articles: pd.DataFrame) -> pd.DataFrame: ...
@deprecated("tk.share is now called tk.share_corpus. The old name goes with version 1.0.")
def share(
    articles: pd.DataFrame,
    path: str | Path,
    *,
    keep: Iterable[str] = (),
    withhold: Iterable[str] = (),
    file_format: Literal["parquet", "csv"] = "parquet",
    **tables: pd.DataFrame,
) -> Path: ...
@deprecated("tk.topic_contrasts is now called tk.compare. The old name goes with version 1.0.")
def topic_contrasts(
    topics: Topics,
    *,
    reference: Any,
    between: str = "source",
    by: str | Sequence[str] = (),
    freq: Freq | None = None,
    unit: Unit = "article",
    adjust: Adjustment | None = "holm",
    confidence: float = 0.95,
) -> pd.DataFrame: ...
