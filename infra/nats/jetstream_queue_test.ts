import { newId, type SubmissionId, type TaskEvent, type TaskId, type Timestamp } from "@assay/core";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import assert from "node:assert/strict";
import type { OutboxRow } from "../postgres/repositories.ts";
import { createQueue } from "./jetstream_queue.ts";
import type { Queue } from "./queue.ts";
import { connectBeside, testQueue, withMortalNats } from "./testing.ts";

const never = new AbortController().signal;

function rows(count: number, lane = "bulk"): OutboxRow[] {
  return Array.from({ length: count }, () => {
    const taskId = newId<TaskId>();
    return { subject: `tasks.${lane}`, messageId: `${taskId}:1`, payload: { taskId, attempt: 1 } };
  });
}

function payloads(of: readonly OutboxRow[]): unknown[] {
  return of.map(({ payload }) => payload);
}

async function take(queue: Queue, max: number, lane: "bulk" | "interactive" = "bulk"): Promise<unknown[]> {
  const holds = await queue.fetch(lane, max, 1000, never);
  for (const hold of holds) hold.ack();
  return holds.map(({ taskId, attempt }) => ({ taskId, attempt }));
}

/** Waits until the server answers on the queue's own connection again. */
async function reached(queue: Queue): Promise<void> {
  while (!await queue.ping().then(() => true, () => false));
}

Deno.test("publish() queues a message once, however often it is published with its id", async () => {
  await using test = await testQueue();
  const [row] = rows(1);
  await test.queue.publish([row!]);
  await test.queue.publish([row!, row!]);
  assert.equal(await test.queue.depth("bulk"), 1);
  assert.deepEqual(await take(test.queue, 10), payloads([row!]));
});

Deno.test("fetch() gives a full batch at once and the rest when the window ends", async () => {
  await using test = await testQueue();
  const all = rows(130);
  await test.queue.publish(all);
  const holds = await test.queue.fetch("bulk", 100, 3_600_000, never);
  assert.equal(holds.length, 100);
  for (const hold of holds) hold.ack();
  const first = holds.map(({ taskId, attempt }) => ({ taskId, attempt }));
  const rest = await take(test.queue, 100);
  assert.equal(rest.length, 30);
  // Published together, they may come in another order.
  const sorted = (values: unknown[]) => values.map((value) => JSON.stringify(value)).sort();
  assert.deepEqual(sorted([...first, ...rest]), sorted(payloads(all)));
});

Deno.test("fetch() keeps lanes apart, and installations on one server", async () => {
  await using one = await testQueue();
  await using two = await testQueue();
  const [bulk] = rows(1);
  const [interactive] = rows(1, "interactive");
  await one.queue.publish([bulk!, interactive!]);
  assert.deepEqual(await take(two.queue, 10), []);
  assert.deepEqual(await take(one.queue, 10, "interactive"), payloads([interactive!]));
  assert.deepEqual(await take(one.queue, 10), payloads([bulk!]));
});

Deno.test("fetch() ends its window early with what it has when the signal aborts", async () => {
  await using test = await testQueue();
  const beside = await connectBeside(test.url);
  const manager = await jetstreamManager(beside);
  await test.queue.publish(rows(3));
  const stop = new AbortController();
  const window = test.queue.fetch("bulk", 100, 3_600_000, stop.signal);
  while ((await manager.consumers.info(`${test.prefix}_tasks`, "bulk")).num_ack_pending < 3);
  // The server has sent them; its answer to this comes behind them.
  await test.queue.ping();
  stop.abort();
  assert.equal((await window).length, 3);
  assert.deepEqual(await test.queue.fetch("bulk", 100, 3_600_000, stop.signal), []);
  await beside.close();
});

Deno.test("nak() gives a message again, ack() never", async () => {
  await using test = await testQueue();
  const [row] = rows(1);
  await test.queue.publish([row!]);
  const [hold] = await test.queue.fetch("bulk", 1, 1000, never);
  hold!.nak();
  const [again] = await test.queue.fetch("bulk", 1, 3_600_000, never);
  assert.equal(again!.taskId, hold!.taskId);
  again!.ack();
  assert.deepEqual(await take(test.queue, 1), []);
  assert.equal(await test.queue.depth("bulk"), 0);
});

Deno.test("fetch() drops for good what isn't a task and its attempt", async () => {
  await using test = await testQueue();
  const beside = await connectBeside(test.url);
  const taskId = newId<TaskId>();
  const strange = ["", "{", "null", "[]", "1e999", '{"taskId":1}', '{"taskId":"x","attempt":1}'];
  const nearly = [{ taskId, attempt: 0 }, { taskId, attempt: 1.5 }, { taskId, attempt: "1" }, { taskId }];
  for (const text of [...strange, ...nearly.map((value) => JSON.stringify(value))]) {
    await jetstream(beside).publish(`${test.prefix}.tasks.bulk`, text);
  }
  const [row] = rows(1);
  await test.queue.publish([row!]);
  assert.deepEqual(await take(test.queue, 100), payloads([row!]));
  assert.equal(await test.queue.depth("bulk"), 0);
  await beside.close();
});

Deno.test("listen() hears what tell() says until its signal aborts, and nothing that isn't a task event", async () => {
  await using test = await testQueue();
  const beside = await connectBeside(test.url);
  const event: TaskEvent = {
    type: "task",
    taskId: newId<TaskId>(),
    submissionId: newId<SubmissionId>(),
    status: "failed",
    reason: "a\u202eb\n\ud83d\ude00",
    reportId: null,
    at: "2026-01-02T03:04:05.678Z" as Timestamp,
  };
  const stop = new AbortController();
  const events = test.queue.listen(stop.signal)[Symbol.asyncIterator]();
  const heard = events.next();
  await test.queue.ping();
  beside.publish(`${test.prefix}.progress.x`, "{");
  beside.publish(`${test.prefix}.progress.x`, JSON.stringify({ ...event, status: "eaten" }));
  await beside.flush();
  test.queue.tell(event);
  assert.deepEqual(await heard, { done: false, value: event });
  const rest = events.next();
  stop.abort();
  assert.deepEqual(await rest, { done: true, value: undefined });
  await beside.close();
});

Deno.test("prepare() may be done again, and by others at the same time", async () => {
  await using test = await testQueue();
  const other = createQueue({ url: test.url, prefix: test.prefix });
  await test.queue.publish(rows(1));
  await Promise.all([test.queue.prepare(), other.prepare(), other.prepare()]);
  assert.equal(await other.depth("bulk"), 1);
  await other.close();
  await other.close();
});

Deno.test("the queue goes on after kill -9 of its server, with what lay there", async () => {
  await withMortalNats(async (nats) => {
    const queue = createQueue({ url: nats.url });
    await queue.prepare();
    const before = rows(2);
    await queue.publish(before);
    await nats.kill();
    await assert.rejects(queue.ping());
    await nats.start();
    await reached(queue);
    // The same ids are still known.
    const after = rows(1);
    await queue.publish([...before, ...after]);
    assert.equal((await take(queue, 3)).length, 3);
    assert.equal(await queue.depth("bulk"), 0);
    await queue.close();
  });
});

Deno.test("fetch() makes stream and consumer again on a server that lost its store", async () => {
  await withMortalNats(async (nats) => {
    const queue = createQueue({ url: nats.url });
    await queue.prepare();
    await queue.publish(rows(2));
    await nats.kill();
    await Deno.remove(nats.store, { recursive: true });
    await nats.start();
    await reached(queue);
    assert.deepEqual(await take(queue, 10), []);
    const after = rows(2, "interactive");
    await queue.publish(after);
    assert.equal((await take(queue, 2, "interactive")).length, 2);
    await queue.close();
  });
});

Deno.test("fetch() ends although its server goes away in mid-window", async () => {
  await withMortalNats(async (nats) => {
    const queue = createQueue({ url: nats.url });
    await queue.prepare();
    await queue.publish(rows(1));
    const beside = await connectBeside(nats.url);
    const manager = await jetstreamManager(beside);
    const window = queue.fetch("bulk", 100, 2_000, never);
    while ((await manager.consumers.info("assay_tasks", "bulk")).num_ack_pending < 1);
    await queue.ping();
    await beside.close();
    await nats.kill();
    assert.equal((await window).length, 1);
    await queue.close();
  });
});
