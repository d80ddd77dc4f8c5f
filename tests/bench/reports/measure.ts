import { usageOf } from "../usage.ts";

/** Asks for one export and reads it to its end. */
export type Ask = () => Promise<Uint8Array>;

/** What a form took. */
export interface Measured {
  /** Of one. */
  readonly bytes: number;
  /** Milliseconds from the request to the last byte, one at a time. */
  readonly p50: number;
  readonly p95: number;
  /** So many at a time as there are renderers. */
  readonly perSecond: number;
  /** In a second of processor of the reports process and its children. */
  readonly perProcessorSecond: number;
}

/** Asks warm for some seconds: one at a time, then several. */
export async function measure(
  ask: Ask,
  { pid, seconds, atOnce }: { readonly pid: number; readonly seconds: number; readonly atOnce: number },
): Promise<Measured> {
  const { length: bytes } = await ask();
  await Promise.all(Array.from({ length: 2 * atOnce }, ask));
  const times: number[] = [];
  await during(seconds, async () => {
    const began = performance.now();
    await ask();
    times.push(performance.now() - began);
  });
  times.sort((a, b) => a - b);
  const [cpu, began] = [usageOf(pid).cpu, performance.now()];
  let made = 0;
  await Promise.all(
    Array.from({ length: atOnce }, () =>
      during(seconds, async () => {
        await ask();
        made++;
      })),
  );
  const took = (performance.now() - began) / 1000;
  return {
    bytes,
    p50: at(times, 0.5),
    p95: at(times, 0.95),
    perSecond: made / took,
    perProcessorSecond: made / (usageOf(pid).cpu - cpu),
  };
}

async function during(seconds: number, work: () => Promise<void>): Promise<void> {
  const end = performance.now() + seconds * 1000;
  do await work(); while (performance.now() < end);
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!;
}
