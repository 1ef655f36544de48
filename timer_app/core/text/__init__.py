"""Wording that several rooms share: amounts, and the names of languages.

In: numbers, units, language codes.
Out: English text, and language codes in one spelling.
"""
