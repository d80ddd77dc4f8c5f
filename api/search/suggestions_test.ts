import assert from "node:assert/strict";
import { testApi } from "../app/testing.ts";

Deno.test("suggestions follow the cursor: fields, values of the data, operators", async () => {
  await using api = await testApi({}, { search: true });
  await api.analysed("a", "my setup.exe", { tags: ["wave-1", "two words"] });
  const ask = async (marked: string) => {
    const [text, at] = [marked.replace("|", ""), `${marked.indexOf("|")}`];
    const response = await api.ask(`/api/v1/search/suggestions?${new URLSearchParams({ text, at })}`);
    assert.equal(response.status, 200);
    const answer = await response.json();
    const written = answer.items.map((item: { text: string }) =>
      text.slice(0, answer.place.start) + item.text + text.slice(answer.place.end)
    );
    return { ...answer, written };
  };
  const field = await ask("tag:x AND verd|");
  assert.deepEqual(field.items, [{
    kind: "field",
    text: "verdict:",
    label: "verdict",
    description: "malicious, suspicious, benign or unknown",
    count: null,
  }]);
  assert.deepEqual((await ask("tag:wa| size:>1")).written, ["tag:wave-1 size:>1"]);
  assert.deepEqual((await ask('tag:"two w|')).written, ['tag:"two words"']);
  assert.deepEqual((await ask("name:se|")).written, []);
  assert.deepEqual((await ask("name:my|")).written, ['name:="my setup.exe"']);
  assert.deepEqual((await ask("name:=my|")).written, ['name:="my setup.exe"']);
  const value = await ask("tag:(found OR wa|");
  assert.deepEqual([value.expects, value.field, value.typed, value.written], [
    ["value"],
    "tag",
    "wa",
    ["tag:(found OR wave-1"],
  ]);
  assert.deepEqual((await ask("tag:found O|")).written[0], "tag:found OR ");
  assert.deepEqual((await ask("md5:|")).items, []);
  assert.deepEqual((await ask("seen:>=now-7|")).written, ["seen:>=now-7d"]);
  for (const q of ["", "text=a&field=tag", "field=md5", "field=nothing", "text=a&size=0", "field=tag&q=("]) {
    const refused = await api.ask(`/api/v1/search/suggestions?${q}`);
    assert.equal(refused.status, 400, q);
    await refused.body?.cancel();
  }
});
