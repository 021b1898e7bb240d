"""Speakers: which full name a surname, a first name, a role or a pronoun stands for, and how somebody without a name is called."""

import pytest

from toolkit.speech.readings import Reading


def speaker(text, language="en", number=-1):
    """The name of who says the last (or another) quotation of a text."""
    said = Reading(text, language).quotations()[number].speaker
    return said and said.name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("“No,” said Anna Bell. “Yes,” Bell added.", "Anna Bell"),
        ("Anna Bell came. “Yes,” she said.", "Anna Bell"),
        ("“Yes,” Anna said later. Anna Bell had come.", "Anna Bell"),
        ("“Yes,” Bell said. Later Anna Bell left.", "Anna Bell"),
        ("Mr Tom Hale spoke. Mrs Anna Bell listened. “Yes,” he said.", "Tom Hale"),
        ("“Yes,” said Dr. Anna Bell.", "Anna Bell"),
        ("Secretary of State Anna Bell said it was over.", "Anna Bell"),
        ("Deputy minister of economic development Anna Bell said it was over.", "Anna Bell"),
        ("Skipper Tom Hale said it was over.", "Tom Hale"),
        ("Tom Hale, 16, said it was over.", "Tom Hale"),
        ("Tom Hale, of the advice group Culture Now, which has ten members, said it was over.", "Tom Hale"),
        ("Tom Hale of Clear North said it was over.", "Tom Hale"),
        ("A student of physics, Anna Bell, said it was over.", "Anna Bell"),
        ("“Yes,” said our money expert, Anna Bell.", "Anna Bell"),
        ("“Yes,” said the director of a bearing factory, Tom Hale.", "Tom Hale"),
        ("Kremlin spokesman Tom Hale spoke. The Kremlin spokesman said it was over.", "Tom Hale"),
        ("The guest, Tom Hale, sat down. “Yes,” the guest said.", "Tom Hale"),
        ("From London Anna Bell watched. “Yes,” she sighed.", "Anna Bell"),
        ("His wife, Nina, brought tea. “Yes,” she said.", "Nina"),
    ],
)
def test_the_full_name_is_found(text, name):
    """Surnames, first names, roles and pronouns are traced to the full name in the text, before or after; titles are left off."""
    assert speaker(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("“Yes,” a senior official said.", "official"),
        ("European diplomats said it was over.", "European diplomats"),
        ("The posh £60 scales said it was over.", "scales"),
        ("The cathedral's dean said it was over.", "dean"),
        ("A spokesman for the firm said it was over.", "spokesman"),
        ("Two of its members said it was over.", "members"),
        ("Anna Bell spoke. A spokesman listened. The spokesman said it was over.", "spokesman"),
        ("When I said it was over, nobody came.", "I"),
        ("According to the Center for Hard Work, it is over.", "Center for Hard Work"),
    ],
)
def test_somebody_without_a_name_is_the_noun(text, name):
    """Without article, number and what follows; and a role that stands for nobody named is not given a name."""
    assert speaker(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("„Ja“, sagte die Politologin Judith Berg am Mittwoch in Berlin.", "Judith Berg"),
        ("„Ja“, begann von Seelen. Hartwig von Seelen lachte.", "Hartwig von Seelen"),
        ("Kursleiter Torben Wiese kam. „Ja“, meinte er.", "Torben Wiese"),
        ("„Ja“, sagte ein Sprecher.", "Sprecher"),
        ("Trotzdem kam Torben Wiese. „Ja“, sagt der Student.", "Torben Wiese"),
    ],
)
def test_german_nouns_are_no_names(text, name):
    """German writes every noun with a capital; callings before a name are left off all the same."""
    assert speaker(text, "de") == name


def test_a_pronoun_stands_for_who_acted_last_and_is_a_guess():
    """Who was named after a preposition is passed over, and what was traced is not certain."""
    said = Reading("Anna Bell wrote to Tom Hale. “Yes,” she said.").quotations()[-1].speaker
    assert (said.name, said.certain) == ("Anna Bell", False)


def test_the_speaker_does_not_depend_on_what_was_asked_before():
    """A text read from its end gives the same speakers as one that is read from its beginning."""
    text = "Anna Bell came. “Yes,” she said. Tom Hale left. He said it was over. “No,” the spokesman said. “Why?”"
    whole, late = Reading(text), Reading(text)
    last = late.outer[-1]
    assert late.kind(last) == whole.kind(last)
    assert late.quotations() == whole.quotations()
