"""Own the declaration of every table: its columns in order, each with its dtype, its unit and what it means."""

from __future__ import annotations

from toolkit.tables.table import Column, Table

# A column is a line here, however long.
# fmt: off

COMMON = {
    "<by>": Column("any", "the columns of `by`, where cells are made by any"),
    "<article>": Column("any", "the columns of the articles, all but their text"),
    "<more>": Column("any", "columns of your own"),
    "<measure>": Column("float", "per_million, share or rival_share, whichever was asked for"),
    "n_<term>": Column("int", "occurrences of that term in the article", "hits"),
    "n_<part>": Column("int", "the two counts that the measure is a ratio of, such as n_hits and n_words"),
    # what an article, a passage or a hit is
    "doc_id": Column("str", "the article"),
    "source": Column("str", "the outlet"),
    "date": Column("date", "the day or time of the article; missing where unknown"),
    "title": Column("str", "missing where the archive has none"),
    "text": Column("str", "the running text"),
    "url": Column("str", "the address of the article"),
    "language": Column("str", "the language of the article, such as en"),
    "leaning": Column("str", "the outlet's leaning, as the corpus states it"),
    "story_id": Column("str", "the group of near-identical articles that the article belongs to"),
    "field": Column("str", "title, standfirst or text"),
    "from": Column("int", "first token, counted from 0 within the field"),
    "to": Column("int", "last token, inclusive"),
    "start": Column("int", "first character, counted from 0 within the field"),
    "end": Column("int", "one past the last character"),
    "pattern": Column("str", "the pattern that matched"),
    "word": Column("str", "the word, in lower case"),
    "collocate": Column("str", "the word that stands near, in lower case"),
    "form": Column("str", "the words that matched, in lower case"),
    "pre": Column("str", "the text before the match"),
    "keyword": Column("str", "the match as printed"),
    "post": Column("str", "the text after the match"),
    "context_id": Column("str", "the passage"),
    "option_1": Column("str", "one of the words or topics to choose from, of which one does not belong"),
    "option_<number>": Column("str", "the others"),
    # whose words they are
    "voice": Column("str", "outlet, scare_quote, quoted or reported"),
    "speaker": Column("str", "who is said to have said it; missing where nobody is named"),
    "cue": Column("str", "the word that attributes it, as printed; missing where there is none"),
    "negated": Column("bool", "whether it is denied or rejected"),
    "mentioned": Column("bool", "whether the word is spoken about as a word"),
    "headline": Column("bool", "whether it stands in a title"),
    "certainty": Column("float", "score of the rule that applied, from 0 to 1; not a probability"),
    # cells and what is counted in them
    "term": Column("str", "the name of the term"),
    "period": Column("date", "first day of the period; missing in the row of undated articles"),
    "n_hits": Column("int", "occurrences of the term", "hits"),
    "n_hits_rivals": Column("int", "occurrences of all rival terms together", "hits"),
    "n_articles": Column("int", "articles with a hit", "articles"),
    "n_articles_total": Column("int", "articles in the cell", "articles"),
    "n_stories": Column("int", "stories with a hit", "stories"),
    "n_stories_total": Column("int", "stories in the cell", "stories"),
    "n_stories_shared": Column("int", "stories with articles on both sides", "stories"),
    "n_words": Column("int", "words in the cell", "words"),
    "language_origin": Column("str", "how the language is known: stated, detected in the text, or assumed to be that of most articles"),
    "n_unmeasured": Column("int", "hits in a language without rules, which have no voice and are in no share; only where there are some", "hits"),
    "n_copies": Column("int", "articles left out because an earlier one stands for their story, with unit='story'", "articles"),
    "n_periods": Column("int", "covered periods", "periods"),
    "covered": Column("bool", "whether the cell has any article with a word; where it has none, rates are missing"),
    "partial": Column("bool", "whether the articles cover only a part of the period"),
    "note": Column("str", "why there is no estimate; empty where there is one"),
    # rates, and how sure they are
    "per_million": Column("float", "n_hits / n_words", "hits per million words"),
    "share": Column("float", "n_articles / n_articles_total", "share"),
    "rival_share": Column("float", "n_hits / n_hits_rivals", "share"),
    "pooled": Column("float", "the measure, shrunk towards the term's mean over the cells of the period"),
    "corrected": Column("float", "the measure times the term's precision / recall, where its error was measured"),
    "low": Column("float", "lower end of the interval of the rate or share, 95 % unless asked otherwise"),
    "high": Column("float", "upper end of that interval"),
    "p": Column("float", "two-sided; below .05 where the 95 % interval of one comparison excludes no difference"),
    "p_adjusted": Column("float", "p, adjusted for the number of tests in the table"),
    "p_permutation": Column("float", "two-sided: in what part of the shuffles of stories the difference is as large"),
    "q": Column("float", "rate of false discoveries among the words with no larger p_permutation"),
    "correlation": Column("float", "correlation of the two estimates, through the stories on both sides"),
    "difference": Column("float", "target less reference, in the unit of the measure; missing where not covered"),
    "reference": Column("any", "what is compared with"),
    "first": Column("any", "the one"),
    "second": Column("any", "the other"),
    "ratio": Column("float", "target over reference; missing where neither has a hit"),
    "ratio_high": Column("float", "upper end of the interval of `ratio`; infinite where the reference can be zero"),
    "G2": Column("float", "log-likelihood ratio over four cells, signed: positive where the target has more"),
    "log_ratio": Column("float", "ratio of the relative frequencies", "binary logarithm"),
    "log_odds_z": Column("float", "weighted log-odds ratio with an informative Dirichlet prior", "standard errors"),
    # topics
    "topic": Column("int", "the topic's number; -1 for outliers"),
    "label": Column("str", "the topic's label"),
    "rank": Column("int", "rank in the topic, from 1"),
    "n": Column("int", "passages of the topic", "passages"),
    "words": Column("str", "the words that stand out most, joined by commas"),
    "stable": Column("boolean", "whether the topic is stable, where a certificate says so; missing for outliers"),
    "n_contexts": Column("int", "passages in the cell, outliers included", "passages"),
    "persistence": Column("float", "repetitions on other stories in which the topic is found again", "share"),
    "stability": Column("float", "mean Jaccard index of its passages with those of its match in a repetition", "share"),
    "word_stability": Column("float", "mean average Jaccard index of its ranked words with those of its match", "share"),
    "exclusivity": Column("float", "its rate in the topic over the sum of its rates in all topics", "share"),
    # coding
    "unit": Column("str", "hit or article"),
    "coder": Column("str", "who coded it; to be filled in"),
}
"""Columns that mean the same in several tables; one that means something else there is declared with its table."""

_CELL = "in one cell (a combination of the `by` columns and a period)"


def _table(name: str, row: str, made_by: str, order: str, /, **own: Column) -> Table:
    """Declare a table with the common columns at hand."""
    return Table(name, row, made_by, order, COMMON, **own)

# getting articles in

ARTICLES = _table("articles", "one article", "tk.load",
    """doc_id source date title [text standfirst? url? author? section? language? page? wire? story_id? story_role? leaning?
    similarity? dateline? correction? genre? <more>]""",
    doc_id=Column("str", "names the article; unique"),
    standfirst=Column("str", "the lead under the title"),
    author=Column("str", "the byline"),
    section=Column("str", "the section or desk"),
    page=Column("str", "the page in print"),
    wire=Column("str", "the agency credited"),
    story_role=Column("str", "first or copy"),
    similarity=Column("float", "overlap with the first article of the story", "share"),
    dateline=Column("str", "the place and day that the text began with"),
    correction=Column("str", "a note of correction that stood in the text"),
    genre=Column("str", "such as opinion, transcript, live"),
)

COUNTS = _table("counts", "one article, with counts instead of text", "tk.count_hits",
    "doc_id source date [leaning? story_id? <article>] n_words n_<term>?",
    doc_id=Column("str", "names the article; unique"),
    n_words=Column("int", "words in the article", "words"),
)

COVERAGE = _table("coverage", "one period of a group (a combination of the `by` columns)", "tk.coverage",
    "<by> period n_articles covered",
    n_articles=Column("int", "articles in the period", "articles"),
    covered=Column("bool", "whether there is any article"),
)

AUDIT = _table("audit", "one check of a corpus", "tk.audit",
    "check n share? note place?",
    check=Column("str", "what was looked for"),
    n=Column("int", "how many there are"),
    share=Column("float", "n of the articles, files, documents or days; missing where there is nothing to divide by", "share"),
    note=Column("str", "what was done about it, or what it does"),
    place=Column("str", "up to three places, file first"),
)

CATALOGUE = _table("catalogue", "one corpus", "tk.catalogue",
    "name title kind n_articles n_sources period licence here how",
    name=Column("str", "what tk.load takes"),
    title=Column("str", "the corpus's title"),
    kind=Column("str", "articles, or counts without text"),
    n_articles=Column("Int64", "articles; missing where nobody has counted them", "articles"),
    n_sources=Column("Int64", "outlets; missing likewise", "outlets"),
    period=Column("str", "first and last day of the coverage"),
    licence=Column("str", "the licence"),
    here=Column("bool", "whether the data are on this machine"),
    how=Column("str", "how to get them"),
)

FORMATS = _table("formats", "one format that can be read", "tk.formats",
    "format title suffixes extra here",
    format=Column("str", "its name, as in tk.read_articles(..., format=...)"),
    title=Column("str", "what it is"),
    suffixes=Column("str", "usual endings, joined by commas; the content decides"),
    extra=Column("str", "the extra that it needs; missing where it needs none"),
    here=Column("bool", "whether it can be read on this machine"),
)

CLEANING_RULES = _table("cleaning rules", "one rule, in the order in which they are tried", "tk.cleaning_rules",
    "rule where action note pattern",
    rule=Column("str", "its name"),
    where=Column("str", "where in a text it looks"),
    action=Column("str", "what it does with what it matches"),
    note=Column("str", "what it is for"),
    pattern=Column("str", "the regular expression"),
)

CLEANING_REPORT = _table("cleaning report", "one rule, the one that removed most first", "tk.cleaning_report",
    "rule n_articles n_characters share position examples",
    rule=Column("str", "its name"),
    n_articles=Column("int", "articles that it changed", "articles"),
    n_characters=Column("int", "characters that it removed or mended", "characters"),
    share=Column("float", "n_characters of all characters", "share"),
    position=Column("str", "where most cuts lie, by thirds of the text: head, middle or tail"),
    examples=Column("str", "up to three of what was removed, joined by bars"),
)

# words in their order

HITS = _table("hits", "one occurrence of a term", "tk.find",
    """doc_id term pattern form from to start end field voice? speaker? cue? negated? mentioned? headline? certainty?
    language? language_origin? <article>""",
)

QUOTATIONS = _table("quotations", "one quotation, or one piece of it where the cue interrupts it", "tk.quotations",
    "doc_id field start end kind speaker cue content certainty",
    start=Column("int", "first character within the field; of a quotation in marks, the opening mark"),
    kind=Column("str", "direct, indirect, or mixed (a fragment in marks, built into a sentence)"),
    content=Column("str", "what was said, with its marks"),
)

CONTEXTS = _table("contexts", "one passage around one or more hits", "tk.contexts",
    "context_id doc_id field start end terms n_hits text voice? [source? date? story_id? <article>]",
    context_id=Column("str", "names the passage; unique"),
    field=Column("str", "title, standfirst or text; article, where the passage is a whole article"),
    start=Column("int", "first character within the field (of a whole article: within its fields as joined)"),
    terms=Column("str", "the terms inside, joined by bars"),
    n_hits=Column("int", "hits inside", "hits"),
    text=Column("str", "the passage"),
    voice=Column("str", "the voices of the hits inside, joined by bars"),
)

CONCORDANCE = _table("concordance", "one occurrence of a term, with the words around it", "tk.kwic",
    "doc_id from to pre keyword post pattern term field source date url?",
)

WORD_FORMS = _table("word forms", "one form that a pattern matched", "tk.word_forms",
    "term pattern form source? <by> n_hits n_articles n_excluded?",
    pattern=Column("str", "the pattern; an exclusion with its !"),
    form=Column("str", "in lower case; missing in the row of a pattern that matched nothing"),
    n_excluded=Column("int", "occurrences of an exclusion that kept something from being a hit", "occurrences"),
)

SUGGESTIONS = _table("suggestions", "one form that a term does not match yet", "tk.suggest_forms",
    "term form why like n_hits n_articles similarity pattern",
    form=Column("str", "words in lower case"),
    why=Column("str", "inflection, spelling, hyphenation or company"),
    like=Column("str", "the word of the term that it is like; missing for company"),
    n_hits=Column("int", "occurrences that are no hit yet", "occurrences"),
    n_articles=Column("int", "articles that have them", "articles"),
    similarity=Column("float", "of what stands beside the form and the term, from 0 to 1; missing under ten occurrences"),
    pattern=Column("str", "the pattern that would match it"),
)

KEYNESS = _table("keyness", "one word of the target or the reference", "tk.keyness",
    """feature G2 p log_ratio low high log_odds_z n_target n_reference n_articles_target n_articles_reference
    n_stories_target n_stories_reference [G2_two_cells? chi2? chi2_yates? chi2_conditional? fisher_p? BIC? percent_difference?
    odds_ratio? simple_maths? smoothed_log_ratio? conservative_log_ratio?] p_permutation? q?""",
    feature=Column("str", "the word in lower case"),
    p=Column("float", "chi-squared tail with one degree of freedom; takes words as drawn one by one"),
    low=Column("float", "lower end of the interval of the log ratio, whose unit is the story", "binary logarithm"),
    high=Column("float", "upper end of that interval", "binary logarithm"),
    n_target=Column("int", "occurrences of the word in the target", "words"),
    n_reference=Column("int", "occurrences in the reference", "words"),
    n_articles_target=Column("int", "articles of the target with the word", "articles"),
    n_articles_reference=Column("int", "articles of the reference with it", "articles"),
    n_stories_target=Column("int", "stories of the target with the word", "stories"),
    n_stories_reference=Column("int", "stories of the reference with it", "stories"),
    G2_two_cells=Column("float", "log-likelihood ratio over two cells, signed"),
    chi2=Column("float", "Pearson's chi-squared over four cells, signed"),
    chi2_yates=Column("float", "the same with Yates's correction"),
    chi2_conditional=Column("float", "the same with Yates's correction where a cell is expected less than five times"),
    fisher_p=Column("float", "two-sided p of Fisher's exact test"),
    BIC=Column("float", "size of G2 less ln(n), n being the words of both sides"),
    percent_difference=Column("float", "by how much the target's rate exceeds the reference's", "percent"),
    odds_ratio=Column("float", "odds ratio of the four cells"),
    simple_maths=Column("float", "ratio of the rates per million, 1 added to each"),
    smoothed_log_ratio=Column("float", "ratio of the rates, .5 added to counts and sizes", "binary logarithm"),
    conservative_log_ratio=Column("float", "end of the log ratio's interval that is nearest 0; 0 where it holds 0", "binary logarithm"),
    p_permutation=Column("float", "in what part of the ways to deal the labels to the stories G2 is as large"),
)

WORD_SHIFT = _table("word shift", "one word of the target or the reference", "tk.word_shift",
    """word contribution contribution_share kind p_target p_reference n_target n_reference n_articles_target
    n_articles_reference score?""",
    contribution=Column("float", "its part of the total", "bits, shares of words or score points"),
    contribution_share=Column("float", "contribution / sum of all absolute contributions", "share"),
    kind=Column("str", "target or reference, whichever has relatively more, or same; with scores, which way it works"),
    p_target=Column("float", "n_target of the target's words", "share"),
    p_reference=Column("float", "n_reference of the reference's words", "share"),
    n_target=Column("int", "occurrences of the word in the target", "words"),
    n_reference=Column("int", "occurrences in the reference", "words"),
    n_articles_target=Column("int", "articles of the target with the word", "articles"),
    n_articles_reference=Column("int", "articles of the reference with it", "articles"),
    score=Column("float", "the word's score"),
)

COLLOCATES = _table("collocates", "one word that stands near the node, " + _CELL, "tk.collocates",
    """<by> period? collocate n n_left n_right n_articles n_node n_window n_corpus n_words n_expected logDice PMI MI3 log_ratio
    log_odds delta_p_given_node delta_p_given_collocate G2 t_score z_score [Dice? MI2? local_MI? minimum_sensitivity?]""",
    n=Column("int", "times inside the windows", "words"),
    n_left=Column("int", "of these, left of the nearest hit", "words"),
    n_right=Column("int", "of these, right of it", "words"),
    n_articles=Column("int", "articles in which it stands inside a window", "articles"),
    n_node=Column("int", "hits of the node in the cell", "hits"),
    n_window=Column("int", "words in all windows of the cell", "words"),
    n_corpus=Column("int", "times in the cell, the words of the node left out", "words"),
    n_words=Column("int", "words of the cell, those of the node left out", "words"),
    n_expected=Column("float", "times expected inside the windows by chance", "words"),
    logDice=Column("float", "from hits and occurrences, whatever the size of the corpus; at most 14", "binary logarithm"),
    PMI=Column("float", "n over n_expected", "binary logarithm"),
    MI3=Column("float", "n cubed over n_expected", "binary logarithm"),
    log_ratio=Column("float", "how many times as often as outside the windows", "binary logarithm"),
    log_odds=Column("float", "ratio of the odds inside and outside the windows", "natural logarithm"),
    delta_p_given_node=Column("float", "P(word inside the windows) - P(word outside)", "difference of shares"),
    delta_p_given_collocate=Column("float", "P(window, given the word) - P(window, given another)", "difference of shares"),
    G2=Column("float", "log-likelihood ratio over four cells, signed"),
    t_score=Column("float", "n less n_expected, over the root of n"),
    z_score=Column("float", "n less n_expected, over the root of n_expected"),
    Dice=Column("float", "2 n / (n_node + n_corpus)", "share"),
    MI2=Column("float", "n squared over n_expected", "binary logarithm"),
    local_MI=Column("float", "n times PMI"),
    minimum_sensitivity=Column("float", "the smaller of n / n_window and n / n_corpus", "share"),
)

COLLOCATE_SHIFT = _table("collocate shift",
    "one word that stands near the node in the target or the reference", "tk.collocate_shift",
    """collocate n_target n_reference n_stories_target n_stories_reference n_hits_target n_hits_reference share_target
    share_reference difference low high log_ratio z p_permutation q p_max""",
    n_target=Column("int", "hits of the target with the word in their window", "hits"),
    n_reference=Column("int", "hits of the reference with it", "hits"),
    n_stories_target=Column("int", "stories of the target with such a hit", "stories"),
    n_stories_reference=Column("int", "stories of the reference with one", "stories"),
    share_target=Column("float", "n_target / n_hits_target", "share"),
    share_reference=Column("float", "n_reference / n_hits_reference", "share"),
    difference=Column("float", "share_target - share_reference", "difference of shares"),
    log_ratio=Column("float", "ratio of the two shares", "binary logarithm"),
    z=Column("float", "the difference", "standard deviations of the shuffles"),
    p_max=Column("float", "in what part of the shuffles any word has so large a z"),
    low=Column("float", "lower end of the interval of `difference`, 95 % unless asked otherwise"),
)

DISPERSION = _table("dispersion", "one term, or one word", "tk.dispersion",
    "term n_hits n_words range n_parts DP DPnorm D D2 S KLD DA? ARF?",
    n_words=Column("int", "words of all parts", "words"),
    range=Column("int", "parts with an occurrence", "parts"),
    n_parts=Column("int", "parts that have any word", "parts"),
    DP=Column("float", "deviation of proportions: 0 where even"),
    DPnorm=Column("float", "DP over its highest possible value: 0 where even, 1 where all is in the smallest part"),
    D=Column("float", "Juilland's: 1 where even"),
    D2=Column("float", "Carroll's: 1 where even"),
    S=Column("float", "Rosengren's: 1 where even"),
    KLD=Column("float", "divergence from an even spread: 0 where even", "bits"),
    DA=Column("float", "Burch, Egbert and Biber's: 1 where even"),
    ARF=Column("float", "average reduced frequency: near n_hits where even, 1 where all are in one place"),
)

# counts of cells

USAGE = _table("usage", "one term " + _CELL, "tk.usage",
    """<by> period? term n_hits n_articles n_articles_total n_stories n_stories_total n_copies? n_words per_million share
    n_hits_rivals? rival_share? low high pooled? pooled_low? pooled_high? corrected? corrected_low? corrected_high? covered
    partial? smooth? smooth_low? smooth_high? bandwidth? segment? burst?""",
    smooth=Column("float", "the measure on the smooth line; missing where not covered"),
    smooth_low=Column("float", "lower end of the line's band, 95 % unless asked otherwise"),
    smooth_high=Column("float", "upper end of the band"),
    bandwidth=Column("float", "how far away a period no longer weighs in the line", "periods"),
    segment=Column("int", "between which change points the period lies, counted from 0"),
    burst=Column("int", "level of the burst that the period belongs to; 0 outside of any"),
)

CONTRASTS = _table("contrasts",
    "one term in one cell, compared between two values of a column or two periods", "tk.compare",
    """<by> [reference term period?] difference low high ratio ratio_low ratio_high p p_adjusted per_million_target?
    share_target? rival_share_target? n_hits_target n_articles_target n_articles_total_target n_stories_target
    n_stories_total_target n_words_target n_hits_rivals_target? per_million_reference? share_reference?
    rival_share_reference? n_hits_reference n_articles_reference n_articles_total_reference n_stories_reference
    n_stories_total_reference n_words_reference n_hits_rivals_reference? n_stories_shared correlation covered partial?""",
    covered=Column("bool", "whether both sides have articles with words"),
    partial=Column("bool", "whether the articles of a side cover only a part of the period"),
    low=Column("float", "lower end of the interval of `difference`, 95 % unless asked otherwise"),
)

VOICE_SHARES = _table("voice shares", "one voice of one term " + _CELL, "tk.voice_shares",
    """<by> period? term voice n_hits n_hits_total n_articles n_articles_total n_stories n_stories_total share low high
    covered n_copies? n_unmeasured?""",
    n_hits=Column("int", "hits of the term in that voice", "hits"),
    n_hits_total=Column("int", "hits of the term", "hits"),
    n_articles=Column("int", "articles with a hit in that voice", "articles"),
    n_articles_total=Column("int", "articles with a hit of the term", "articles"),
    n_stories=Column("int", "stories with a hit in that voice", "stories"),
    n_stories_total=Column("int", "stories with a hit of the term", "stories"),
    share=Column("float", "n_hits / n_hits_total; missing where not covered", "share"),
    covered=Column("bool", "whether the cell has any hit of the term"),
)

ADOPTION = _table("adoption", "one term " + _CELL, "tk.adoption",
    """<by> period? term n_hits n_mentioned n_uses n_own n_negated n_scare_quoted n_quoted n_reported n_headlines n_articles
    n_articles_total n_stories n_stories_total adoption low high covered n_copies? n_unmeasured?""",
    n_hits=Column("int", "n_uses + n_mentioned", "hits"),
    n_mentioned=Column("int", "hits that speak about the word; put aside", "hits"),
    n_uses=Column("int", "n_own + n_negated + n_scare_quoted + n_quoted + n_reported", "hits"),
    n_own=Column("int", "uses in the outlet's voice that are not negated", "hits"),
    n_negated=Column("int", "uses in the outlet's voice that are negated or rejected", "hits"),
    n_scare_quoted=Column("int", "uses in scare quotes", "hits"),
    n_quoted=Column("int", "uses inside quotations", "hits"),
    n_reported=Column("int", "uses in indirect speech", "hits"),
    n_headlines=Column("int", "of n_own, those in headlines", "hits"),
    n_articles=Column("int", "articles with an own use", "articles"),
    n_articles_total=Column("int", "articles with a use", "articles"),
    n_stories=Column("int", "stories with an own use", "stories"),
    n_stories_total=Column("int", "stories with a use", "stories"),
    adoption=Column("float", "n_own / n_uses; missing where not covered", "share"),
    covered=Column("bool", "whether the cell has any use of the term"),
)

SPEAKERS = _table("speakers", "one speaker who uses one term " + _CELL, "tk.speakers",
    """<by> period? term speaker n_hits n_hits_total n_quoted n_reported n_negated n_articles n_articles_total n_stories
    n_stories_total share low high covered n_copies? n_unmeasured?""",
    speaker=Column("str", "the speaker; missing in the row of hits for which nobody is named"),
    n_hits=Column("int", "hits of the term with which the speaker is quoted or reported", "hits"),
    n_hits_total=Column("int", "all quoted and reported hits of the term in the cell", "hits"),
    n_quoted=Column("int", "of n_hits, those inside quotations", "hits"),
    n_reported=Column("int", "of n_hits, those in indirect speech", "hits"),
    n_negated=Column("int", "of n_hits, those that are negated or rejected", "hits"),
    n_articles=Column("int", "articles in which the speaker uses the term", "articles"),
    n_articles_total=Column("int", "articles with a quoted or reported hit of the term", "articles"),
    n_stories=Column("int", "stories in which the speaker uses the term", "stories"),
    n_stories_total=Column("int", "stories with a quoted or reported hit of the term", "stories"),
    share=Column("float", "n_hits / n_hits_total; missing where not covered", "share"),
    covered=Column("bool", "whether the cell has any quoted or reported hit of the term"),
)

# over time

CHANGE_POINTS = _table("change points",
    "one change of level in one series (a combination of the `by` columns, and a term)", "tk.change_points",
    """<by> term change period low high support <measure>_before? low_before high_before n_<part>_before? n_periods_before
    <measure>_after? low_after high_after n_<part>_after? n_periods_after""",
    change=Column("int", "counted from 1 in its series"),
    period=Column("date", "first day of the first period at the new level"),
    low=Column("date", "lower end of the interval of that day"),
    high=Column("date", "upper end"),
    support=Column("float", "resamples of the stories with a change from low to high", "share"),
    low_before=Column("float", "lower end of the interval of the measure in the segment before"),
    high_before=Column("float", "upper end"),
    n_periods_before=Column("int", "covered periods of the segment before", "periods"),
    low_after=Column("float", "lower end of the interval of the measure in the segment after"),
    high_after=Column("float", "upper end"),
    n_periods_after=Column("int", "covered periods of the segment after", "periods"),
)

BURSTS = _table("bursts", "one burst in one series (a combination of the `by` columns, and a term)", "tk.bursts",
    "<by> term begin end level weight n_periods n_hits n_articles n_articles_total share low high share_overall",
    begin=Column("date", "its first day"),
    end=Column("date", "its last day"),
    level=Column("int", "from 1; a burst of level 2 lies inside one of level 1"),
    weight=Column("float", "by how much its documents are likelier at its level than at the one below", "natural logarithm"),
    n_articles_total=Column("int", "articles in the burst", "articles"),
    share_overall=Column("float", "articles with a hit in the whole series", "share"),
)

INTERRUPTIONS = _table("interruptions",
    "one event in one series (a combination of the `by` columns, and a term)", "tk.event_effects",
    """<by> term event date period n_periods_before n_periods_after [n_<part>_before? n_<part>_after?] level_ratio level_low
    level_high level_p level_p_adjusted slope_before slope_after slope_ratio slope_low slope_high slope_p slope_p_adjusted
    autocorrelation dispersion note""",
    event=Column("str", "its label"),
    date=Column("date", "its day"),
    period=Column("date", "first day of the first period after; missing where the event lies outside the periods"),
    n_periods=Column("int", "covered periods that were taken", "periods"),
    level_ratio=Column("float", "the measure in that period over what the line before leads to expect"),
    level_low=Column("float", "lower end of the interval of `level_ratio`"),
    level_high=Column("float", "upper end"),
    level_p=Column("float", "two-sided, of no step"),
    level_p_adjusted=Column("float", "level_p, adjusted for the number of tests in the table"),
    slope_before=Column("float", "growth per period before", "factor"),
    slope_after=Column("float", "growth per period after", "factor"),
    slope_ratio=Column("float", "slope_after / slope_before"),
    slope_low=Column("float", "lower end of the interval of `slope_ratio`"),
    slope_high=Column("float", "upper end"),
    slope_p=Column("float", "two-sided, of no change of slope"),
    slope_p_adjusted=Column("float", "slope_p, adjusted likewise"),
    autocorrelation=Column("float", "of neighbouring periods, freed of the bias of the fit"),
    dispersion=Column("float", "variance over mean"),
)

LEADS = _table("leads", "one pair of sources and a term", "tk.lead_lag",
    "term first second lag correlation p p_adjusted n_periods n_<part>_first? n_<part>_second? n_stories_shared note",
    lag=Column("Int64", "by how much the second follows the first where they correlate most; negative: it goes ahead", "periods"),
    correlation=Column("float", "correlation at that lag"),
    p=Column("float", "how often chance gives so large a correlation at any lag"),
    n_periods=Column("int", "periods that both cover", "periods"),
    n_stories_shared=Column("int", "stories with the term that both have", "stories"),
    note=Column("str", "why there is no answer; empty where there is one"),
)

LAGS = _table("lags", "one lag of one pair of sources and a term", "tk.lead_lag(all_lags=True)",
    "term first second lag correlation null_low null_high n_periods",
    lag=Column("int", "by how much later the second is looked at than the first", "periods"),
    correlation=Column("float", "correlation at that lag"),
    null_low=Column("float", "lower end of the middle 95 % of chance at this lag"),
    null_high=Column("float", "upper end"),
    n_periods=Column("int", "periods that both cover", "periods"),
)

EVENTS = _table("events", "one dated fact", "tk.events",
    "date label source chronology",
    date=Column("date", "the day of the fact"),
    label=Column("str", "a few words"),
    source=Column("str", "the document that says so"),
    chronology=Column("str", "the file that lists it"),
)

# topics

TOPICS = _table("topics", "one topic", "tk.fit_topics(...).topics",
    """topic label words n share npmi persistence? persistence_low? persistence_high? stability? stability_low?
    stability_high? word_stability? word_stability_low? word_stability_high? cohesion? separation? chance_separation? stable?""",
    words=Column("str", "the words with the highest c-TF-IDF, joined by commas"),
    share=Column("float", "n of all passages, outliers included", "share"),
    npmi=Column("float", "coherence of the words in the passages"),
    cohesion=Column("float", "how many times as alike in their words two of its passages are as any two", "ratio"),
    separation=Column("float", "how many times as alike they are as a passage of it and one of the rest", "ratio"),
    chance_separation=Column("float", "the separation of topics of words dealt out at random; missing for one topic", "ratio"),
    stable=Column("boolean", "whether persistence is at least 0.8; missing for outliers"),
)

ASSIGNMENTS = _table("assignments", "one passage", "tk.fit_topics(...).assignments",
    "context_id topic probability consensus? stable?",
    probability=Column("float", "repetitions that put it in its topic's match; without repetitions what the clustering says, missing where it says nothing"),
    consensus=Column("int", "the topic in which most repetitions put it"),
    stable=Column("boolean", "whether its topic is stable; missing for outliers"),
)

HIERARCHY = _table("hierarchy", "one merge of two topics, the most similar first", "tk.fit_topics(...).hierarchy",
    "parent left right topics distance words n_unstable?",
    parent=Column("int", "the merged topic's number, above those of the topics"),
    left=Column("int", "one of the two"),
    right=Column("int", "the other"),
    topics=Column("str", "all topics in it, joined by bars"),
    distance=Column("float", "Ward's, on cosine distances of c-TF-IDF"),
    n_unstable=Column("int", "its unstable topics, where a certificate says so", "topics"),
)

TOPIC_SETTINGS = _table("topic settings", "one setting that was tried", "tk.fit_topics(...).compare_settings()",
    """n_topics min_size n_found outlier_share npmi? c_v? exclusivity diversity persistence? stability? word_stability?
    adjusted_rand? stable_share?""",
    n_topics=Column("any", "topics that were asked for; missing where left to the clustering", "topics"),
    min_size=Column("int", "the smallest topic that was allowed", "passages"),
    n_found=Column("int", "topics that were found", "topics"),
    outlier_share=Column("float", "outliers among the passages", "share"),
    npmi=Column("float", "coherence, mean over topics"),
    c_v=Column("float", "coherence, mean over topics"),
    exclusivity=Column("float", "mean over topics"),
    diversity=Column("float", "different words among all topics' words", "share"),
    persistence=Column("float", "mean over topics", "share"),
    stability=Column("float", "mean over topics", "share"),
    word_stability=Column("float", "mean over topics", "share"),
    adjusted_rand=Column("float", "adjusted Rand index of the groupings of fit and repetition, mean over repetitions"),
    stable_share=Column("float", "passages that lie in stable topics", "share"),
)

TOPIC_SHARES = _table("topic shares", "one topic " + _CELL, "tk.topic_shares",
    "<by> period? topic label n n_contexts n_stories_total share low high covered stable? n_copies?",
    n_stories_total=Column("int", "stories in the cell that have a passage", "stories"),
    share=Column("float", "n / n_contexts; missing where not covered", "share"),
    covered=Column("bool", "whether the cell has any passage"),
    n_copies=Column("int", "passages that an earlier article of their story stands for, with unit='story'", "passages"),
)

TOPIC_CONTRASTS = _table("topic contrasts",
    "one topic in one cell, compared between two values of a column or two periods", "tk.compare, under its old name tk.topic_contrasts",
    """<by> [reference topic label period?] difference low high ratio ratio_low ratio_high p p_adjusted share_target n_target
    n_contexts_target n_stories_target n_stories_total_target share_reference n_reference n_contexts_reference
    n_stories_reference n_stories_total_reference n_stories_shared correlation covered partial? stable?""",
    difference=Column("float", "share_target - share_reference; missing where not covered", "difference of shares"),
    ratio=Column("float", "target over reference; missing where neither has the topic"),
    share_target=Column("float", "n_target / n_contexts_target", "share"),
    share_reference=Column("float", "n_reference / n_contexts_reference", "share"),
    n_stories_target=Column("int", "stories with the topic, of the target", "stories"),
    n_stories_reference=Column("int", "stories with the topic, of the reference", "stories"),
    n_stories_shared=Column("int", "stories on both sides", "stories"),
    covered=Column("bool", "whether both sides have passages"),
    partial=Column("bool", "whether a side covers a part of the period only"),
    low=Column("float", "lower end of the interval of `difference`, 95 % unless asked otherwise"),
)

TOPIC_REGRESSION = _table("topic regression", "one coefficient of one topic's fractional logit", "tk.topic_regression",
    """topic label covariate level reference estimate low high effect effect_low effect_high p p_adjusted n n_contexts
    n_clusters note stable?""",
    covariate=Column("str", "the column, or time"),
    level=Column("str", "the value compared with the reference; missing where the covariate is a number or a spline"),
    reference=Column("str", "the value compared with; missing likewise"),
    estimate=Column("float", "log odds ratio; of a number, per unit; missing for a spline; infinite where a level has none or all", "natural logarithm"),
    effect=Column("float", "average marginal effect; of a number, per unit", "difference of shares"),
    p=Column("float", "two-sided; of a spline, that time does not matter"),
    n_contexts=Column("int", "passages in the regression", "passages"),
    n_clusters=Column("int", "clusters by which errors are robust", "clusters"),
    note=Column("str", "why there is no estimate, effect or interval; empty where there are all"),
    low=Column("float", "lower end of the interval of `estimate`, 95 % unless asked otherwise"),
)

TOPIC_WORDS = _table("topic words", "one word of one topic", "tk.topic_words",
    "topic label rank word n n_total n_texts n_texts_total n_stories c_tfidf exclusivity frex stable?",
    n=Column("int", "occurrences in the topic's texts that vote", "words"),
    n_total=Column("int", "occurrences in all texts that vote", "words"),
    n_texts=Column("int", "texts of the topic that have it", "texts"),
    n_texts_total=Column("int", "texts of the topic", "texts"),
    n_stories=Column("int", "stories of the topic that have it", "stories"),
    c_tfidf=Column("float", "weight in the topic"),
    frex=Column("float", "harmonic mean of its ranks by rate and by exclusivity, from 0 to 1"),
)

TOPIC_LINES = _table("topic lines", "one passage to read of one topic", "tk.topic_lines",
    "topic label rank similarity context_id doc_id? source? date? story_id? text stable?",
    similarity=Column("float", "cosine with the centre of the topic"),
    text=Column("str", "the passage"),
)

TOPIC_COLLOCATES = _table("topic collocates", "one word near the term inside one topic", "tk.topic_collocates",
    "topic label rank collocate n n_passages n_total n_passages_total exclusivity log_odds_z stable?",
    n=Column("int", "passages of the topic in which it stands near the term", "passages"),
    n_passages=Column("int", "passages of the topic", "passages"),
    n_total=Column("int", "passages of all topics and outliers in which it stands near the term", "passages"),
    n_passages_total=Column("int", "passages of all topics and outliers", "passages"),
    exclusivity=Column("float", "n / n_total", "share"),
    log_odds_z=Column("float", "weighted log-odds ratio against the rest", "standard errors"),
)

TOPIC_MAP = _table("topic map", "one passage", "tk.topic_map",
    "context_id topic label x y topic_x topic_y n share stable?",
    x=Column("float", "across; only nearness means anything"),
    y=Column("float", "up; only nearness means anything"),
    topic_x=Column("float", "median of the topic's passages; missing for outliers"),
    topic_y=Column("float", "median of the topic's passages; missing for outliers"),
    share=Column("float", "n of all passages", "share"),
)

SENSES = _table("senses", "one sense of a word", "tk.senses(...).senses",
    "sense words n share cohesion",
    sense=Column("int", "from 0, the most frequent first; -1 for passages without a word"),
    n=Column("int", "passages", "passages"),
    share=Column("float", "n of all passages", "share"),
    cohesion=Column("float", "mean cosine of its passages with their mean"),
)

SENSE_ASSIGNMENTS = _table("sense assignments", "one passage", "tk.senses(...).assignments",
    "context_id sense margin",
    sense=Column("int", "the number of its sense"),
    margin=Column("float", "by how much it is nearer to its sense than to the next", "cosine"),
)

# coding

VALIDATION_SHEET = _table("validation sheet", "one unit to be coded", "tk.sample_for_validation",
    """unit_id term unit doc_id field? start? end? form? pre? keyword? post? text? source? date? story_id? <by> period?
    retrieved stratum n_units n_drawn weight relevant coder""",
    unit_id=Column("str", "names the unit; unique"),
    term=Column("str", "the search that it is about"),
    text=Column("str", "of an article"),
    period=Column("str", "the period that it was drawn by"),
    retrieved=Column("bool", "whether the search found it"),
    stratum=Column("str", "the values that it was drawn by, joined by bars"),
    n_units=Column("int", "units in the stratum", "units"),
    n_drawn=Column("int", "units drawn of it", "units"),
    weight=Column("float", "units that it stands for, n_units / n_drawn", "units"),
    relevant=Column("any", "yes or no; to be filled in"),
)

TERM_ERROR = _table("term error", "one term (and value of the `by` columns)", "tk.term_error",
    """<by> term unit confidence n_retrieved n_retrieved_coded n_retrieved_relevant n_rest n_rest_coded n_rest_relevant
    n_uncoded precision precision_low precision_high recall recall_low recall_high F1 F1_low F1_high correction
    correction_low correction_high""",
    term=Column("str", "the term; (all) for all terms together"),
    confidence=Column("float", "nominal coverage of the intervals", "share"),
    n_retrieved=Column("int", "units that the search found", "units"),
    n_retrieved_coded=Column("int", "of these, those coded", "units"),
    n_retrieved_relevant=Column("int", "of these, those relevant", "units"),
    n_rest=Column("int", "the other units of the wider net", "units"),
    n_rest_coded=Column("int", "of these, those coded", "units"),
    n_rest_relevant=Column("int", "of these, those relevant", "units"),
    n_uncoded=Column("int", "units drawn and not coded", "units"),
    precision=Column("float", "what is relevant of what was found", "share"),
    recall=Column("float", "what was found of what is relevant in the wider net", "share"),
    F1=Column("float", "harmonic mean of precision and recall", "share"),
    correction=Column("float", "precision / recall", "factor"),
)

INTRUSION_SHEET = _table("intrusion sheet", "one question", "tk.intrusion_sheet",
    "item_id kind text? option_1 option_<number>? answer coder topic? intruder? stable?",
    item_id=Column("str", "made of the question, so that a key of another fit is noticed"),
    kind=Column("str", "word or topic"),
    text=Column("str", "the passage, with kind='topic'"),
    answer=Column("str", "the number of the option that does not belong, or the option; to be filled in"),
    topic=Column("int", "in the key: the topic that is asked about"),
    intruder=Column("int", "in the key: the number of the option that does not belong"),
    stable=Column("boolean", "in the key: whether the topic is stable, where a certificate says so"),
)

INTRUSION_SCORES = _table("intrusion scores", "one topic, and the last row all of them", "tk.intrusion_scores",
    "topic kind n_items n_coders n_answers n_right precision low high chance n_unanswered stable?",
    topic=Column("Int64", "the topic's number; missing in the row of all topics"),
    kind=Column("str", "word or topic"),
    n_items=Column("int", "questions with an answer", "questions"),
    n_coders=Column("int", "people who answered", "coders"),
    n_answers=Column("int", "answers", "answers"),
    n_right=Column("int", "answers that name the intruder", "answers"),
    precision=Column("float", "n_right / n_answers", "share"),
    chance=Column("float", "precision of blind guesses", "share"),
    n_unanswered=Column("int", "cells left empty", "answers"),
    stable=Column("boolean", "whether the topic is stable, where the key says so; missing in the row of all topics"),
)

TEXT_FIELDS = ("title", "standfirst", "text")
BULKY = (*TEXT_FIELDS, "text_raw", "cuts")
"""Columns of articles that do not ride along into tables of hits and passages; the last two are the text before cleaning and where it was cut."""

TABLES: tuple[Table, ...] = tuple(table for table in list(globals().values()) if isinstance(table, Table))
"""All declared tables, in the order of this file."""
