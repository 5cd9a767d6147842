"""From the document to the engine and back: score images, samples and events."""
