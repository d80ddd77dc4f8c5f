import * as sevenZip from "7z-wasm";
import { readFileSync } from "node:fs";
import process from "node:process";
import type { Allowance } from "./limits.ts";
import { type Member, MOST_ERRORS, MOST_LISTED, nameOfPassword, type Unpacked } from "./member.ts";

const ARCHIVE = "/archive";
const LIST = "/wanted";
const OUT = "/out";

/** Compiles 7-Zip once; each command gets an instance of its own, since one that failed is not fit for another. */
export function openSevenZip(): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(new URL(import.meta.resolve("7z-wasm/7zz.wasm"))));
}

/** As much of the emscripten module as is used; the package's own types are those of a script tag. */
interface Instance {
  callMain(args: readonly string[]): number | undefined;
  readonly FS: {
    writeFile(path: string, data: Uint8Array | string): void;
    readFile(path: string): Uint8Array;
    mkdir(path: string): void;
    readdir(path: string): string[];
    lstat(path: string): { readonly mode: number };
    isDir(mode: number): boolean;
    isFile(mode: number): boolean;
  };
}

const startSevenZip = sevenZip.default as unknown as (options: {
  readonly print: (line: string) => void;
  readonly printErr: (line: string) => void;
  readonly quit: (code: number, cause: unknown) => never;
  readonly instantiateWasm: (
    imports: WebAssembly.Imports,
    ready: (instance: WebAssembly.Instance) => void,
  ) => WebAssembly.Exports;
}) => Promise<Instance>;

/**
 * Unpacks what 7-Zip reads: 7z, tar, xz, bzip2, rar, cab, iso and others. The list comes first, and only members that fit the
 * allowance are taken out; the memory of the process bounds what a lying list can do.
 */
export async function unpackBySevenZip(
  program: WebAssembly.Module,
  bytes: Uint8Array,
  type: string,
  passwords: readonly string[],
  allowance: Allowance,
): Promise<Unpacked> {
  const { members, place } = await listMembers(program, bytes, passwords);
  const wanted = choose(members, allowance);
  if (wanted.length === 0) return { type, members, files: [], opened: null, errors: [] };
  const all = wanted.length === members.filter(({ kind }) => kind === "file").length;
  const needed = place === null && members.some(({ encrypted }) => encrypted);
  const order = needed ? passwords.map((_, i) => i) : [place];
  let last: Unpacked | null = null;
  for (const one of order) {
    const { files, errors } = await extract(
      program,
      bytes,
      wanted,
      all,
      one === null ? null : passwords[one]!,
    );
    const fits = files.length > 0;
    last = { type, members, files, errors, opened: fits && one !== null ? nameOfPassword(one) : null };
    if (fits || errors.length === 0) break;
  }
  for (const { bytes } of last!.files) allowance.took(bytes.length);
  return last!;
}

/** Lists the members, trying passwords where even the list is encrypted. @throws {Error} where 7-Zip can't read it */
async function listMembers(
  program: WebAssembly.Module,
  bytes: Uint8Array,
  passwords: readonly string[],
): Promise<{ members: Member[]; place: number | null }> {
  let reason = "";
  for (const [i, password] of [null, ...passwords].entries()) {
    const { code, output, errors } = await command(program, bytes, [
      "l",
      "-slt",
      "-ba",
      ...secret(password),
      ARCHIVE,
    ]);
    if (code === 0 || (code === 1 && output.length > 0)) {
      return { members: parseList(output), place: i === 0 ? null : i - 1 };
    }
    reason = errors.find((line) => /error|cannot|wrong/i.test(line)) ?? reason;
    // An archive whose list is encrypted makes 7-Zip throw without a word; others say what is wrong.
    if (errors.length > 0 && !errors.some((line) => /password|encrypted/i.test(line))) break;
  }
  throw new Error(`Cannot unpack archive: ${reason || "7-Zip can't read it"}`);
}

/** Members that may come out, by their declared sizes, as far as the allowance reaches. */
function choose(members: readonly Member[], allowance: Allowance): Member[] {
  const wanted: Member[] = [];
  let [bytes, count] = [0, 0];
  const most = allowance.next();
  for (const member of members) {
    if (member.kind !== "file") continue;
    if (bytes + (member.size ?? 0) > most) {
      allowance.refused();
      continue;
    }
    if (++count > allowance.most) {
      allowance.tooMany();
      break;
    }
    bytes += member.size ?? 0;
    wanted.push(member);
  }
  return wanted;
}

async function extract(
  program: WebAssembly.Module,
  bytes: Uint8Array,
  wanted: readonly Member[],
  all: boolean,
  password: string | null,
): Promise<{ files: { name: string; bytes: Uint8Array }[]; errors: string[] }> {
  const list = all ? "" : wanted.map(({ name }) => name).filter((name) => !/[\r\n"]/.test(name)).join("\n");
  const chosen = all ? [] : [`-i@${LIST}`];
  const run = await command(program, bytes, [
    "x",
    "-y",
    "-snl-",
    `-o${OUT}`,
    ...secret(password),
    ARCHIVE,
    ...chosen,
  ], list);
  const files: { name: string; bytes: Uint8Array }[] = [];
  collect(run.instance, OUT, files);
  if (run.code === 0) return { files, errors: [] };
  const errors = run.errors.filter((line) => line.trim() !== "").slice(0, MOST_ERRORS);
  if (errors.length === 0) errors.push("7-Zip failed without a word");
  // A wrong password leaves empty files behind.
  return { files: isWrong(errors) ? [] : files.filter((file) => file.bytes.length > 0), errors };
}

function isWrong(errors: readonly string[]): boolean {
  return errors.some((line) => /wrong password|data error in encrypted/i.test(line));
}

function collect(instance: Instance, folder: string, into: { name: string; bytes: Uint8Array }[]): void {
  for (const name of instance.FS.readdir(folder)) {
    if (name === "." || name === "..") continue;
    const path = `${folder}/${name}`;
    const { mode } = instance.FS.lstat(path);
    if (instance.FS.isDir(mode)) collect(instance, path, into);
    else if (instance.FS.isFile(mode)) {
      into.push({ name: nameOf(path.slice(OUT.length + 1)), bytes: instance.FS.readFile(path) });
    }
  }
}

/** 7-Zip names what has no name after the archive. */
function nameOf(path: string): string {
  return path === `${ARCHIVE.slice(1)}~` ? "content" : path;
}

function secret(password: string | null): string[] {
  return [password === null ? "-p" : `-p${password}`];
}

async function command(
  program: WebAssembly.Module,
  bytes: Uint8Array,
  args: string[],
  list = "",
): Promise<{ code: number; output: string[]; errors: string[]; instance: Instance }> {
  const output: string[] = [];
  const errors: string[] = [];
  const most = 30 * MOST_LISTED;
  const keep = (lines: string[]) => (line: string) => void (lines.length < most && lines.push(line));
  const instance = await startSevenZip(
    {
      print: keep(output),
      printErr: keep(errors),
      quit: (code, cause) => {
        throw cause ?? new Error(`7-Zip ended with code ${code}`);
      },
      instantiateWasm: (imports, ready) => {
        const made = new WebAssembly.Instance(program, imports);
        ready(made);
        return made.exports;
      },
    },
  );
  instance.FS.writeFile(ARCHIVE, bytes);
  instance.FS.writeFile(LIST, list);
  instance.FS.mkdir(OUT);
  // 7-Zip sets the exit code of the process that it takes for its own.
  const before = process.exitCode;
  try {
    return { code: instance.callMain(args) ?? 0, output, errors, instance };
  } catch (cause) {
    // What C++ throws is the number of a place in memory.
    if (cause instanceof Error) errors.push(cause.message);
    return { code: 2, output, errors, instance };
  } finally {
    process.exitCode = before;
  }
}

/** The blocks of `l -slt`: `Name = value` lines, an empty line between members. */
function parseList(lines: readonly string[]): Member[] {
  const members: Member[] = [];
  let block: Record<string, string> = {};
  const finish = () => {
    // Formats of a single file may have no name for it.
    const name = block["Path"] ?? "content";
    if (Object.keys(block).length > 0 && members.length < MOST_LISTED) {
      const folder = block["Folder"] === "+" || /^D/.test(block["Attributes"] ?? "");
      const link = (block["Symbolic Link"] ?? "") !== "" || (block["Hard Link"] ?? "") !== "";
      members.push({
        name,
        size: numberOf(block["Size"]),
        packed: numberOf(block["Packed Size"]),
        encrypted: block["Encrypted"] === "+",
        kind: folder ? "folder" : link ? "link" : "file",
        modified: timeOf(block["Modified"]),
      });
    }
    block = {};
  };
  for (const raw of lines) {
    // Progress is drawn over itself before the first line.
    const line = raw.replace(/^[\s\S]*[\b\r]/, "");
    const match = /^([A-Za-z ]{1,30}) = ?(.*)$/.exec(line);
    if (line === "" || match?.[1] === "Path") finish();
    if (match) block[match[1]!] ??= match[2]!;
  }
  finish();
  return members;
}

function numberOf(text: string | undefined): number | null {
  return text && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function timeOf(text: string | undefined): string | null {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)/.exec(text ?? "");
  return match ? `${match[1]}T${match[2]}Z` : null;
}
