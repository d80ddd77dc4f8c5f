/** A format that is certain by bytes at a place. */
interface Signature {
  readonly type: string;
  readonly offset?: number;
  /** Latin-1, as in the format's specification. */
  readonly bytes: string;
  readonly also?: (bytes: Uint8Array) => boolean;
}

const SIGNATURES: readonly Signature[] = [
  { type: "pe", bytes: "MZ", also: hasPeHeader },
  { type: "dos", bytes: "MZ" },
  { type: "elf", bytes: "\x7fELF" },
  { type: "macho", bytes: "\xfe\xed\xfa\xce" },
  { type: "macho", bytes: "\xfe\xed\xfa\xcf" },
  { type: "macho", bytes: "\xce\xfa\xed\xfe" },
  { type: "macho", bytes: "\xcf\xfa\xed\xfe" },
  { type: "java-class", bytes: "\xca\xfe\xba\xbe", also: (bytes) => (bytes[7] ?? 0) >= 45 },
  { type: "macho-universal", bytes: "\xca\xfe\xba\xbe" },
  { type: "dex", bytes: "dex\n" },
  { type: "wasm", bytes: "\0asm" },
  { type: "7z", bytes: "7z\xbc\xaf\x27\x1c" },
  { type: "rar", bytes: "Rar!\x1a\x07" },
  { type: "xz", bytes: "\xfd7zXZ\0" },
  { type: "zstd", bytes: "\x28\xb5\x2f\xfd" },
  { type: "gzip", bytes: "\x1f\x8b" },
  { type: "bzip2", bytes: "BZh", also: (bytes) => bytes[3]! >= 0x31 && bytes[3]! <= 0x39 },
  { type: "cab", bytes: "MSCF\0\0\0\0" },
  { type: "tar", offset: 257, bytes: "ustar" },
  { type: "iso", offset: 32769, bytes: "CD001" },
  { type: "ole", bytes: "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" },
  { type: "rtf", bytes: "{\\rtf" },
  { type: "lnk", bytes: "L\0\0\0\x01\x14\x02\0" },
  { type: "png", bytes: "\x89PNG\r\n\x1a\n" },
  { type: "jpeg", bytes: "\xff\xd8\xff" },
  { type: "gif", bytes: "GIF8" },
  { type: "deb", bytes: "!<arch>\ndebian" },
  { type: "ar", bytes: "!<arch>\n" },
  { type: "chm", bytes: "ITSF" },
  { type: "sqlite", bytes: "SQLite format 3\0" },
];

/** Names of the parts that tell what a zip is beside an archive. */
const ZIP_KINDS: readonly (readonly [part: string, type: string])[] = [
  ["word/", "docx"],
  ["xl/", "xlsx"],
  ["ppt/", "pptx"],
  ["AndroidManifest.xml", "apk"],
  ["META-INF/MANIFEST.MF", "jar"],
];

/** The format that the first bytes prove; null where they prove none. */
export function typeBySignature(bytes: Uint8Array): string | null {
  if (bytes.length === 0) return "empty";
  if (startsWith(bytes, "PK\x03\x04", 0) || startsWith(bytes, "PK\x05\x06", 0)) return zipKind(bytes);
  // A PDF may stand behind up to a kilobyte of anything.
  if (latin1(bytes, 0, 1024).includes("%PDF-")) return "pdf";
  const found = SIGNATURES.find((s) =>
    startsWith(bytes, s.bytes, s.offset ?? 0) && (s.also?.(bytes) ?? true)
  );
  return found?.type ?? null;
}

function hasPeHeader(bytes: Uint8Array): boolean {
  if (bytes.length < 64) return false;
  const at = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(0x3c, true);
  return startsWith(bytes, "PE\0\0", at);
}

/** Reads names of local headers at the start and of the directory at the end, as far as they are near. */
function zipKind(bytes: Uint8Array): string {
  const near = latin1(bytes, 0, 64 * 1024) +
    latin1(bytes, Math.max(0, bytes.length - 64 * 1024), bytes.length);
  return ZIP_KINDS.find(([part]) => near.includes(part))?.[1] ?? "zip";
}

function startsWith(bytes: Uint8Array, text: string, offset: number): boolean {
  if (offset + text.length > bytes.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[offset + i] !== text.charCodeAt(i)) return false;
  return true;
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return new TextDecoder("latin1").decode(bytes.subarray(from, to));
}
