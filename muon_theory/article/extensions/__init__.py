"""Theorems that go on from the article's claims: each with its derivation, its certificates and its section."""
