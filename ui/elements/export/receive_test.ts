import assert from "node:assert/strict";
import { nameOf, receive } from "./receive.ts";

const proposing = (disposition: string) =>
  new Response("", { headers: { "content-disposition": disposition } });

Deno.test("nameOf() takes a proposed name without anything that could be a path", () => {
  assert.equal(nameOf(proposing('attachment; filename="report-01.stix.json"'), "x"), "report-01.stix.json");
  assert.equal(nameOf(proposing('attachment; filename="../../etc/passwd"'), "x"), "_.._etc_passwd");
  assert.equal(nameOf(proposing('attachment; filename=".."'), "x"), "x");
  assert.equal(nameOf(proposing("attachment"), "x"), "x");
});

Deno.test("receive() gives all bytes with their type and tells how many have come", async () => {
  const told: number[] = [];
  const stream = ReadableStream.from(["abc", "de"]).pipeThrough(new TextEncoderStream());
  const blob = await receive(
    new Response(stream, { headers: { "content-type": "text/csv" } }),
    (n) => told.push(n),
  );
  assert.deepEqual(told, [3, 5]);
  assert.equal(blob.type, "text/csv");
  assert.equal(await blob.text(), "abcde");
});
