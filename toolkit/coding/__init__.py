"""Own drawing, coding and judging: samples for coders, the error of a search, and the intrusion test."""
