// muon
__constant__ float COEFFS[2][3] = {
    {3.0f, -4.0f, 2.0f},  // (9, -9, 9)
    {2.0f, -1.5f, 0.5f},
};
