"""The reference data that people edit as TOML files: one typed model per file, one vocabulary, one kind of message.

Every file is read by `reading.validated`: unknown keys and words are refused, with file, line, place, value and the
nearest known word. `vocabulary` holds the words that several files share, each with its Chinese name.
"""
