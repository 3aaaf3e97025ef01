"""A17: with a slightly tuned learning rate the article's set trains as well as Jordan's. An experiment, no proof.

A character transformer is trained with Muon, which differs between runs in one thing only: the function that takes the
momentum matrix to its update. `python -m analysis.training --help` says how to run it; README.md what it measures.
"""
