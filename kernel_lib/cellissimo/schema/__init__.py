"""The document: what a song holds, its parameters, sounds, limits, and the engine's layout.

Everything here is written once, in Python, and generated into JSON Schema, TypeScript and C
(`python -m cellissimo.schema.generate`). SPEC.md beside this file states the rules by number.
"""
