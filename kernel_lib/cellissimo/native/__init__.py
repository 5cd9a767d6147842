"""The engine: one WebAssembly module of C, and its host. SPEC.md here is its contract."""
