import assert from "node:assert/strict";
import fc from "fast-check";
import { csvLine } from "./csv.ts";
import { readCsv } from "./read.ts";

Deno.test("readCsv() reads quotes, doubled quotes, breaks within quotes and every end of a line", () => {
  const text = '\ufeffa,"b ""x"" , y","c\r\nd"\r\n1,,3\n\n"open,4';
  assert.deepEqual([...readCsv(text)], [
    ["a", 'b "x" , y', "c\r\nd"],
    ["1", "", "3"],
    [""],
    ["open,4"],
  ]);
});

Deno.test("readCsv() takes the separator that the first line has most of", () => {
  assert.deepEqual([...readCsv("a;b,c;d\n1;2;3")], [["a", "b,c", "d"], ["1", "2", "3"]]);
  assert.deepEqual([...readCsv("a\tb\n1\t2,3\n")], [["a", "b"], ["1", "2,3"]]);
  assert.deepEqual([...readCsv("")], []);
});

Deno.test("readCsv() reads what csvLine() wrote", () => {
  const cell = fc.string().filter((text) =>
    !/^\s*['=+\-@|＝＋－＠]/.test(text) && !text.startsWith("\ufeff")
  );
  fc.assert(fc.property(fc.array(fc.tuple(fc.constant("x"), cell, cell), { minLength: 1 }), (rows) => {
    // The first row says what separates.
    const all = [["a", "b", "c"], ...rows];
    assert.deepEqual([...readCsv(all.map(csvLine).join(""))], all);
  }));
});
