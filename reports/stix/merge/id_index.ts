const BYTES = 16;

/** Ids of a merged bundle's objects, 16 bytes each: half a million of them take 8 MB, where a set of texts takes a hundred. */
export class IdIndex {
  readonly #types = new Map<string, { bytes: Uint8Array; count: number }>();

  /** Takes ids type by type in the order of their text. @throws {RangeError} where one is out of order or there already */
  add(id: string): void {
    const [type, uuid] = parts(id) ?? refuse(id);
    const kept = this.#types.get(type) ?? { bytes: new Uint8Array(64 * BYTES), count: 0 };
    const at = kept.count * BYTES;
    if (kept.count > 0 && compare(kept.bytes, at - BYTES, uuid) >= 0) refuse(id);
    if (at === kept.bytes.length) {
      const longer = new Uint8Array(2 * at);
      longer.set(kept.bytes);
      kept.bytes = longer;
    }
    kept.bytes.set(uuid, at);
    kept.count++;
    this.#types.set(type, kept);
  }

  /** True for an id that was added. */
  has(id: string): boolean {
    const [type, uuid] = parts(id) ?? [];
    const kept = type === undefined ? undefined : this.#types.get(type);
    if (kept === undefined) return false;
    let [low, high] = [0, kept.count - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const order = compare(kept.bytes, middle * BYTES, uuid!);
      if (order === 0) return true;
      if (order < 0) low = middle + 1;
      else high = middle - 1;
    }
    return false;
  }
}

function parts(id: string): [type: string, uuid: Uint8Array] | null {
  const found = /^([a-z0-9-]{1,64})--([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(id);
  return found === null ? null : [found[1]!, Uint8Array.fromHex(found[2]!.replaceAll("-", ""))];
}

function compare(bytes: Uint8Array, at: number, uuid: Uint8Array): number {
  for (let i = 0; i < BYTES; i++) {
    const order = bytes[at + i]! - uuid[i]!;
    if (order !== 0) return order;
  }
  return 0;
}

function refuse(id: string): never {
  throw new RangeError(`Cannot index '${id.slice(0, 100)}': expected an id behind the one before it`);
}
