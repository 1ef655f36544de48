"""The app in a browser: who may come in, one process of the app for each page, and the page itself."""
