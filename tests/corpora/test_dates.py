"""Hold the reading of printed dates to what archives print, in their languages."""

from __future__ import annotations

import locale
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.corpora.dates import day_first, read_date, read_date_line

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}
DAYS = st.dates(min_value=date(1700, 1, 1), max_value=date(date.today().year, 12, 31))


def read(text: str, **kwargs) -> tuple[str, str, str, str | None] | None:
    found = read_date(text, **kwargs)
    return found and (found.date.isoformat(" "), found.precision, found.rest, found.zone)


@pytest.mark.parametrize(
    ("text", "day", "rest"),
    [
        ("May 30, 2014 Friday", "2014-05-30", ""),
        ("April 16, 2005", "2005-04-16", ""),
        ("June 17, 1995, CITY EDITION", "1995-06-17", "CITY EDITION"),
        ("January 28, 1993, Tuesday, Late Edition - Final", "1993-01-28", "Late Edition - Final"),
        ("October 12, 2004, Tuesday,, FINAL EDITION", "2004-10-12", "FINAL EDITION"),
        ("November 5, 2002 Tuesday Final Edition", "2002-11-05", "Final Edition"),
        ("May 5, 2017 Friday Late Edition (East Coast)", "2017-05-05", "Late Edition (East Coast)"),
        ("Sunday, May 5th, 2019", "2019-05-05", ""),
        ("Sept. 5, 2001", "2001-09-05", ""),
        ("13 November 2017", "2017-11-13", ""),
        ("08-May-2010", "2010-05-08", ""),
        ("2010 Jul 7", "2010-07-07", ""),
        ("January 5-11, 2017", "2017-01-05", ""),
        ("Mittwoch 31. August 2011", "2011-08-31", ""),
        ("12. Maerz 2003", "2003-03-12", ""),
        ("17 mai 2003", "2003-05-17", ""),
        ("1er mai 2010", "2010-05-01", ""),
        ("30 août 2002", "2002-08-30", ""),
        ("30 aout 2002", "2002-08-30", ""),
        ("5 déc. 2010", "2010-12-05", ""),
        ("Communication, mardi 14 mars 2006, p. 16", "2006-03-14", "Communication, p. 16"),
        ("woensdag 5 mei 2004", "2004-05-05", ""),
        ("14 de mayo de 2003", "2003-05-14", ""),
        ("sábado, 1º de março de 2003", "2003-03-01", ""),
        ("lunedì 1° maggio 2000", "2000-05-01", ""),
        ("17 мая 2003 г., суббота", "2003-05-17", ""),
        ("Onsdag 6. Januar 2010", "2010-01-06", ""),
        ("28.02.05", "2005-02-28", ""),
        ('"Der Bote" vom 23.10.2017 Seite: 2', "2017-10-23", '"Der Bote", Seite: 2'),
        ("The Herald ; Leeds, Yorks. [Leeds, Yorks]08 May 2010: A.2.", "2010-05-08", "The Herald ; Leeds, Yorks. [Leeds, Yorks], A.2."),
        ("2017年2月7日", "2017-02-07", ""),
        ("2018 年 10 月 7 日", "2018-10-07", ""),
        ("２０１８年１０月７日（日）", "2018-10-07", ""),
        ("二〇一七年十二月三十一日 星期日", "2017-12-31", ""),
        ("平成29年2月3日", "2017-02-03", ""),
        ("2017년 2월 7일", "2017-02-07", ""),
        ("2017. 2. 7.", "2017-02-07", ""),
        ("2017/2/7", "2017-02-07", ""),
        ("2017-02-07", "2017-02-07", ""),
        ("20170207", "2017-02-07", ""),
        ("8/20/17", "2017-08-20", ""),
    ],
)  # fmt: skip
def test_days(text, day, rest):
    """A day is read from every form that archives print, and what stands beside it is kept."""
    assert read(text) == (f"{day} 00:00:00", "day", rest, None)


@pytest.mark.parametrize(
    ("text", "moment", "zone"),
    [
        ("January 20, 2009 Tuesday 8:27 PM AEST", "2009-01-20 20:27:00", "AEST"),
        ("December 30, 2008 Tuesday 12:10 AM  EST", "2008-12-30 00:10:00", "EST"),
        ("January 10, 2018 Wednesday 10:36 EST", "2018-01-10 10:36:00", "EST"),
        ("27. Februar 2012 Montag 9:50 PM GMT+1", "2012-02-27 21:50:00", "GMT+1"),
        ("Friday, 5. July 2019 09:31:00 CEST", "2019-07-05 09:31:00", "CEST"),
        ("April 20, 2003, Sunday 23:22 Central European Time", "2003-04-20 23:22:00", "Central European Time"),
        ("Wed Sep  7 12:33:59  2011", "2011-09-07 12:33:59", None),
        ("Thu, 31 Mar 2016 22:44:00 GMT", "2016-03-31 22:44:00", "GMT"),
        ("07 Jul 03 10:00 +0200", "2003-07-07 10:00:00", "+0200"),
        ("5. März 2016, 16.51 Uhr", "2016-03-05 16:51:00", None),
        ("samedi 5 mars 2016 à 15h32", "2016-03-05 15:32:00", None),
        ("May 5, 2017 5 p.m. ET", "2017-05-05 17:00:00", "ET"),
        ("10:36 EST January 10, 2018", "2018-01-10 10:36:00", "EST"),
        ("12.05.2021 15:50:05", "2021-05-12 15:50:05", None),
        ("          2016/12/30 7:11", "2016-12-30 07:11:00", None),
        ("2018年10月7日 下午5:04", "2018-10-07 17:04:00", None),
        ("2017년 2월 3일 오후 5:04", "2017-02-03 17:04:00", None),
        ("2018-07-17 00:07:00", "2018-07-17 00:07:00", None),
        ("2012-01-09T01:35:58Z", "2012-01-09 01:35:58", "Z"),
        ("2012-01-01T00:00:00+0000", "2012-01-01 00:00:00", "+0000"),
        ("2022-04-21T04:06:00.123+05:30", "2022-04-21 04:06:00", "+05:30"),
        ("20200827T081500Z", "2020-08-27 08:15:00", "Z"),
        ("20170701234500", "2017-07-01 23:45:00", None),
        ("1619727063", "2021-04-29 20:11:03", "UTC"),
        ("1619727063000", "2021-04-29 20:11:03", "UTC"),
    ],
)  # fmt: skip
def test_times(text, moment, zone):
    """A time is read as printed, with the name of its zone, and is not moved to another."""
    assert read(text) == (moment, "minute", "", zone)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("May 2017", ("2017-05-01 00:00:00", "month", "", None)),
        ("2017-05", ("2017-05-01 00:00:00", "month", "", None)),
        ("2019年12月", ("2019-12-01 00:00:00", "month", "", None)),
        ("2017", ("2017-01-01 00:00:00", "year", "", None)),
        ("Summer, 2008", ("2008-01-01 00:00:00", "year", "Summer", None)),
    ],
)
def test_precision(text, found):
    """A month, a season and a year are read as the first day of what they say, and the precision says so."""
    assert read(text) == found


@pytest.mark.parametrize(
    "text",
    ["31/02/2017", "31 February 2017", "February 30, 2016", "2017-02-30", "0001-11-30", "1699-12-31", "2400-09-30",
     "Correction Appended", "2000 um 4,5", "Living with it, part 1", "Nov. 23", "20012 001", "1999-2000", "May 5", ""],
)  # fmt: skip
def test_what_is_no_date(text):
    """Days that do not exist, years before 1700 or after the next, and text that only looks like a date are not read."""
    assert read_date(text) is None


def test_next_year_is_the_last():
    """Next year is still read, the one after is not."""
    year = date.today().year
    assert read_date(f"{year + 1}-01-01") is not None
    assert read_date(f"{year + 2}-01-01") is None


def test_order_needs_evidence():
    """3/4/2017 is read only where the order is stated; a number above twelve, a dot or two equal numbers settle it."""
    assert read_date("3/4/2017") is None
    assert read("3/4/2017", day_first=True)[0] == "2017-04-03 00:00:00"
    assert read("3/4/2017", day_first=False)[0] == "2017-03-04 00:00:00"
    assert read("13/4/2017")[0] == read("4/13/2017")[0] == "2017-04-13 00:00:00"
    assert read("3.4.2017")[0] == "2017-04-03 00:00:00"
    assert read("3/3/2017")[0] == "2017-03-03 00:00:00"
    assert read_date("4/13/2017", day_first=True) is None


def test_the_order_of_a_file():
    """The order of a file is what its clear dates say; none or both kinds leave it open."""
    assert day_first(["1/2/2017", "Monday", "31/1/2017"]) is True
    assert day_first(["1/2/2017", "1/31/2017"]) is False
    assert day_first(["31/1/2017", "1/31/2017"]) is None
    assert day_first(["1/2/2017", "2017-01-31"]) is None
    assert day_first(["1/2/2017", "31.1.2017"]) is None
    assert day_first([]) is None


def test_a_date_line_begins_with_its_date():
    """A headline with a date in it is no date line; a date with its weekday and edition is."""
    assert read_date_line("Dienstag 30. August 2011").date == datetime(2011, 8, 30)
    assert read_date_line("June 26, 2001 Tuesday,  Late Edition - Final").rest == "Late Edition - Final"
    assert read_date_line("What we know since June 26, 2001") is None
    assert read_date_line("June 2001") is None


@given(st.text(max_size=300))
def test_no_text_raises(text):
    """Whatever is given, a date or None comes back, and every date lies between 1700 and next year."""
    for order in (None, True, False):
        found = read_date(text, day_first=order)
        assert found is None or 1700 <= found.date.year <= date.today().year + 1
    assert day_first([text]) in (None, True, False)


@given(st.text(alphabet="0123456789-/.: TZ年月日,MayJun", max_size=40))
def test_no_near_date_raises(text):
    """Texts made of the pieces of dates do not raise, either."""
    assert read_date(text) is None or read_date(text).precision in ("minute", "day", "month", "year")


@given(DAYS, st.sampled_from(sorted(MONTHS)))
def test_every_month_reads_back(day, language):
    """A day written out in any of the languages is that day again."""
    month = MONTHS[language].split()[day.month - 1]
    joined = {
        "de": f"{day.day}. {month} {day.year}",
        "es": f"{day.day} de {month} de {day.year}",
        "pt": f"{day.day} de {month} de {day.year}",
    }
    for text in (
        joined.get(language, f"{day.day} {month} {day.year}"),
        f"{month} {day.day}, {day.year}",
        f"{day.day} {month.upper()} {day.year}",
    ):
        found = read_date(text)
        assert found is not None and (found.date.date(), found.precision) == (day, "day")


@given(DAYS, st.times())
def test_numbers_read_back(day, time):
    """A day written in numbers, with and without a time, is that day again."""
    minute = datetime(day.year, day.month, day.day, time.hour, time.minute)
    for text in (
        f"{minute:%Y-%m-%dT%H:%M}Z",
        f"{minute:%Y%m%d%H%M}",
        f"{minute:%Y/%m/%d %H:%M}",
        f"{minute:%d.%m.%Y %H:%M}",
        f"{day:%Y年%m月%d日} {minute:%H:%M}",
    ):
        text = text.replace(f"{minute:%Y}", f"{day.year:04d}", 1)
        assert read_date(text).date == minute
    assert read_date(f"{day.day}/{day.month}/{day.year}", day_first=True).date.date() == day
    assert read_date(f"{day.month}/{day.day}/{day.year}", day_first=False).date.date() == day


def test_the_locale_is_not_asked():
    """The names of months are the module's own: the process's locale is neither read nor changed."""
    before = locale.setlocale(locale.LC_ALL)
    assert read_date("30 août 2002").date == datetime(2002, 8, 30)
    assert locale.setlocale(locale.LC_ALL) == before
