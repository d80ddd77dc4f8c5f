/** A string of a STIX pattern: quoted, `\` and `'` escaped (STIX 2.1, 9.4). */
export function patternString(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}

/** Digests under STIX's names, those whose form STIX knows; TLSH without its version `T1`. */
export function stixHashes(digests: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const { md5, sha1, sha256, sha512, ssdeep, tlsh } = digests;
  const named = {
    "MD5": fits(md5, /^[0-9a-f]{32}$/i),
    "SHA-1": fits(sha1, /^[0-9a-f]{40}$/i),
    "SHA-256": fits(sha256, /^[0-9a-f]{64}$/i),
    "SHA-512": fits(sha512, /^[0-9a-f]{128}$/i),
    "SSDEEP": fits(ssdeep, /^[a-z0-9/+:.]{1,128}$/i),
    "TLSH": fits(tlsh?.replace(/^T1/, ""), /^[a-z0-9]{70}$/i),
  };
  return Object.fromEntries(
    Object.entries(named).flatMap(([name, value]) => value === undefined ? [] : [[name, value]]),
  );
}

function fits(value: string | undefined, form: RegExp): string | undefined {
  return value !== undefined && form.test(value) ? value : undefined;
}

/** Media types of IANA's registry among those that modules name; others are left out of bundles. */
const REGISTERED = new Set([
  "application/gzip",
  "application/java-archive",
  "application/json",
  "application/octet-stream",
  "application/pdf",
  "application/postscript",
  "application/rtf",
  "application/vnd.debian.binary-package",
  "application/vnd.microsoft.portable-executable",
  "application/vnd.ms-cab-compressed",
  "application/vnd.ms-excel",
  "application/vnd.ms-htmlhelp",
  "application/vnd.ms-powerpoint",
  "application/vnd.ms-tnef",
  "application/vnd.oasis.opendocument.presentation",
  "application/vnd.oasis.opendocument.spreadsheet",
  "application/vnd.oasis.opendocument.text",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  "application/vnd.rar",
  "application/wasm",
  "application/xml",
  "application/zip",
  "application/zstd",
  "audio/mpeg",
  "audio/ogg",
  "font/otf",
  "font/ttf",
  "font/woff",
  "font/woff2",
  "image/bmp",
  "image/gif",
  "image/jpeg",
  "image/png",
  "image/svg+xml",
  "image/tiff",
  "image/webp",
  "message/rfc822",
  "text/css",
  "text/csv",
  "text/html",
  "text/javascript",
  "text/markdown",
  "text/plain",
  "text/rtf",
  "text/xml",
  "video/mp4",
  "video/mpeg",
]);

/** A media type as IANA has it; undefined for one that isn't registered. */
export function registeredType(mime: string): string | undefined {
  return REGISTERED.has(mime) ? mime : undefined;
}
