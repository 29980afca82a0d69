"""The Celery side: the app and its tasks, which ring for work that stands in the ledger."""
