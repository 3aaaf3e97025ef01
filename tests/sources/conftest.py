"""The corpus is read, never imported: pytest must not collect it either."""

collect_ignore_glob = ["forms/*"]
