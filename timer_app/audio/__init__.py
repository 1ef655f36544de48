"""Cues become samples: tones, the mixer and the outputs that play what it mixes."""
