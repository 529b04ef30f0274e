import assert from "node:assert/strict";
import test from "node:test";
import { alone } from "../src/alone";

test("what is under way is not begun a second time", async () => {
  let begun = 0;
  const work = alone(async () => {
    begun += 1;
  });
  await Promise.all([work(), work()]);
  assert.equal(begun, 1);
  await work();
  assert.equal(begun, 2);
});

test("what has failed is begun anew", async () => {
  let begun = 0;
  const work = alone(() => {
    begun += 1;
    return Promise.reject(new Error("no network"));
  });
  await assert.rejects(work());
  await assert.rejects(work());
  assert.equal(begun, 2);
});
