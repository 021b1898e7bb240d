"""Own the reading of printed dates: every form that archives write, in their languages, without the process's locale."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import pandas as pd

EARLIEST = 1700  # no newspaper of an archive is older; what looks older is a page or an error
_LONGEST = 1_000  # characters that are looked at: a date line, not an article


class ReadDate(NamedTuple):
    """A date as it was read.

    Attributes
    ----------
    date : datetime
        As printed, without a zone; midnight where only a day is printed, the first day where only a month or a year is.
    precision : str
        "minute", "day", "month" or "year".
    rest : str
        What stood beside it, such as "Late Edition - Final".
    zone : str, optional
        The zone of the time as printed, such as "EST" or "+0200".
    """

    date: datetime
    precision: str
    rest: str
    zone: str | None


# A line a language (en, de, fr, nl, es, pt, it, da and no, sv, ru), a column a month, forms of one month
# joined by bars. Names without their accents are read, too.
_MONTHS = """
january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sept|sep october|oct november|nov december|dec
januar|jänner|jaenner|jän februar|feber märz|maerz|mrz|mär april mai|may juni juli august september oktober|okt november dezember|dez
janvier|janv février|févr|fév mars avril|avr mai juin juillet|juil août|aoû septembre octobre novembre décembre|déc
januari februari maart|mrt april mei juni juli augustus september oktober november december
enero|ene febrero marzo abril|abr mayo junio julio agosto|ago septiembre|setiembre|set octubre noviembre diciembre|dic
janeiro fevereiro|fev março abril maio junho julho agosto setembro outubro|out novembro dezembro
gennaio|genn|gen febbraio|febbr marzo aprile maggio|mag giugno|giu luglio|lug agosto settembre|sett ottobre|ott novembre dicembre
januar februar marts april maj juni juli august september oktober november desember
januari februari mars april maj juni juli augusti september oktober november december
январь|января|янв февраль|февраля|февр|фев март|марта|мар апрель|апреля|апр май|мая июнь|июня|июн июль|июля|июл август|августа|авг \
сентябрь|сентября|сент|сен октябрь|октября|окт ноябрь|ноября|нояб|ноя декабрь|декабря|дек
"""

_WEEKDAYS = """
monday tuesday wednesday thursday friday saturday sunday mon tues tue weds wed thurs thur thu fri sat sun
montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so
lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim
maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma di wo do vr za zo
lunes martes miércoles jueves viernes sábado domingo mié jue vie sáb dom
segunda-feira terça-feira quarta-feira quinta-feira sexta-feira segunda terça quarta quinta sexta seg ter qua qui sex
lunedì martedì mercoledì giovedì venerdì sabato domenica gio sab
mandag tirsdag onsdag torsdag lørdag søndag måndag tisdag lördag söndag
понедельник вторник среда четверг пятница суббота воскресенье пн вт ср чт пт сб вс
"""

_ZONES = """
Z UTC UT GMT BST IST WET WEST CET CEST MET MEST MEZ MESZ EET EEST MSK MSD EST EDT ET CST CDT CT MST MDT MT PST PDT PT AKST AKDT HST AST ADT NST NDT
BRT ART CLT COT SAST WAT CAT EAT PKT NPT ICT WIB SGT MYT PHT HKT JST KST AWST ACST ACDT AEST AEDT NZST NZDT
"""

_ERAS = {"明治": 1868, "大正": 1912, "昭和": 1926, "平成": 1989, "令和": 2019}
_NUMERALS = "〇一二三四五六七八九"
_TO_ASCII = {ord(c): str(i) for digits in ("０１２３４５６７８９",) for i, c in enumerate(digits)} | {
    ord("："): ":", ord("，"): ",", ord("（"): "(", ord("）"): ")", ord("零"): "〇", ord("○"): "〇",
}  # fmt: skip


def _bare(word: str) -> str:
    """Return the word in lower case and without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))


def _alternatives(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, with or without their accents, longest first."""
    spelled = {form for word in words for form in (word, _bare(word))}
    return "|".join(sorted(map(re.escape, spelled), key=lambda form: (-len(form), form)))


_MONTH_OF = {
    _bare(form): at % 12 + 1
    for at, column in enumerate(_MONTHS.split())  # twelve a language
    for form in column.split("|")
}

_MONTH = rf"(?<![^\W\d_])(?P<month>{_alternatives(form for column in _MONTHS.split() for form in column.split('|'))})(?![^\W\d_])\.?"
_SEASON = "Spring|Summer|Autumn|Fall|Winter|Frühjahr|Frühling|Sommer|Herbst|Printemps|Été|Automne|Hiver|Lente|Zomer|Herfst|Primavera|Verano|Otoño|Invierno"
_DAY = r"(?<!\d)(?P<day>\d{1,2})(?!\d)"
_YEAR = r"(?<!\d)(?P<year>\d{4})(?!\d)"
_ORDINAL = r"(?:\s?(?:st|nd|rd|th|er|ère|e|º|ª|°)(?![^\W\d_])|\.)?"
_OF = r"(?:\s*[-/,]\s*|\s+(?:of|de|del|di|do)\s+|\s*)"
_RANGE = r"(?:\.?\s*[-–/]\s*\d{1,2}(?!\d))?"  # a weekly's "January 5-11": the first day counts
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?"
_ZONE = (
    rf"(?:GMT|UTC)\s?[+-]\d{{1,2}}(?::?\d{{2}})?|[+-]\d{{2}}:?\d{{2}}|(?:{'|'.join(sorted(_ZONES.split(), key=len, reverse=True))})(?![^\W_])|"
    r"(?:(?:Eastern|Central|Mountain|Pacific|Central\sEuropean|Greenwich\sMean)(?:\s(?:Standard|Daylight|Summer))?\sTime)"
)

# The first form that is found decides, even where its day does not exist: 31 February 2017 is not a month.
_FORMS = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        # 2017-02-07T10:36:00.000+01:00, 20170207T103600Z, 20170207103600, 20170207
        ("iso", rf"(?<!\d)(?P<year>\d{{4}})-(?P<monthno>\d{{1,2}})-(?P<day>\d{{1,2}})(?![\d-])"
                rf"(?:T(?P<clock>{_CLOCK}(?:[.,]\d+)?)\s?(?P<zone>Z(?![^\W_])|[+-]\d{{2}}:?\d{{2}})?)?"),
        ("compact", r"(?<![\d.,])(?P<year>\d{4})(?P<monthno>\d{2})(?P<day>\d{2})(?:[T\s]?(?P<clock>\d{4}(?:\d{2})?)(?P<zone>Z)?)?(?![\d.])"),
        # Sep 7 12:33:59 2011, Sep 07 12:33:59 +0000 2011
        ("worded", rf"{_MONTH}\s+{_DAY}\s+(?P<clock>{_CLOCK})\s+(?:(?P<zone>{_ZONE})\s+)?{_YEAR}"),
        # 8 May 2010, 8. Mai 2010, 1er mai 2010, 8 de mayo de 2010, 08-May-2010; a year of two digits where nothing but a time follows
        ("worded", rf"{_DAY}{_ORDINAL}{_RANGE}\.?{_OF}{_MONTH}{_OF}{_YEAR}"),
        ("worded", rf"{_DAY}{_ORDINAL}{_OF}{_MONTH}[\s-]+'?(?P<year>\d{{2}})(?=\s*$|,?\s+\d{{1,2}}:\d{{2}})"),
        # May 8, 2010, MAY 8 2010, May 8th, 2010
        ("worded", rf"{_MONTH}\s*{_DAY}{_ORDINAL}{_RANGE}\s*(?:,\s*|\s+(?:of|de|del)\s+|\s+){_YEAR}"),
        # 2010 May 8, 2010-May-08
        ("worded", rf"{_YEAR}[.,]?{_OF}{_MONTH}[\s-]*{_DAY}{_ORDINAL}"),
        # 2017年2月7日, 2017년 2월 7일
        ("worded", r"(?<!\d)(?P<year>\d{4})\s*[年년]\s*(?P<monthno>\d{1,2})\s*[月월]\s*(?P<day>\d{1,2})\s*[日号號일]"),
        # 2017/2/7, 2017. 2. 7.
        ("worded", r"(?<![\d/.])(?P<year>\d{4})(?P<mark>[/.])\s?(?P<monthno>\d{1,2})(?P=mark)\s?(?P<day>\d{1,2})(?![\d/])\.?"),
        # 7.2.2017, 2/7/17
        ("numbers", r"(?<![\d/.-])(?P<first>\d{1,2})(?P<mark>\s?[/.-]\s?)(?P<second>\d{1,2})(?P=mark)'?(?P<year>\d{4}|\d{2})(?![\d/-]|\.\d)"),
        # February 2017, 2017-02, 2017年2月
        ("month", rf"(?<!\d)(?<!\d[\s.]){_MONTH}(?:\s*[-/,]\s*|\s+(?:of|de|del|di)\s+|\s*){_YEAR}"),
        ("month", r"(?<!\d)(?P<year>\d{4})\s*[年년]\s*(?P<monthno>\d{1,2})\s*[月월](?!\s*\d)"),
        ("month", r"^\s*(?P<year>\d{4})[-/.](?P<monthno>\d{1,2})\s*$"),
        # Summer, 2008
        ("year", rf"^\s*(?P<season>{_SEASON})[\s,]+(?P<year>\d{{4}})\s*$"),
        ("year", r"^\s*(?P<year>\d{4})\s*[年년]?\s*$"),
    )
)  # fmt: skip

_EPOCH = re.compile(r"\s*(\d{10}|\d{13})(?:\.\d+)?\s*")
_WEEKDAY = (
    rf"(?:(?:{_alternatives(_WEEKDAYS.split())})(?![^\W\d_])\.?|(?:星期|周|週|礼拜)[一二三四五六日天]|[月火水木金土日]曜日?|[월화수목금토일]요일"
    r"|\([月火水木金土日월화수목금토일一二三四五六]\))"
)
_MARKS = r"[\s,;|/·•–—-]*"
_AFTER = re.compile(rf"(?:\s*г(?:ода|\.)?(?![^\W\d_]))?{_MARKS}(?:\(?{_WEEKDAY}\)?)?", re.IGNORECASE)
_BEFORE = re.compile(
    rf"(?:(?<![^\W\d_])\(?{_WEEKDAY}\)?{_MARKS})?(?:(?<![^\W\d_])(?:(?:am|vom|den|der|dem|on|the|le|du|el|il|op|em)\s+)+)?$",
    re.IGNORECASE,
)
_TIME = re.compile(
    rf"""{_MARKS}(?:(?:at|um|om|à|a|as|às|alle|ore|kl\.?|a\slas|в)\s+|T)?
    (?P<early>上午|下午|午前|午後|오전|오후|凌晨|晚上)?\s?
    (?:(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}})(?::(?P<second>\d{{2}})(?:[.,]\d+)?)?(?!\d)
      |(?P<hour_h>\d{{1,2}})\s?(?:h(?![^\W\d_])|[時时點点시])(?:\s?(?P<minute_h>\d{{1,2}})\s?[分분]?(?!\d))?
      |(?P<hour_word>\d{{1,2}})(?:[.](?P<minute_word>\d\d))?(?=\s?(?:Uhr|uur|[ap]\.?m)\b))
    \s?(?:(?P<half>[ap])\.?\s?m\b\.?)?(?:\s?(?:Uhr|hrs|uur|ч)\b\.?)?
    (?:\s*\(?(?P<zone>{_ZONE})\)?)?""",
    re.IGNORECASE | re.VERBOSE,
)  # fmt: skip
_TIME_BEFORE = re.compile(
    rf"(?P<clock>(?<!\d){_CLOCK})(?:\s?(?P<half>[ap])\.?m\b\.?)?(?:\s*(?P<zone>{_ZONE}))?[\s,;|/–—-]*(?:on|am|le|du)?\s*$",
    re.IGNORECASE,
)
_HAN = re.compile(r"(?<![〇一二三四五六七八九十])([〇一二三四五六七八九十]{1,4})(?=\s?[年月日])")
_ERA = re.compile(rf"({'|'.join(_ERAS)})\s?(元|\d{{1,2}})\s?年")


class _Found(NamedTuple):
    date: datetime
    precision: str
    zone: str | None
    before: str
    after: str


def read_date(text: str, *, day_first: bool | None = None) -> ReadDate | None:
    """Read the date that a line states.

    Parameters
    ----------
    text : str
        A date line or cell: the date in any of the forms that archives print (English, German, French, Dutch, Spanish, Portuguese, Italian,
        Russian, Chinese, Japanese, Korean), with or without weekday, time, zone and edition; seconds or milliseconds since 1970.
    day_first : bool, optional
        Whether 3/4/2017 is in April. Where it is not stated, a date that can be read both ways is not read; with dots the day comes first.
        See `day_first` for the evidence of a whole file.

    Returns
    -------
    ReadDate or None
        None where there is no date, where its day does not exist, where its order is open, and where the year is before 1700 or
        after the next one.

    Examples
    --------
    >>> read_date("January 28, 1993, Tuesday, Late Edition - Final")
    ReadDate(date=datetime.datetime(1993, 1, 28, 0, 0), precision='day', rest='Late Edition - Final', zone=None)
    >>> read_date("27. Februar 2012 Montag 9:50 PM GMT+1")
    ReadDate(date=datetime.datetime(2012, 2, 27, 21, 50), precision='minute', rest='', zone='GMT+1')
    >>> read_date("03/04/2017"), read_date("31/02/2017")
    (None, None)
    >>> read_date("03/04/2017", day_first=True).date
    datetime.datetime(2017, 4, 3, 0, 0)
    """
    found = _find(text, day_first)
    return found and ReadDate(found.date, found.precision, _joined(found.before, found.after), found.zone)


def read_date_line(text: str) -> ReadDate | None:
    """Read a line that is a date: one that begins with it, or with its weekday, and gives at least the day.

    Headlines have dates in them, too; a date line has nothing before its date and little but an edition after it.

    Examples
    --------
    >>> read_date_line("Mittwoch 31. August 2011").date
    datetime.datetime(2011, 8, 31, 0, 0)
    >>> read_date_line("The day of May 5, 2017") is None
    True
    """
    found = _find(text, None) if len(text) <= 200 else None
    if found is None or found.precision not in ("day", "minute") or found.before:
        return None
    return ReadDate(found.date, found.precision, _joined("", found.after), found.zone)


def day_first(texts: Iterable[str]) -> bool | None:
    """Tell from all the dates of a file whether 3/4/2017 is in April.

    Returns
    -------
    bool or None
        True where some dates can only have the day first and none the month, False where it is the other way round, and None where
        there is no evidence or it contradicts itself.

    Examples
    --------
    >>> day_first(["03/04/2017", "25/12/2017"]), day_first(["8/20/17"]), day_first(["03/04/2017"])
    (True, False, None)
    """
    pattern = dict(_FORMS)["numbers"]
    days, months = False, False
    for text in texts:
        found = pattern.search(text[:_LONGEST])
        if found:
            first, second = int(found["first"]), int(found["second"])
            # With dots the day is first nearly everywhere, which says nothing of dates with slashes in the same file.
            days |= 12 < first <= 31 and 1 <= second <= 12 and "." not in found["mark"]
            months |= 12 < second <= 31 and 1 <= first <= 12
    return days if days != months else None


def in_utc(when: datetime) -> datetime:
    """Put a time with a zone into UTC and leave the zone out; a time without one stays as it is.

    Examples
    --------
    >>> in_utc(datetime.fromisoformat("2017-02-03T01:30:00+02:00"))
    datetime.datetime(2017, 2, 2, 23, 30)
    """
    when = when.to_pydatetime() if isinstance(when, pd.Timestamp) else when
    try:
        return when.astimezone(UTC).replace(tzinfo=None) if when.tzinfo else when
    except (OverflowError, ValueError):  # at the ends of the calendar
        return when.replace(tzinfo=None)


def _find(text: str, order: bool | None) -> _Found | None:
    """Return the date of a line with what stands before and after it."""
    line = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text[:_LONGEST]).translate(_TO_ASCII)).strip()
    epoch = _EPOCH.fullmatch(line)
    if epoch:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(
            seconds=int(epoch[1]) // (1000 if len(epoch[1]) == 13 else 1)
        )
        return _Found(moment.replace(tzinfo=None), "minute", "UTC", "", "") if _possible(moment.year) else None
    if "年" in line:
        line = _HAN.sub(lambda found: str(_number(found[1])), line)
        line = _ERA.sub(lambda found: f"{_ERAS[found[1]] - 1 + (1 if found[2] == '元' else int(found[2]))}年", line)
    for name, pattern in _FORMS:
        found = pattern.search(line)
        if found and not (name == "compact" and not _is_compact(found)):
            return _read(name, found, line, order)
    return None


def _is_compact(found: re.Match[str]) -> bool:
    """Whether eight digits are a date: elsewhere they are a number."""
    return _possible(int(found["year"])) and 1 <= int(found["monthno"]) <= 12 and 1 <= int(found["day"]) <= 31


def _read(name: str, found: re.Match[str], line: str, order: bool | None) -> _Found | None:
    """Turn what a form matched into a date, or None where there is no such day or the order is open."""
    parts = found.groupdict()
    year = int(parts["year"])
    if len(parts["year"]) == 2:
        year += 2000 if year <= (_today().year + 1) % 100 else 1900
    day = int(parts.get("day") or 1)
    if name == "numbers":
        ordered = _ordered(int(parts["first"]), int(parts["second"]), "." in parts["mark"], order)
        if ordered is None:
            return None
        day, month = ordered
    elif name == "year":
        month = 1
    else:
        month = int(parts["monthno"]) if parts.get("monthno") else _MONTH_OF[_bare(parts["month"])]
    if not _possible(year):
        return None
    try:
        moment = datetime(year, month, day)
    except ValueError:
        return None
    before, after = line[: found.start()], line[found.end() :]
    if name in ("month", "year"):
        return _Found(moment, name, None, parts.get("season") or before.strip(), after.strip())
    precision, zone = "day", None
    weekday = _AFTER.match(after)
    tail = after[weekday.end() :] if weekday else after
    if parts.get("clock"):
        clocked = _clock(moment, parts["clock"])
        if clocked is None:
            return None
        moment, precision, zone, after = clocked, "minute", parts.get("zone"), tail
    else:
        for rest in (tail, after):  # "Montag 9:50" and "9:50 Montag"
            timed = _time(moment, rest)
            if timed:
                moment, zone, after = timed
                precision = "minute"
                weekday = _AFTER.match(after)
                after = after[weekday.end() :] if weekday else after
                break
        else:
            after = tail
    before = _BEFORE.sub("", before)
    if precision == "day":
        earlier = _TIME_BEFORE.search(before)
        timed_before = _clock(moment, earlier["clock"], earlier["half"]) if earlier else None
        if earlier and timed_before:
            moment, precision, zone, before = timed_before, "minute", earlier["zone"], before[: earlier.start()]
    return _Found(moment, precision, zone, before.strip(), after.strip())


def _ordered(first: int, second: int, dotted: bool, order: bool | None) -> tuple[int, int] | None:
    """Return day and month of two numbers, or None where the order is open or nothing fits."""
    if order is None:
        if first > 12 >= second or first == second or (dotted and second <= 12):
            order = True
        elif second > 12 >= first:
            order = False
        else:
            return None
    return (first, second) if order else (second, first)


def _time(moment: datetime, text: str) -> tuple[datetime, str | None, str] | None:
    """Return the day with the time that the text begins with, its zone, and what follows."""
    found = _TIME.match(text)
    if not found:
        return None
    half = found["half"] or ""
    if found["early"]:
        half = "p" if found["early"] in ("下午", "午後", "오후", "晚上") else "a"
    hour = found["hour"] or found["hour_h"] or found["hour_word"]
    minute = found["minute"] or found["minute_h"] or found["minute_word"] or "00"
    timed = _clock(moment, f"{hour}:{minute}:{found['second'] or '00'}", half)
    return (timed, found["zone"], text[found.end() :]) if timed else None


def _clock(moment: datetime, clock: str, half: str | None = None) -> datetime | None:
    """Return the day at that time ("9:50", "0950", with half "p" for the afternoon), or None where there is no such time."""
    numbers = re.split(r"[:.,]", clock) if ":" in clock else [clock[:2], clock[2:4], clock[4:6]]
    hour, minute, second = (int(number or 0) for number in (*numbers[:3], "0")[:3])
    half = (half or "").casefold()
    if half and hour == 12:
        hour = 0
    if half == "p" and hour < 12:
        hour += 12
    if hour > 23 or minute > 59 or second > 59:
        return None
    return moment.replace(hour=hour, minute=minute, second=second)


def _joined(before: str, after: str) -> str:
    """Join what stood on both sides of a date, without the marks that led to it."""
    parts = (re.sub(r"^[\s,;:|/·•–—-]+|[\s,;:|/·•–—-]+$", "", part) for part in (before, after))
    rest = ", ".join(part for part in parts if part and any(c.isalnum() for c in part))
    if rest.count("(") != rest.count(")"):
        rest = rest.strip("() ")
    if rest.count("[") != rest.count("]"):
        rest = rest.strip("[] ")
    return rest.strip()


def _number(numerals: str) -> int:
    """Return the number that Chinese numerals say: digits one by one, or tens.

    Examples
    --------
    >>> _number("二〇一七"), _number("十二"), _number("三十一")
    (2017, 12, 31)
    """
    if "十" not in numerals:
        return int("".join(str(_NUMERALS.index(c)) for c in numerals))
    tens, _, ones = numerals.partition("十")
    digit = {c: i for i, c in enumerate(_NUMERALS)}
    return 10 * (digit.get(tens, 1) if tens else 1) + (digit.get(ones, 0) if ones else 0)


def _possible(year: int) -> bool:
    return EARLIEST <= year <= _today().year + 1


def _today() -> date:
    return date.today()
