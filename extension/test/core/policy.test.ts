import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { may, mayGrant, type Standing, standingTo } from "../../src/core/policy.js";
import { type Action, FLAGS, type Right, RIGHTS, ROLES, type Role } from "../../src/gen/policy.js";

interface Fixtures {
  readonly members: Readonly<Record<Action, string>>;
  readonly visitors: Readonly<Record<Action, string>>;
  readonly grants: Readonly<Record<Role, readonly string[]>>;
}

const fixtures = JSON.parse(readFileSync("../tests/parity/policy.json", "utf8")) as Fixtures;

/** Every set of those words; bit n of a set's number is the n-th word. */
function subsets<T>(words: readonly T[]): ReadonlySet<T>[] {
  return Array.from(
    { length: 2 ** words.length },
    (_, number) => new Set(words.filter((_, bit) => (number >> bit) & 1)),
  );
}

function verdicts(answers: readonly boolean[]): string {
  return answers.map((answer) => (answer ? "1" : "0")).join("");
}

const NONE = new Set<never>();

test("every action is allowed to the members whom Python allows it", () => {
  const members: Standing[] = ROLES.flatMap((role) =>
    subsets(FLAGS).map((flags) => ({ role, flags, rights: NONE })),
  );
  for (const [action, expected] of Object.entries(fixtures.members)) {
    assert.equal(verdicts(members.map((who) => may(action as Action, who))), expected, action);
  }
});

test("every action is allowed to the visitors whom Python allows it", () => {
  const visitors: Standing[] = ([null, "viewer"] as const).flatMap((role) =>
    subsets<Right>(RIGHTS).map((rights) => ({ role, flags: NONE, rights })),
  );
  for (const [action, expected] of Object.entries(fixtures.visitors)) {
    assert.equal(verdicts(visitors.map((who) => may(action as Action, who))), expected, action);
  }
});

test("roles and flags are given by those who may give them in Python", () => {
  for (const role of ROLES) {
    for (const [number, flags] of subsets(FLAGS).entries()) {
      const giver = { role, flags, rights: NONE };
      const given = ROLES.flatMap((to) => subsets(FLAGS).map((set) => mayGrant(giver, to, set)));
      assert.equal(verdicts(given), fixtures.grants[role][number], `${role} ${number}`);
    }
  }
});

test("a stranger may listen to what is public and fork it, and nothing of what is private", () => {
  const flags = {
    canEdit: false,
    canAddStems: false,
    canDeleteStems: false,
    canInviteOthers: false,
    canExport: false,
  };
  const seen = (visibility: "private" | "public") =>
    standingTo({ role: null, flags, visibility });
  assert.equal(may("piece.fork", seen("public")), true);
  assert.equal(may("music.edit", seen("public")), false);
  assert.equal(may("piece.read", seen("private")), false);
});
