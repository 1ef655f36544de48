"""The import path that voice plug-ins use.

In: nothing.
Out: the names of `timer_app.tts` that a plug-in needs, under the path that `docs/voices.md` published first.
"""
