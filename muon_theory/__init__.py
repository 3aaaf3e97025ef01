"""Mathematical analysis and proofs for the Newton–Schulz coefficients of the Muon optimizer."""
