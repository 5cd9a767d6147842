"""The musician's objects: live views of a document that can be heard, rendered, shown and saved."""
