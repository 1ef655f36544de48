"""Text to speech: one protocol, several voices, and the cache between them and the run."""
