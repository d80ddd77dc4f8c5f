import type { Allowance } from "./limits.ts";

/** A file or folder in 7-Zip's memory. */
interface Node {
  /** Signed where the program wrote all of it at once. */
  readonly contents?: Uint8Array<ArrayBuffer> | Int8Array<ArrayBuffer> | null;
  readonly usedBytes?: number;
  readonly node_ops: {
    setattr(node: Node, change: { readonly size?: number }): void;
    mknod(parent: Node, name: string, mode: number, device: number): Node;
  };
  readonly stream_ops: { write: Write; read(...args: readonly unknown[]): number };
}

type Write = (
  stream: { readonly node: Node },
  buffer: Uint8Array,
  offset: number,
  length: number,
  position: number,
  owned?: boolean,
) => number;

/** As much as is used of the file system that emscripten gives a program. */
export interface MemoryFiles {
  writeFile(path: string, data: Uint8Array | string): void;
  mkdir: (path: string, mode?: number) => void;
  readdir(path: string): string[];
  lstat(path: string): { readonly mode: number };
  isDir(mode: number): boolean;
  isFile(mode: number): boolean;
  lookupPath(path: string, options: { readonly follow: boolean }): { readonly node: Node };
}

/** Thrown through the program to end it at once. */
export class Stop extends Error {}

/** A file that came out; its name is its path below the folder. */
export interface MemoryFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Watches what a program writes in memory, since declared sizes lie: a file that grows too large stays empty and the
 * program goes on; when all is too much, it ends. Gives the function that collects what came out whole.
 *
 * @param file - any file there; all files of an instance share their operations
 * @param folder - where files will come out
 */
export function boundFiles(
  files: MemoryFiles,
  file: string,
  folder: string,
  allowance: Allowance,
): () => MemoryFile[] {
  const { node_ops: operations, stream_ops: streams } = files.lookupPath(file, { follow: false }).node;
  const folders = files.lookupPath(folder, { follow: false }).node.node_ops;
  const [mostFiles, mostBytes, room] = [allowance.most, allowance.next(), allowance.room];
  const [setattr, write, read, mknod] = [operations.setattr, streams.write, streams.read, folders.mknod];
  const refused = new Set<Node>();
  /** The file that is being written; whether it came out whole is not known. */
  let open: Node | null = null;
  let stopped = false;
  let [total, count] = [0, 0];

  function stop(): never {
    stopped = true;
    throw new Stop();
  }

  function checkGoesOn(): void {
    if (!allowance.goesOn()) stop();
  }

  /** True where the file may have so many bytes. */
  function resize(node: Node, size: number): boolean {
    if (refused.has(node)) return false;
    const more = size - (node.usedBytes ?? 0);
    if (more <= 0 || (size <= mostBytes && total + more <= room)) {
      total += more;
      return true;
    }
    allowance.refused();
    refused.add(node);
    total -= node.usedBytes ?? 0;
    setattr(node, { size: 0 });
    if (size <= mostBytes) stop();
    return false;
  }

  operations.setattr = (node, change) => {
    if (change.size === undefined || resize(node, change.size)) setattr(node, change);
  };
  streams.write = (stream, buffer, offset, length, position, owned) => {
    checkGoesOn();
    const { node } = stream;
    if (resize(node, Math.max(node.usedBytes ?? 0, position + length))) {
      return write(stream, buffer, offset, length, position, owned);
    }
    allowance.wasted(length);
    return length;
  };
  streams.read = (...args) => {
    checkGoesOn();
    return read(...args);
  };
  folders.mknod = (parent, name, mode, device) => {
    open = null;
    checkGoesOn();
    if (files.isFile(mode) && ++count > mostFiles) {
      allowance.tooMany();
      stop();
    }
    return open = mknod(parent, name, mode, device);
  };

  // Folders that are there already are asked for again and again, without any of the above.
  const { mkdir } = files;
  files.mkdir = (...args) => {
    checkGoesOn();
    return mkdir(...args);
  };

  return () => {
    const whole: MemoryFile[] = [];
    const visit = (path: string) => {
      for (const name of files.readdir(path)) {
        if (name === "." || name === "..") continue;
        const inner = `${path}/${name}`;
        const { mode } = files.lstat(inner);
        if (files.isDir(mode)) visit(inner);
        else if (files.isFile(mode)) {
          const { node } = files.lookupPath(inner, { follow: false });
          if (refused.has(node) || (stopped && node === open)) continue;
          const bytes = bytesOf(node);
          whole.push({ name: inner.slice(folder.length + 1), bytes });
        }
      }
    };
    visit(folder);
    return whole;
  };
}

/** What a file holds, as the bytes that everybody else means by bytes. */
function bytesOf({ contents, usedBytes = 0 }: Node): Uint8Array {
  return contents ? new Uint8Array(contents.buffer, contents.byteOffset, usedBytes) : new Uint8Array();
}
