/** Emission and credit arithmetic of the contracts, and an economy that runs on it. */
export {}
