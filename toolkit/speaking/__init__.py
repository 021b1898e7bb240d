"""Own whose word a term is, counted: how voices divide, how far outlets make it their own, and who is quoted with it."""

from toolkit.speaking.attributing import speakers
from toolkit.speaking.owning import adoption
from toolkit.speaking.shares import voice_shares

__all__ = ["adoption", "speakers", "voice_shares"]
