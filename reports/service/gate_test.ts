import { ExportError } from "@assay/infra";
import assert from "node:assert/strict";
import { createGate } from "./gate.ts";

const never = new AbortController().signal;

Deno.test("a gate lets so many through, the rest in order, and no more than fit", async () => {
  const gate = createGate(1, 2);
  const passed: string[] = [];
  const enter = (name: string) =>
    gate.enter(never).then((leave) => {
      passed.push(name);
      return leave;
    });
  const first = await enter("first");
  const [second, third] = [enter("second"), enter("third")];
  await assert.rejects(gate.enter(never), (error) => {
    assert(error instanceof ExportError);
    assert.deepEqual([error.refusal, error.retryAfter], ["busy", 5]);
    return true;
  });
  first();
  first(); // counts once
  (await second)();
  (await third)();
  assert.deepEqual(passed, ["first", "second", "third"]);
  (await enter("fourth"))();
});

Deno.test("who gives up waiting at a gate makes room", async () => {
  const gate = createGate(1, 1);
  const leave = await gate.enter(never);
  const gone = new AbortController();
  const given = assert.rejects(gate.enter(gone.signal), /gone/);
  gone.abort(new Error("gone"));
  await given;
  const next = gate.enter(never);
  leave();
  (await next)();
  await assert.rejects(gate.enter(gone.signal), /gone/);
});
