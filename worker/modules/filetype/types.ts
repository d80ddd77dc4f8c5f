/** IANA media types of the formats that signatures prove, where libmagic says another or none. */
const MIME_OF: Readonly<Record<string, string>> = {
  pe: "application/vnd.microsoft.portable-executable",
  dos: "application/x-dosexec",
  elf: "application/x-elf",
  macho: "application/x-mach-binary",
  "macho-universal": "application/x-mach-binary",
  "java-class": "application/java-vm",
  dex: "application/vnd.android.dex",
  wasm: "application/wasm",
  zip: "application/zip",
  jar: "application/java-archive",
  apk: "application/vnd.android.package-archive",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  "7z": "application/x-7z-compressed",
  rar: "application/vnd.rar",
  gzip: "application/gzip",
  bzip2: "application/x-bzip2",
  xz: "application/x-xz",
  zstd: "application/zstd",
  tar: "application/x-tar",
  cab: "application/vnd.ms-cab-compressed",
  iso: "application/x-iso9660-image",
  ole: "application/x-ole-storage",
  pdf: "application/pdf",
  rtf: "application/rtf",
  lnk: "application/x-ms-shortcut",
  empty: "application/octet-stream",
};

/** Short types of media types that libmagic finds by content. */
const TYPE_OF: Readonly<Record<string, string>> = {
  "text/x-shellscript": "shell",
  "text/x-python": "python",
  "text/x-script.python": "python",
  "text/x-perl": "perl",
  "text/x-ruby": "ruby",
  "text/x-php": "php",
  "text/x-msdos-batch": "batch",
  "text/javascript": "javascript",
  "application/javascript": "javascript",
  "text/x-powershell": "powershell",
  "text/html": "html",
  "text/xml": "xml",
  "application/xml": "xml",
  "image/svg+xml": "svg",
  "application/json": "json",
  "application/x-ndjson": "json",
  "text/csv": "csv",
  "text/rtf": "rtf",
  "message/rfc822": "eml",
  "application/vnd.ms-outlook": "msg",
  "application/x-tar": "tar",
  "application/x-lzma": "lzma",
  "application/x-rpm": "rpm",
  "application/x-archive": "ar",
  "application/x-iso9660-image": "iso",
  "application/vnd.ms-tnef": "tnef",
};

/** Scripts that libmagic calls plain text, by what their first lines hold. */
const SCRIPTS: readonly (readonly [type: string, pattern: RegExp])[] = [
  [
    "powershell",
    /^\s*(param\s*\(|function\s+[A-Z][a-z]+-[A-Z]|\$[A-Za-z_]+\s*=|Set-StrictMode|Import-Module|Invoke-|\[CmdletBinding)/m,
  ],
  [
    "vbscript",
    /^\s*(Dim\s+\w+|Set\s+\w+\s*=\s*CreateObject|On Error Resume Next|Option Explicit|WScript\.)/mi,
  ],
  ["batch", /^\s*@?echo\s+off/mi],
  [
    "javascript",
    // At the start only, behind comments: a text that quotes a script is none.
    /^\s*(?:\/\/[^\n]*\n\s*|\/\*[^*]*(?:\*(?!\/)[^*]*)*\*\/\s*)*(?:["']use strict["']|(?:var|let|const)\s+[\w${[]|import\s*[\w{*"'(]|export\s|function[\s(]|\(function|\(\(\)|!function)/,
  ],
];

/** A sample's type in short and as a media type, by signature first, then by libmagic. */
export function nameType(
  signature: string | null,
  mime: string,
  start: string,
): { fileType: string; mime: string } {
  if (signature !== null) return { fileType: signature, mime: MIME_OF[signature] ?? mime };
  const named = TYPE_OF[mime];
  if (named !== undefined) return { fileType: named, mime };
  if (mime.startsWith("text/")) {
    return { fileType: SCRIPTS.find(([, pattern]) => pattern.test(start))?.[0] ?? "text", mime };
  }
  const [family, subtype] = mime.split("/") as [string, string?];
  if (subtype && ["image", "audio", "video", "font"].includes(family)) {
    return { fileType: subtype.replace(/^x-/, "").replace(/[^a-z0-9-]/g, "-").slice(0, 40), mime };
  }
  return { fileType: "unknown", mime: mime || "application/octet-stream" };
}
