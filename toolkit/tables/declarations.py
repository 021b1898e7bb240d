"""Own the declaration of every table: its columns in order, each with its dtype and what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """A kind of table: its columns in order, each with what it holds.

    Attributes
    ----------
    name : str
        What the project calls a table of this kind.
    row : str
        What one row is.
    columns : Mapping[str, str]
        Columns that are always there, each with its dtype and meaning.
    optional : Mapping[str, str]
        Columns that the toolkit knows and uses when they are there.
    """

    name: str
    row: str
    columns: Mapping[str, str]
    optional: Mapping[str, str]


ARTICLES = Table(
    "articles",
    "one article",
    {
        "doc_id": "str, unique",
        "source": "str, the outlet",
        "date": "datetime64, day or better, NaT where unknown",
        "title": "str, missing where the archive has none",
        "text": "str, the running text",
    },
    {
        "standfirst": "str, the lead under the title",
        "url": "str",
        "author": "str",
        "section": "str",
        "language": "str",
        "page": "str",
        "wire": "str, the agency credited",
        "story_id": "str, the group of near-identical articles that it belongs to",
        "story_role": "str, first or copy",
        "leaning": "str, the outlet's leaning as the corpus states it",
        "similarity": "float, overlap with the first article of the story",
        "dateline": "str, the place and day that a text began with",
        "correction": "str, a note of correction that stood in the text",
        "genre": "str, such as opinion, transcript, live",
    },
)

COUNTS = Table(
    "counts",
    "one article, with counts instead of text",
    {
        "doc_id": "str, unique",
        "source": "str, the outlet",
        "date": "datetime64, NaT where unknown",
        "n_words": "int, words in the article",
    },
    {"n_<term>": "int, hits of that term in the article", "leaning": "str", "story_id": "str"},
)

HITS = Table(
    "hits",
    "one occurrence of a term",
    {
        "doc_id": "str",
        "term": "str, the name of the term",
        "pattern": "str, the pattern that matched",
        "form": "str, the words matched, in lower case",
        "from": "int, first token, counted from 0 within the field",
        "to": "int, last token, inclusive",
        "start": "int, first character within the field",
        "end": "int, one past the last character",
        "field": "str, title, standfirst or text",
    },
    {
        "voice": "str, whose word it is: outlet, scare_quote, quoted or reported",
        "speaker": "str, who is said to say it; missing where nobody is",
        "cue": "str, the word that attributes it, as printed; missing where there is none",
        "negated": "bool, whether it is denied or rejected",
        "mentioned": "bool, whether it is spoken about as a word",
        "headline": "bool, whether it stands in a title",
        "certainty": "float, score of the rule that gave the voice, from 0 to 1; no probability",
        "and the article's columns": "all but its text fields",
    },
)

QUOTATIONS = Table(
    "quotations",
    "one quotation, or one piece of it where the cue interrupts it",
    {
        "doc_id": "str",
        "field": "str, title, standfirst or text",
        "start": "int, first character within the field; of a quotation in marks, the opening mark",
        "end": "int, one past the last",
        "kind": "str, direct, indirect or mixed (a fragment in marks, built into a sentence)",
        "speaker": "str, who is said to have said it; missing where the piece does not tell",
        "cue": "str, the word that attributes it, as printed; missing where there is none",
        "content": "str, what was said, with its marks",
        "certainty": "float, score of the rule that found it, from 0 to 1; no probability",
    },
    {},
)

CONCORDANCE = Table(
    "concordance",
    "one occurrence of a term with the words around it",
    {
        "docname": "str, the doc_id",
        "from": "int, first token, counted from 0 within the field",
        "to": "int, last token, inclusive",
        "pre": "str, the text before",
        "keyword": "str, the match as printed",
        "post": "str, the text after",
        "pattern": "str, the pattern that matched",
        "term": "str",
        "field": "str",
        "source": "str",
        "date": "datetime64",
    },
    {"url": "str"},
)

WORD_FORMS = Table(
    "word forms",
    "one form that a pattern matched",
    {
        "term": "str",
        "pattern": "str, an exclusion with its !",
        "form": "str, in lower case; missing in the row of a pattern that matched nothing",
        "n_hits": "int",
        "n_articles": "int, articles with such a hit",
    },
    {
        "source": "str, where forms are counted by source",
        "n_excluded": "int, occurrences of an exclusion that kept something from being a hit; where a term has exclusions",
    },
)

SUGGESTIONS = Table(
    "suggestions",
    "one form that a term does not match yet",
    {
        "term": "str",
        "form": "str, words in lower case",
        "why": "str: inflection, spelling, hyphenation, company",
        "like": "str, the word of the term that it is like; missing for company",
        "n_hits": "int, occurrences that are no hit yet",
        "n_articles": "int, articles that hold them",
        "similarity": "float from 0 to 1, of what stands beside the form and the term; missing under ten occurrences",
        "pattern": "str, the pattern that would match it",
    },
    {},
)

USAGE = Table(
    "usage",
    "one term in one cell (a combination of the `by` columns and a period)",
    {
        "term": "str",
        "n_hits": "int, occurrences",
        "n_articles": "int, articles with a hit",
        "n_articles_total": "int, articles in the cell",
        "n_stories": "int, stories with a hit",
        "n_stories_total": "int, stories in the cell",
        "n_words": "int, words in the cell",
        "per_million": "float, hits per million words; NaN where not covered",
        "share": "float, articles with a hit among all articles; NaN where not covered",
        "low": "float, lower end of the 95 % interval of the measure",
        "high": "float, upper end",
        "covered": "bool, whether the cell has any article with a word",
    },
    {
        "period": "datetime64, first day of the period",
        "partial": "bool, whether the source's articles cover only a part of the period",
        "n_hits_rivals": "int, hits of all the rival terms together",
        "rival_share": "float, the term's hits among those of all rival terms",
        "n_copies": "int, with the story as unit: articles that an earlier one of their story stands for",
        "pooled": "float, the measure shrunk towards the term's mean over the cells of the period",
        "pooled_low": "float, lower end of its interval",
        "pooled_high": "float, upper end",
        "smooth": "float, the measure as a smooth line has it; missing where not covered",
        "smooth_low": "float, lower end of the 95 % band of the line",
        "smooth_high": "float, upper end",
        "bandwidth": "float, how many periods away a period stops to weigh in the line",
        "segment": "int, between which change points the period lies, counted from 0",
        "burst": "int, level of the burst that the period belongs to, 0 outside of any",
        "corrected": "float, the measure times precision / recall of the term, where its error was measured",
        "corrected_low": "float, lower end of its interval",
        "corrected_high": "float, upper end",
    },
)

CONTRASTS = Table(
    "contrasts",
    "one term in one cell, compared between two values of a column or two periods",
    {
        "reference": "str or the column's own kind, what is compared with",
        "term": "str",
        "difference": "float, target less reference, in the unit of the measure; NaN where not covered",
        "low": "float, lower end of the interval of the difference",
        "high": "float, upper end",
        "ratio": "float, target over reference; NaN where neither has a hit",
        "ratio_low": "float, lower end of its interval",
        "ratio_high": "float, upper end; infinite where the reference can be zero",
        "p": "float, two-sided; below .05 where the 95 % interval of one comparison excludes no difference",
        "p_adjusted": "float, p adjusted for the number of comparisons in the table",
        "n_hits_target": "int, occurrences",
        "n_articles_target": "int, articles with a hit",
        "n_articles_total_target": "int",
        "n_stories_target": "int, stories with a hit",
        "n_stories_total_target": "int",
        "n_words_target": "int",
        "n_hits_reference": "int",
        "n_articles_reference": "int",
        "n_articles_total_reference": "int",
        "n_stories_reference": "int",
        "n_stories_total_reference": "int",
        "n_words_reference": "int",
        "n_stories_shared": "int, stories with articles on both sides",
        "correlation": "float, of the two estimates, through the stories on both sides",
        "covered": "bool, whether both sides have articles with words",
    },
    {
        "period": "datetime64, first day of the period",
        "partial": "bool, whether the articles of a side begin or end inside the period",
        "per_million_target": "float, hits per million words",
        "per_million_reference": "float",
        "share_target": "float, articles with a hit among all articles",
        "share_reference": "float",
        "rival_share_target": "float, the term's hits among those of all rival terms",
        "rival_share_reference": "float",
        "n_hits_rivals_target": "int, hits of all the rival terms together",
        "n_hits_rivals_reference": "int",
    },
)

KEYNESS = Table(
    "keyness",
    "one word of the target or the reference",
    {
        "feature": "str, the word in lower case",
        "G2": "float, log-likelihood ratio over four cells, signed: positive where the target has more",
        "p": "float, chi-squared tail with one degree of freedom; takes words as drawn one by one",
        "log_ratio": "float, binary logarithm of the ratio of relative frequencies",
        "low": "float, lower end of the 95 % interval of the log ratio, whose unit is the story",
        "high": "float, upper end",
        "log_odds_z": "float, weighted log-odds ratio with an informative Dirichlet prior, in standard errors",
        "n_target": "int",
        "n_reference": "int",
        "n_articles_target": "int, articles with the word",
        "n_articles_reference": "int",
        "n_stories_target": "int, stories with the word",
        "n_stories_reference": "int",
    },
    {
        "p_permutation": "float, part of the ways to deal the labels to the stories with as large a G2",
        "q": "float, rate of false discoveries among the words with no larger p_permutation",
    },
)

WORD_SHIFT = Table(
    "word shift",
    "one word of the target or the reference",
    {
        "word": "str, in lower case",
        "contribution": "float, its part of the total; in bits, in shares of words or in score points",
        "contribution_share": "float, contribution / sum of all absolute contributions",
        "kind": "str, target or reference, whichever has relatively more, or same; with scores, which way it works",
        "p_target": "float, share of the target's words",
        "p_reference": "float, share of the reference's words",
        "n_target": "int",
        "n_reference": "int",
        "n_articles_target": "int, articles with the word",
        "n_articles_reference": "int",
    },
    {"score": "float, the word's score"},
)

COLLOCATES = Table(
    "collocates",
    "one word that stands near the node, in one cell (a combination of the `by` columns and a period)",
    {
        "collocate": "str, the word in lower case",
        "n": "int, times inside the windows",
        "n_left": "int, of these left of the nearest hit",
        "n_right": "int",
        "n_articles": "int, articles in which it stands inside a window",
        "n_node": "int, hits of the node in the cell",
        "n_window": "int, words in all windows of the cell",
        "n_corpus": "int, times in the cell, the words of the node left out",
        "n_words": "int, words of the cell, those of the node left out",
        "n_expected": "float, times expected inside the windows by chance",
        "logDice": "float, mostly at most 14",
        "PMI": "float, binary logarithm",
        "MI3": "float, binary logarithm",
        "log_ratio": "float, binary logarithm",
        "log_odds": "float, natural logarithm",
        "delta_p_given_node": "float, a difference of two shares",
        "delta_p_given_collocate": "float, a difference of two shares",
        "G2": "float, signed",
        "t_score": "float",
        "z_score": "float",
    },
    {"period": "datetime64, first day of the period"},
)

COLLOCATE_SHIFT = Table(
    "collocate shift",
    "one word that stands near the node in the target or the reference",
    {
        "collocate": "str, the word in lower case",
        "n_target": "int, hits with the word in their window",
        "n_reference": "int",
        "n_stories_target": "int, stories with such a hit",
        "n_stories_reference": "int",
        "n_hits_target": "int, all hits",
        "n_hits_reference": "int",
        "share_target": "float, n_target / n_hits_target",
        "share_reference": "float",
        "difference": "float, share_target - share_reference",
        "low": "float, lower end of the 95 % interval of the difference",
        "high": "float, upper end",
        "log_ratio": "float, binary logarithm of the ratio of the shares",
        "z": "float, the difference in standard deviations of the shuffles",
        "p_permutation": "float, two-sided: in what part of the shuffles of stories the difference is as large",
        "q": "float, rate of false discoveries among the words with no larger p_permutation",
        "p_max": "float, in what part of the shuffles any word has so large a z",
    },
    {},
)

DISPERSION = Table(
    "dispersion",
    "one term, or one word",
    {
        "term": "str",
        "n_hits": "int, occurrences",
        "n_words": "int, words of all parts",
        "range": "int, parts with an occurrence",
        "n_parts": "int, parts that have any word",
        "DP": "float, deviation of proportions: 0 where even",
        "DPnorm": "float, DP of its highest possible value: 0 where even, 1 where all is in the smallest part",
        "D": "float, Juilland's: 1 where even",
        "D2": "float, Carroll's: 1 where even",
        "S": "float, Rosengren's: 1 where even",
        "KLD": "float, divergence in bits: 0 where even",
    },
    {
        "DA": "float, Burch, Egbert and Biber's: 1 where even",
        "ARF": "float, average reduced frequency: near n_hits where even, 1 where all are in one place",
    },
)

CONTEXTS = Table(
    "contexts",
    "one passage around one or more hits",
    {
        "context_id": "str, unique",
        "doc_id": "str",
        "field": "str; article, where it is all fields of a whole article",
        "start": "int, first character within the field (of a whole article: within its fields as joined)",
        "end": "int, one past the last",
        "terms": "str, the terms inside, joined by a bar",
        "n_hits": "int, hits inside",
        "text": "str, the passage",
        "source": "str",
        "date": "datetime64",
    },
    {"story_id": "str", "voice": "str, the voices of the hits inside, joined by a bar"},
)

TOPICS = Table(
    "topics",
    "one topic",
    {
        "topic": "int, -1 is BERTopic's outliers",
        "label": "str",
        "words": "str, the highest c-TF-IDF words, joined by commas",
        "n": "int, contexts",
        "share": "float, of all contexts, outliers included",
        "npmi": "float, coherence of the words in the contexts",
    },
    {
        "persistence": "float, share of repetitions on other stories in which the topic is found again",
        "persistence_low": "float",
        "persistence_high": "float",
        "stability": "float, mean Jaccard index of its passages with those of its match in a repetition",
        "stability_low": "float",
        "stability_high": "float",
        "word_stability": "float, mean average Jaccard index of its ranked words with those of its match",
        "word_stability_low": "float",
        "word_stability_high": "float",
        "cohesion": "float, how many times as alike in their words two of its passages are as any two",
        "separation": "float, how many times as alike they are as a passage of it and one of the rest",
        "chance_separation": "float, the separation that topics of words dealt out at random reach; missing for one topic",
        "stable": "boolean, whether persistence is at least 0.8; missing for outliers",
    },
)

ASSIGNMENTS = Table(
    "assignments",
    "one context",
    {
        "context_id": "str",
        "topic": "int",
        "probability": "float, share of repetitions that put it to its topic's match; without repetitions what the "
        "clustering says, NaN where it says nothing",
    },
    {
        "consensus": "int, the topic to which most repetitions put it",
        "stable": "boolean, whether its topic is stable; missing for outliers",
    },
)

HIERARCHY = Table(
    "hierarchy",
    "one merge of two topics, the most similar first",
    {
        "parent": "int, the merged topic's number, above those of the topics",
        "left": "int",
        "right": "int",
        "topics": "str, all topics in it, joined by a bar",
        "distance": "float, Ward's, on cosine distances of c-TF-IDF",
        "words": "str, of the merged topic, joined by commas",
    },
    {"n_unstable": "int, its topics that are not stable, where a certificate says it"},
)

TOPIC_SETTINGS = Table(
    "topic settings",
    "one setting that was tried",
    {
        "n_topics": "int, asked for; missing where left to the clustering",
        "min_size": "int",
        "n_found": "int, topics",
        "outlier_share": "float, of contexts",
        "exclusivity": "float, mean over topics",
        "diversity": "float, different words among all topics' words",
    },
    {
        "npmi": "float, mean over topics",
        "c_v": "float, mean over topics",
        "persistence": "float, mean over topics",
        "stability": "float, mean over topics",
        "word_stability": "float, mean over topics",
        "adjusted_rand": "float, likeness of the groupings of fit and run, mean over runs",
        "stable_share": "float, of contexts, in stable topics",
    },
)

TOPIC_SHARES = Table(
    "topic shares",
    "one topic in one cell (a combination of the `by` columns)",
    {
        "topic": "int",
        "label": "str",
        "n": "int, contexts of the topic in the cell",
        "n_contexts": "int, contexts in the cell, outliers included",
        "n_stories_total": "int, stories in the cell that have a context",
        "share": "float, NaN where not covered",
        "low": "float, lower end of the 95 % interval of the share",
        "high": "float, upper end",
        "covered": "bool, whether the cell has any context",
    },
    {
        "period": "datetime64, first day of the period",
        "n_copies": "int, with the story as unit: contexts that an earlier article of their story stands for",
        "stable": "boolean, of the topic, where a certificate says it",
    },
)

TOPIC_CONTRASTS = Table(
    "topic contrasts",
    "one topic in one cell, compared between two values of a column or two periods",
    {
        "reference": "str or the column's own kind, what is compared with",
        "topic": "int",
        "label": "str",
        "difference": "float, share of the target less that of the reference; NaN where not covered",
        "low": "float, lower end of the interval of the difference",
        "high": "float, upper end",
        "ratio": "float, target over reference; NaN where neither has the topic",
        "ratio_low": "float, lower end of its interval",
        "ratio_high": "float, upper end; infinite where the reference can be zero",
        "p": "float, two-sided; below .05 where the 95 % interval of one comparison excludes no difference",
        "p_adjusted": "float, p adjusted for the number of comparisons in the table",
        "share_target": "float, n_target / n_contexts_target",
        "n_target": "int, contexts of the topic",
        "n_contexts_target": "int, all contexts, outliers included",
        "n_stories_target": "int, stories with the topic",
        "n_stories_total_target": "int",
        "share_reference": "float",
        "n_reference": "int",
        "n_contexts_reference": "int",
        "n_stories_reference": "int",
        "n_stories_total_reference": "int",
        "n_stories_shared": "int, stories on both sides",
        "correlation": "float, of the two estimates, through these",
        "covered": "bool, whether both sides have contexts",
    },
    {
        "period": "datetime64, first day of the period",
        "partial": "bool, whether a side covers a part of the period only",
        "stable": "boolean, of the topic, where a certificate says it",
    },
)

TOPIC_REGRESSION = Table(
    "topic regression",
    "one coefficient of one topic's fractional logit",
    {
        "topic": "int",
        "label": "str",
        "covariate": "str, the column, or time",
        "level": "str, the value that is compared with the reference; missing where the covariate is a number or a spline",
        "reference": "str, missing likewise",
        "estimate": "float, log odds ratio; of a number, per unit; NaN for a spline; infinite where a level has none or all",
        "low": "float, lower end of its interval",
        "high": "float, upper end",
        "effect": "float, average marginal effect: difference of shares; of a number, per unit",
        "effect_low": "float",
        "effect_high": "float",
        "p": "float, two-sided; of a spline, that time does not matter",
        "p_adjusted": "float, adjusted for the number of p in the table",
        "n": "int, contexts of the topic",
        "n_contexts": "int, contexts in the regression",
        "n_clusters": "int, clusters by which errors are robust",
        "note": "str, why there is no estimate, effect or interval; empty where there are all",
    },
    {"stable": "boolean, of the topic, where a certificate says it"},
)

TOPIC_WORDS = Table(
    "topic words",
    "one word of one topic",
    {
        "topic": "int",
        "label": "str",
        "rank": "int, from 1",
        "word": "str",
        "n": "int, occurrences in the topic's texts that vote",
        "n_total": "int, in all texts that vote",
        "n_texts": "int, texts of the topic that have it",
        "n_texts_total": "int, texts of the topic",
        "n_stories": "int, stories of the topic that have it",
        "c_tfidf": "float",
        "exclusivity": "float from 0 to 1, its rate in the topic over the sum of its rates in all topics",
        "frex": "float from 0 to 1, harmonic mean of its ranks by rate and by exclusivity",
    },
    {"stable": "boolean, of the topic, where a certificate says it"},
)

TOPIC_LINES = Table(
    "topic lines",
    "one passage to read of one topic",
    {
        "topic": "int",
        "label": "str",
        "rank": "int, from 1",
        "similarity": "float, cosine with the centre of the topic",
        "context_id": "str",
        "text": "str, the passage",
    },
    {
        "doc_id": "str",
        "source": "str",
        "date": "datetime64",
        "story_id": "str",
        "stable": "boolean, of the topic, where a certificate says it",
    },
)

TOPIC_COLLOCATES = Table(
    "topic collocates",
    "one word near the term inside one topic",
    {
        "topic": "int",
        "label": "str",
        "rank": "int, from 1",
        "collocate": "str",
        "n": "int, passages of the topic in which it stands near the term",
        "n_passages": "int, passages of the topic",
        "n_total": "int, passages of all topics and outliers in which it stands near the term",
        "n_passages_total": "int",
        "exclusivity": "float, n / n_total",
        "log_odds_z": "float, weighted log-odds ratio against the rest, in standard errors",
    },
    {"stable": "boolean, of the topic, where a certificate says it"},
)

TOPIC_MAP = Table(
    "topic map",
    "one context",
    {
        "context_id": "str",
        "topic": "int",
        "label": "str",
        "x": "float, without a unit: nearness is all that is meant",
        "y": "float",
        "topic_x": "float, median of the topic's contexts; NaN for outliers",
        "topic_y": "float",
        "n": "int, contexts of the topic",
        "share": "float, of all contexts",
    },
    {"stable": "boolean, of the topic, where a certificate says it"},
)

INTRUSION_SHEET = Table(
    "intrusion sheet",
    "one question",
    {
        "item_id": "str, made of the question, so that a key of another fit is noticed",
        "kind": "str, word or topic",
        "option_1": "str, and so on: one of them does not belong",
        "answer": "the number of the option, or the option, to be filled in",
        "coder": "str, to be filled in",
    },
    {
        "text": "str, with kind topic: the passage",
        "topic": "int, in the key",
        "intruder": "int, in the key",
        "stable": "boolean, of the topic, in the key, where a certificate says it",
    },
)

INTRUSION_SCORES = Table(
    "intrusion scores",
    "one topic, and the last row all of them",
    {
        "topic": "Int64, missing in the row of all topics",
        "kind": "str",
        "n_items": "int, questions with an answer",
        "n_coders": "int",
        "n_answers": "int",
        "n_right": "int, answers that name the intruder",
        "precision": "float, n_right / n_answers",
        "low": "float, lower end of its interval",
        "high": "float, upper end",
        "chance": "float, precision of blind guesses",
        "n_unanswered": "int, cells left empty",
    },
    {"stable": "boolean, of the topic, where the key says it; missing in the row of all topics"},
)

VOICE_SHARES = Table(
    "voice shares",
    "one voice of one term in one cell (a combination of the `by` columns and a period)",
    {
        "term": "str",
        "voice": "str, outlet, scare_quote, quoted or reported",
        "n_hits": "int, hits of the term in that voice",
        "n_hits_total": "int, hits of the term",
        "n_articles": "int, articles with such a hit",
        "n_articles_total": "int, articles with a hit of the term",
        "n_stories": "int, stories with such a hit",
        "n_stories_total": "int, stories with a hit of the term",
        "share": "float, n_hits / n_hits_total; NaN where not covered",
        "low": "float, lower end of the 95 % interval of the share",
        "high": "float, upper end",
        "covered": "bool, whether the cell has any hit of the term",
    },
    {
        "period": "datetime64, first day of the period",
        "n_copies": "int, with the story as unit: articles with a hit that an earlier one of their story stands for",
    },
)

ADOPTION = Table(
    "adoption",
    "one term in one cell (a combination of the `by` columns and a period)",
    {
        "term": "str",
        "n_hits": "int, n_uses + n_mentioned",
        "n_mentioned": "int, hits that speak about the word; put aside",
        "n_uses": "int, n_own + n_negated + n_scare_quoted + n_quoted + n_reported",
        "n_own": "int, uses in the outlet's voice that are not negated",
        "n_negated": "int, uses in the outlet's voice that are negated or rejected",
        "n_scare_quoted": "int, uses in scare quotes",
        "n_quoted": "int, uses inside quotations",
        "n_reported": "int, uses in indirect speech",
        "n_headlines": "int, of n_own, those in headlines",
        "n_articles": "int, articles with an own use",
        "n_articles_total": "int, articles with a use",
        "n_stories": "int, stories with an own use",
        "n_stories_total": "int, stories with a use",
        "adoption": "float, n_own / n_uses; NaN where not covered",
        "low": "float, lower end of the 95 % interval of the adoption",
        "high": "float, upper end",
        "covered": "bool, whether the cell has any use of the term",
    },
    {
        "period": "datetime64, first day of the period",
        "n_copies": "int, with the story as unit: articles with a hit that an earlier one of their story stands for",
    },
)

SPEAKERS = Table(
    "speakers",
    "one speaker who uses one term in one cell (a combination of the `by` columns and a period)",
    {
        "term": "str",
        "speaker": "str, missing in the row of hits that are said by nobody in particular",
        "n_hits": "int, hits of the term that the speaker is quoted or reported with",
        "n_hits_total": "int, all quoted and reported hits of the term in the cell",
        "n_quoted": "int, of n_hits, those inside quotations",
        "n_reported": "int, of n_hits, those in indirect speech",
        "n_negated": "int, of n_hits, those that are negated or rejected",
        "n_articles": "int, articles with such a hit",
        "n_articles_total": "int, articles with a quoted or reported hit of the term",
        "n_stories": "int, stories with such a hit",
        "n_stories_total": "int, stories with a quoted or reported hit of the term",
        "share": "float, n_hits / n_hits_total; NaN where not covered",
        "low": "float, lower end of the 95 % interval of the share",
        "high": "float, upper end",
        "covered": "bool, whether the cell has any quoted or reported hit of the term",
    },
    {
        "period": "datetime64, first day of the period",
        "n_copies": "int, with the story as unit: articles with a hit that an earlier one of their story stands for",
    },
)

COVERAGE = Table(
    "coverage",
    "one period of a group (a combination of the `by` columns)",
    {
        "period": "datetime64, first day of the period; missing in the row of undated articles",
        "n_articles": "int",
        "covered": "bool, whether there is any article",
    },
    {},
)

CHANGE_POINTS = Table(
    "change points",
    "one change of level in one series (a combination of the `by` columns, and a term)",
    {
        "term": "str",
        "change": "int, counted from 1 in its series",
        "period": "datetime64, first day of the first period at the new level",
        "low": "datetime64, lower end of the 95 % interval of that day",
        "high": "datetime64, upper end",
        "support": "float, share of resamples of the stories with a change from low to high",
        "low_before": "float, lower end of the 95 % interval of the measure in the segment before",
        "high_before": "float, upper end",
        "n_periods_before": "int, covered periods of that segment",
        "low_after": "float, and of the segment after",
        "high_after": "float",
        "n_periods_after": "int",
    },
    {
        "<measure>_before": "float, per_million, share or rival_share of the segment before; also _after",
        "n_<part>_before": "int, the two counts that the measure is a ratio of; also _after",
    },
)

BURSTS = Table(
    "bursts",
    "one burst in one series (a combination of the `by` columns, and a term)",
    {
        "term": "str",
        "begin": "datetime64, its first day",
        "end": "datetime64, its last day",
        "level": "int, from 1; a burst of level 2 lies inside one of level 1",
        "weight": "float, by how much its documents are likelier at its level than at the one below, natural logarithm",
        "n_periods": "int, covered periods",
        "n_hits": "int",
        "n_articles": "int, articles with a hit",
        "n_articles_total": "int",
        "share": "float, n_articles / n_articles_total",
        "low": "float, lower end of the 95 % interval of the share",
        "high": "float, upper end",
        "share_overall": "float, share of articles with a hit in the whole series",
    },
    {},
)

INTERRUPTIONS = Table(
    "interruptions",
    "one event in one series (a combination of the `by` columns, and a term)",
    {
        "term": "str",
        "event": "str, its label",
        "date": "datetime64, its day",
        "period": "datetime64, first day of the first period after; missing where the event lies outside the periods",
        "n_periods_before": "int, covered periods that were taken",
        "n_periods_after": "int",
        "level_ratio": "float, the measure in that period over what the line before leads to expect",
        "level_low": "float, lower end of its 95 % interval",
        "level_high": "float, upper end",
        "level_p": "float, two-sided, of no step",
        "level_p_adjusted": "float, corrected for all tests of the table",
        "slope_before": "float, growth per period, a factor",
        "slope_after": "float",
        "slope_ratio": "float, slope_after / slope_before",
        "slope_low": "float",
        "slope_high": "float",
        "slope_p": "float, two-sided, of no change of slope",
        "slope_p_adjusted": "float",
        "autocorrelation": "float, of neighbouring periods, freed of the bias of the fit",
        "dispersion": "float, variance over mean",
        "note": "str, why there is no estimate; empty where there is one",
    },
    {"n_<part>_before": "int, the two counts that the measure is a ratio of; also _after"},
)

LEADS = Table(
    "leads",
    "one pair of sources and a term",
    {
        "term": "str",
        "first": "the one",
        "second": "the other",
        "lag": "Int64, by how many periods the second follows the first where they correlate most; negative: it goes ahead",
        "correlation": "float, there",
        "p": "float, how often chance gives so large a one at any lag",
        "p_adjusted": "float, corrected for all pairs and terms",
        "n_periods": "int, periods that both cover",
        "n_stories_shared": "int, stories with the term that both have",
        "note": "str, why there is no answer; empty where there is one",
    },
    {"n_<part>_first": "int, hits, or for shares articles with a hit; also _second"},
)

LAGS = Table(
    "lags",
    "one lag of one pair of sources and a term",
    {
        "term": "str",
        "first": "the one",
        "second": "the other",
        "lag": "int, by how many periods the second is looked at later than the first",
        "correlation": "float",
        "null_low": "float, lower end of the middle 95 % of chance at this lag",
        "null_high": "float, upper end",
        "n_periods": "int, periods that both cover",
    },
    {},
)

EVENTS = Table(
    "events",
    "one dated fact",
    {
        "date": "datetime64, its day",
        "label": "str, a few words",
        "source": "str, the document that says so",
        "chronology": "str, the file",
    },
    {},
)

VALIDATION_SHEET = Table(
    "validation sheet",
    "one unit to be coded",
    {
        "unit_id": "str, unique",
        "term": "str, the search that it is about",
        "unit": "str, hit or article",
        "doc_id": "str",
        "retrieved": "bool, whether the search found it",
        "stratum": "str, the values that it was drawn by, joined by a bar",
        "n_units": "int, units in the stratum",
        "n_drawn": "int, units drawn of it",
        "weight": "float, units that it stands for, n_units / n_drawn",
        "relevant": "yes or no, to be filled in",
        "coder": "str, to be filled in",
    },
    {
        "field": "str, of a hit",
        "start": "int, first character within the field",
        "end": "int, one past the last",
        "form": "str, the words matched, in lower case",
        "pre": "str, the text before a hit",
        "keyword": "str, the hit as printed",
        "post": "str, the text after",
        "text": "str, of an article",
        "period": "str, the period that it was drawn by",
        "source": "str",
        "date": "datetime64",
        "story_id": "str",
    },
)

TERM_ERROR = Table(
    "term error",
    "one term (and value of the `by` columns)",
    {
        "term": "str, (all) for all terms together",
        "unit": "str, hit or article",
        "confidence": "float, nominal coverage of the intervals",
        "n_retrieved": "int, units that the search found",
        "n_retrieved_coded": "int, of these, those coded",
        "n_retrieved_relevant": "int, of these, those relevant",
        "n_rest": "int, the other units of the wider net",
        "n_rest_coded": "int, of these, those coded",
        "n_rest_relevant": "int, of these, those relevant",
        "n_uncoded": "int, units drawn and not coded",
        **{
            f"{name}{end}": f"float, {what}"
            for name, meaning in (
                ("precision", "share of what was found that is relevant"),
                ("recall", "share of what is relevant in the wider net that was found"),
                ("F1", "harmonic mean of precision and recall"),
                ("correction", "precision / recall"),
            )
            for end, what in (("", meaning), ("_low", "lower end of its interval"), ("_high", "upper end"))
        },
    },
    {},
)

SENSES = Table(
    "senses",
    "one sense of a word",
    {
        "sense": "int, from 0, the most frequent first; -1 for contexts without a word",
        "words": "str, the words that tell it apart, joined by commas",
        "n": "int, contexts",
        "share": "float, of all contexts",
        "cohesion": "float, mean cosine of its contexts with their mean",
    },
    {},
)

TEXT_FIELDS = ("title", "standfirst", "text")
BULKY = (*TEXT_FIELDS, "text_raw", "cuts")
"""Columns of articles that do not ride along into tables of hits and passages; the last two are the text before cleaning and where it was cut."""
