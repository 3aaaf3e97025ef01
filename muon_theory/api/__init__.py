"""The Python API: one function a verb, the same as on the command line, with the rooms' typed results.

`muon_theory` itself has them all (`import muon_theory as mt`, then `mt.certify("jordan")`).  Each reads what it is
given (any subject, any way of writing a number), asks one room, and returns that room's result; libraries are loaded
when a verb that needs them is called.
"""
