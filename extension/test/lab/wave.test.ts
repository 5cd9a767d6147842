import assert from "node:assert/strict";
import { test } from "node:test";

import { outline } from "../../src/lab/samples/outline.js";

test("each column reaches from its lowest to its highest sample", () => {
  const peaks = { low: [-1, -0.5, 0, 0], high: [0.5, 1, 0.25, 0.5] };
  assert.equal(outline(peaks, 2), "M0 -50.0L1 -25.0L1 1.2L0 50.0Z");
});

test("silence is a thin line, and a sound shorter than the picture fills it", () => {
  assert.equal(outline({ low: [0], high: [0] }, 2), "M0 -1.2L1 -1.2L1 1.2L0 1.2Z");
  assert.equal(outline({ low: [], high: [] }, 1), "M0 -1.2L0 1.2Z");
});
