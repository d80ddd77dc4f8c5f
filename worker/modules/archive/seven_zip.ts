import * as sevenZip from "7z-wasm";
import { readFileSync } from "node:fs";
import process from "node:process";
import type { Allowance } from "./limits.ts";
import { boundFiles, type MemoryFile, type MemoryFiles, Stop } from "./memory_files.ts";
import { type Member, MOST_ERRORS, MOST_LISTED, nameOfPassword, type Unpacked } from "./member.ts";

const ARCHIVE = "/archive";
const LIST = "/left-out";
const OUT = "/out";
/** Folders inside folders that are made; their cost grows with the cube. */
const MOST_DEPTH = 64;

/** Compiles 7-Zip once; each command gets an instance of its own, since one that failed is not fit for another. */
export function openSevenZip(): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(new URL(import.meta.resolve("7z-wasm/7zz.wasm"))));
}

/** As much of the emscripten module as is used; the package's own types are those of a script tag. */
interface Instance {
  callMain(args: readonly string[]): number | undefined;
  readonly FS: MemoryFiles;
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
 * Unpacks what 7-Zip reads: 7z, tar, xz, bzip2, rar, cab, iso and others. The list comes first, and members that are too
 * large by it are left out; whatever else the list says, bytes are counted as they come out.
 */
export async function unpackBySevenZip(
  program: WebAssembly.Module,
  bytes: Uint8Array,
  type: string,
  passwords: readonly string[],
  allowance: Allowance,
): Promise<Unpacked> {
  const { members, place } = await listMembers(program, bytes, passwords);
  const tooLarge = members.filter(({ kind, size }) => kind === "file" && (size ?? 0) > allowance.next());
  const needed = place === null && members.some(({ encrypted }) => encrypted);
  const order = needed && passwords.length > 0 ? passwords.map((_, i) => i) : [place];
  const flat = members.some(({ name }) => name.split(/[\\/]/).length > MOST_DEPTH);
  let last: Unpacked | null = null;
  for (const one of order) {
    const { files, errors } = await extract(
      program,
      bytes,
      flat ? "e" : "x",
      tooLarge.map(({ name }) => name),
      one === null ? null : passwords[one]!,
      allowance,
    );
    const fits = files.length > 0;
    last = { type, members, files, errors, opened: fits && one !== null ? nameOfPassword(one) : null };
    if (fits || errors.length === 0) break;
  }
  for (const { bytes } of last!.files) allowance.took(bytes.length);
  if (tooLarge.length > 0) allowance.refused();
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
    const members = parseList(output);
    // A broken archive may still have a beginning that is whole.
    if (code === 0 || members.length > 0) return { members, place: i === 0 ? null : i - 1 };
    reason = errors.find((line) => /error|cannot|wrong/i.test(line)) ?? reason;
    // An archive whose list is encrypted makes 7-Zip throw without a word; others say what is wrong.
    if (errors.length > 0 && !errors.some((line) => /password|encrypted/i.test(line))) break;
  }
  throw new Error(`Cannot unpack archive: ${reason || "7-Zip can't read it"}`);
}

async function extract(
  program: WebAssembly.Module,
  bytes: Uint8Array,
  verb: "x" | "e",
  leftOut: readonly string[],
  password: string | null,
  allowance: Allowance,
): Promise<{ files: MemoryFile[]; errors: string[] }> {
  // Names are taken as they are (-spd), members of one name all come out (-aou), links stay names (-snl-); e leaves folders out.
  const args = [verb, "-y", "-spd", "-aou", "-snl-", `-o${OUT}`, ...secret(password), `-x@${LIST}`, ARCHIVE];
  const list = leftOut.filter((name) => !/[\r\n"]/.test(name)).join("\n");
  const run = await command(
    program,
    bytes,
    list === "" ? args.filter((arg) => !arg.startsWith("-x")) : args,
    {
      list,
      allowance,
    },
  );
  const files = run.collect().map(({ name, bytes }) => ({ name: nameOf(name), bytes }));
  if (run.code === 0) return { files, errors: [] };
  const errors = run.errors.filter((line) => line.trim() !== "").slice(0, MOST_ERRORS);
  if (errors.length === 0) errors.push("7-Zip failed without a word");
  // A wrong password leaves empty files behind.
  const kept = isWrong(errors) ? [] : files.filter((file) => password === null || file.bytes.length > 0);
  return { files: kept, errors };
}

function isWrong(errors: readonly string[]): boolean {
  return errors.some((line) => /wrong password|data error in encrypted/i.test(line));
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
  args: readonly string[],
  extraction: { readonly list: string; readonly allowance: Allowance } | null = null,
): Promise<{ code: number; output: string[]; errors: string[]; collect: () => MemoryFile[] }> {
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
  instance.FS.mkdir(OUT);
  let collect = (): MemoryFile[] => [];
  if (extraction !== null) {
    instance.FS.writeFile(LIST, extraction.list);
    collect = boundFiles(instance.FS, ARCHIVE, OUT, extraction.allowance);
  }
  // 7-Zip sets the exit code of the process that it takes for its own.
  const before = process.exitCode;
  try {
    return { code: instance.callMain(args) ?? 0, output, errors, collect };
  } catch (cause) {
    // The allowance has noted why.
    if (cause instanceof Stop) return { code: 0, output, errors, collect };
    // What C++ throws is the number of a place in memory.
    if (cause instanceof Error) errors.push(cause.message);
    return { code: 2, output, errors, collect };
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
