"""The import path of `timer_app.tts` that voices of other packages were written against."""
