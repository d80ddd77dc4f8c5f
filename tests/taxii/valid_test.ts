import assert from "node:assert/strict";
import { reports } from "../../reports/fixtures/reports.ts";
import { type Received, startPartner } from "./partner.ts";
import { publishWorld } from "./world.ts";

Deno.test("what a collection holds satisfies OASIS's validator and python-stix2, whole and after deletions", async () => {
  await using world = await publishWorld();
  await using partner = await startPartner();
  const published = [];
  for (const name of ["pe", "ran", "office", "hostile 0", "mangled"]) {
    const { modules, verdict, children, fileType, mime, limits } = reports().get(name)!;
    const found = { modules, verdict, children, fileType, mime, limits };
    published.push(await world.analysed(name, "green", found));
  }
  await world.publish();
  const got = async () => [...(await world.newest("tlp-amber")).values()] as Received[];
  const whole = await got();
  assert(whole.length > 100, `${whole.length} objects`);
  assert.deepEqual(await partner.validate(whole, true), []);

  for (const report of published.slice(1)) await world.remove(report);
  await world.publish();
  const rest = await got();
  assert(rest.some((object) => object["revoked"] === true));
  assert.deepEqual(await partner.validate(rest, false), []);
  const live = rest.filter((object) => object["revoked"] !== true);
  assert.deepEqual(await partner.validate(live, true), []);
});

Deno.test("the validators do complain", async () => {
  await using partner = await startPartner();
  const complaints = await partner.validate([{ type: "indicator", id: "indicator--1" }], true);
  assert(complaints.length > 1, complaints.join("\n"));
});
