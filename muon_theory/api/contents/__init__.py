"""What a report says that is not the article's: on a schedule, on a family, on files.  `reports` draws it."""
