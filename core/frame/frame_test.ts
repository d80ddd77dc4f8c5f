import fc from "fast-check";
import assert from "node:assert/strict";
import { encodeFrame, FrameError, FrameReader, readFrameSync } from "./frame.ts";

const limits = { header: 1000, blobs: 1_000_000 };

function join(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Gives at most `step` bytes at a time, as pipes do. */
function sourceOf(bytes: Uint8Array, step = 7) {
  let at = 0;
  return {
    readSync(into: Uint8Array) {
      const part = bytes.subarray(at, at + Math.min(step, into.length));
      into.set(part);
      at += part.length;
      return part.length === 0 ? null : part.length;
    },
  };
}

function streamOf(bytes: Uint8Array<ArrayBuffer>, step = 7): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    type: "bytes",
    pull(controller) {
      if (at === bytes.length) {
        controller.close();
        controller.byobRequest?.respond(0);
        return;
      }
      controller.enqueue(bytes.slice(at, at + step));
      at = Math.min(bytes.length, at + step);
    },
  });
}

Deno.test("encodeFrame() is read back by both readers, small and large, many in a row", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.array(fc.oneof(fc.uint8Array({ maxLength: 50 }), fc.constant(new Uint8Array(70_000).fill(3)))),
      ),
      async (frames) => {
        const bytes = join(frames.flatMap((blobs, n) => encodeFrame({ n }, blobs)));
        const source = sourceOf(bytes, 5000);
        const reader = new FrameReader<{ n: number }>(streamOf(bytes, 5000), limits);
        for (const [n, blobs] of frames.entries()) {
          for (const frame of [readFrameSync<{ n: number }>(source, limits), await reader.next()]) {
            assert.equal(frame!.header.n, n);
            assert.deepEqual(frame!.blobs.map((blob) => [...blob]), blobs.map((blob) => [...blob]));
          }
        }
        assert.equal(readFrameSync(source, limits), null);
        assert.equal(await reader.next(), null);
      },
    ),
    { numRuns: 30 },
  );
});

Deno.test("readFrameSync() and FrameReader refuse a frame that is cut off anywhere", async () => {
  const bytes = join(encodeFrame({ a: 1 }, [new Uint8Array(10)]));
  for (let length = 1; length < bytes.length; length++) {
    const cut = bytes.slice(0, length);
    assert.throws(() => readFrameSync(sourceOf(cut), limits), FrameError);
    await assert.rejects(new FrameReader(streamOf(cut), limits).next(), FrameError);
  }
});

Deno.test("readFrameSync() refuses what is too large before it makes room for it", () => {
  const frame = (header: string) => {
    const json = new TextEncoder().encode(header);
    const bytes = new Uint8Array(4 + json.length);
    new DataView(bytes.buffer).setUint32(0, json.length, true);
    bytes.set(json, 4);
    return sourceOf(bytes);
  };
  const headers = [
    "not JSON",
    "null",
    "{}",
    '{"blobs":"x"}',
    '{"blobs":[-1]}',
    '{"blobs":[1.5]}',
    '{"blobs":[null]}',
    '{"blobs":[1e15]}',
    '{"blobs":[999999,2]}',
    `{"blobs":[],"a":"${"x".repeat(1000)}"}`,
  ];
  for (const header of headers) assert.throws(() => readFrameSync(frame(header), limits), FrameError);
});
