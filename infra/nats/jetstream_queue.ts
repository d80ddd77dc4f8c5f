import { type Lane, TaskEvent, TaskId } from "@assay/core";
import {
  AckPolicy,
  type Consumer,
  jetstream,
  jetstreamManager,
  type JsMsg,
  RetentionPolicy,
  StorageType,
} from "@nats-io/jetstream";
import { connect, nanos, type NatsConnection } from "@nats-io/transport-node";
import { z } from "zod";
import type { Queue, QueuedHold } from "./queue.ts";

/** Where the queue is. */
export interface QueueOptions {
  /** `nats://user:password@host:port`. */
  readonly url: string;
  /** Begins names of streams and subjects, so that installations and tests share a server. */
  readonly prefix?: string;
  /** Shown in the server's list of connections. */
  readonly name?: string;
}

const LANES: readonly Lane[] = ["bulk", "interactive"];
/** Messages are acknowledged right after the claim; one that isn't by then was taken by a process that died. */
const ACK_WAIT = 30_000;
/** How long a message id is remembered: longer than a relay that crashed takes to publish again. */
const DUPLICATES = 10 * 60_000;
/** How long after its end the server may take to close a window; then it is taken to be away. */
const LATE = 2_000;
/** A server that answers at all answers within this. */
const PING = 3_000;
/** Events are told together within this many milliseconds: a system call for each took a tenth of the worker's main process. */
const TELL_WITHIN = 50;

/** A queue on NATS JetStream. Connects by itself, now and again after every loss of the server. */
export function createQueue({ url, prefix = "assay", name = "assay" }: QueueOptions): Queue {
  const address = new URL(url);
  const stream = `${prefix}_tasks`.replaceAll(".", "_");
  const subject = (end: string) => `${prefix}.${end}`;
  const encoder = new TextEncoder();
  let open: NatsConnection | null = null;
  let closed = false;
  let told: TaskEvent[] = [];
  let telling: ReturnType<typeof setTimeout> | undefined;
  const connecting = connect({
    servers: address.host,
    name,
    user: decodeURIComponent(address.username),
    pass: decodeURIComponent(address.password),
    ...(address.protocol === "tls:" && { tls: {} }),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    waitOnFirstConnect: true,
  }).then((connection) => open = connection);

  async function prepare(): Promise<void> {
    const manager = await jetstreamManager(await connecting);
    const wanted = {
      name: stream,
      subjects: [subject("tasks.*")],
      retention: RetentionPolicy.Workqueue,
      storage: StorageType.File,
      duplicate_window: nanos(DUPLICATES),
    };
    await manager.streams.add(wanted).catch(() => manager.streams.update(stream, wanted));
    for (const lane of LANES) {
      await manager.consumers.add(stream, {
        durable_name: lane,
        filter_subject: subject(`tasks.${lane}`),
        ack_policy: AckPolicy.Explicit,
        ack_wait: nanos(ACK_WAIT),
        max_ack_pending: 100_000,
      });
    }
  }

  /** A server that lost its store has no consumer any more: it is made again, and PostgreSQL tells what was lost. */
  async function consumerOf(lane: Lane): Promise<Consumer> {
    const { consumers } = jetstream(await connecting);
    return await consumers.get(stream, lane).catch(async () => {
      await prepare();
      return await consumers.get(stream, lane);
    });
  }

  function sendTold(): void {
    clearTimeout(telling);
    telling = undefined;
    const events = told;
    told = [];
    if (open === null || open.isClosed()) return; // nobody can hear it
    for (const event of events) {
      open.publish(subject(`progress.${event.taskId}`), encoder.encode(JSON.stringify(event)));
    }
  }

  return {
    prepare,

    async publish(rows) {
      const js = jetstream(await connecting);
      await Promise.all(
        rows.map((row) =>
          js.publish(subject(row.subject), encoder.encode(JSON.stringify(row.payload)), {
            msgID: row.messageId,
          })
        ),
      );
    },

    async fetch(lane, max, wait, signal) {
      if (signal.aborted) return [];
      const expires = Math.max(wait, 1000);
      const messages = await (await consumerOf(lane)).fetch({ max_messages: max, expires });
      const stop = () => messages.stop();
      signal.addEventListener("abort", stop, { once: true });
      if (signal.aborted) stop();
      // The library waits for a server that went away in mid-window, and then asks for a whole window again.
      const timer = setTimeout(stop, expires + LATE);
      const holds: QueuedHold[] = [];
      try {
        for await (const message of messages) {
          const hold = readHold(message);
          if (hold === null) message.term("Not a task and its attempt");
          else if (holds.length < max) holds.push(hold);
          else hold.nak();
          if (holds.length === max) stop();
        }
      } catch (error) {
        // What has come is good; the next window will meet whatever ended this one.
        if (holds.length === 0) throw error;
      } finally {
        clearTimeout(timer);
        signal.removeEventListener("abort", stop);
      }
      return holds;
    },

    async depth(lane) {
      const { num_pending, num_ack_pending } = await (await consumerOf(lane)).info();
      return num_pending + num_ack_pending;
    },

    tell(event) {
      told.push(event);
      telling ??= setTimeout(sendTold, TELL_WITHIN);
    },

    async *listen(signal) {
      const connection = await connecting;
      if (signal.aborted || connection.isClosed()) return;
      const subscription = connection.subscribe(subject("progress.*"));
      const stop = () => subscription.unsubscribe();
      signal.addEventListener("abort", stop, { once: true });
      try {
        for await (const message of subscription) {
          const event = TaskEvent.safeParse(parseJson(message.string()));
          if (event.success) yield event.data;
        }
      } finally {
        signal.removeEventListener("abort", stop);
        if (!connection.isClosed()) subscription.unsubscribe();
      }
    },

    async ping() {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(
          () => reject(new Error(`Cannot reach NATS at ${address.host}: no answer in ${PING} ms`)),
          PING,
        );
      });
      try {
        await Promise.race([connecting.then((connection) => connection.flush()), late]);
      } finally {
        clearTimeout(timer);
      }
    },

    async close() {
      if (closed) return;
      closed = true;
      sendTold();
      // A first connection that never came is left to the end of the process.
      if (open !== null) await (open as NatsConnection).close();
    },
  };
}

const HoldMessage = z.object({ taskId: TaskId, attempt: z.int().positive() });

function readHold(message: JsMsg): QueuedHold | null {
  const hold = HoldMessage.safeParse(parseJson(message.string()));
  return hold.success ? { ...hold.data, ack: () => message.ack(), nak: () => message.nak() } : null;
}

/** Undefined where it isn't JSON: others may publish on the server too. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
