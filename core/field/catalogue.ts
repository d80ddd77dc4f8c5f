/** How a field's values are stored, compared and shown. */
export type FieldType = "keyword" | "name" | "text" | "long" | "double" | "date" | "ip" | "boolean";

/** A searchable field: mappings, the query parser, `GET /search/fields`, help and docs are made from it. */
export interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly description: string;
  readonly example: string;
  /** True where counting values makes sense and stays cheap. */
  readonly facet: boolean;
  /** True where a module may set it by a `property` observation; the rest is derived. */
  readonly property: boolean;
  /** True where it belongs to a submission, so that only those who see the submission can find by it. */
  readonly submission: boolean;
  /** True where it belongs to an analyst's note or tag, which has readers of its own; samples have it, reports don't. */
  readonly annotation: boolean;
  /** How letters compare: in any case, only as written (encoded digests), or lowered first (hexadecimal digests). */
  readonly letters: "any" | "exact" | "lower";
  /** True where the samples have so many values together that walking all of them is costly. */
  readonly many: boolean;
  /** True where hits can be ordered by it. */
  readonly sortable: boolean;
}

type Given = Partial<
  Pick<Field, "facet" | "property" | "submission" | "annotation" | "letters" | "many" | "sortable">
>;
const field = (
  name: string,
  type: FieldType,
  description: string,
  example: string,
  given: Given = {},
): Field => ({
  name,
  type,
  description,
  example,
  facet: false,
  property: false,
  submission: false,
  annotation: false,
  letters: type === "name" ? "lower" : "any",
  many: given.letters !== undefined,
  // Words only where their values are kept in order on disk anyway, to be counted.
  sortable: type !== "boolean" && (given.facet ?? ["long", "double", "date"].includes(type)),
  ...given,
});
const facet = { facet: true };
const property = { property: true };
const both = { facet: true, property: true };
const submission = { submission: true };
const annotation = { annotation: true };
const hex = { letters: "lower" } as const;
const exact = { letters: "exact" } as const;
const many = { many: true };

/** Every searchable field, once. `metadata.<name>`, `module.<name>.status` are families with a bounded name. */
export const fields: readonly Field[] = [
  field(
    "sha256",
    "keyword",
    "SHA-256 of the sample",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    { ...hex, sortable: true },
  ),
  field("sha1", "keyword", "SHA-1 of the sample", "da39a3ee5e6b4b0d3255bfef95601890afd80709", hex),
  field("md5", "keyword", "MD5 of the sample", "d41d8cd98f00b204e9800998ecf8427e", hex),
  field("sha512", "keyword", "SHA-512 of the sample", "cf83e1357eefb8bd…", hex),
  field(
    "ssdeep",
    "keyword",
    "Fuzzy hash (ssdeep) of the sample",
    "3:AXGBicFlgVNhBGcL6wCrFQEv:AXGHsNhxLsr2C",
    exact,
  ),
  field("tlsh", "keyword", "Locality-sensitive hash (TLSH) of the sample", "T1A5B2…", exact),
  field("size", "long", "Size in bytes; kB, MB, GB are understood", ">=500kB"),
  field("fileType", "keyword", "Short name of the format", "pe", facet),
  field("mime", "keyword", "Media type", "application/zip", facet),
  field("magic", "text", "What libmagic says", '"PE32+ executable"'),
  field("verdict", "keyword", "malicious, suspicious, benign or unknown", "malicious", facet),
  field("score", "double", "Score of the verdict, 0 to 100", ">=70"),
  field("family", "keyword", "Malware family as an engine names it", "emotet", facet),
  field("attack", "keyword", "MITRE ATT&CK technique", "T1055", facet),
  field("seen", "date", "When it was analysed", ">=now-7d"),
  field("name", "name", "A file name it was submitted under", "*.exe", { facet: true, ...submission }),
  field("tag", "keyword", "A tag that a module, a submitter or an analyst gave", "packed", {
    facet: true,
    // Kept with the sample, its submissions and its annotations, so there is no one order.
    sortable: false,
  }),
  field("note", "text", "Words of an analyst's note", '"same builder as"', annotation),
  field("noteAuthor", "keyword", "Name of the key that wrote a note", "alice", annotation),
  field("tlp", "keyword", "TLP level of a submission", "green", { facet: true, submission: true }),
  field("submitter", "keyword", "Name of the key that submitted it", "alice", {
    facet: true,
    submission: true,
  }),
  field("submission", "keyword", "Id of a submission", "01J…", { ...submission, ...many }),
  field("parent", "keyword", "SHA-256 of a file it was extracted from", "e3b0c442…", {
    ...submission,
    ...hex,
  }),
  field("entropy", "double", "Shannon entropy of the whole file, bits a byte", ">=7.2", property),
  field("pe.machine", "keyword", "Target machine of a PE", "amd64", both),
  field("pe.subsystem", "keyword", "Subsystem of a PE", "windows_gui", both),
  field("pe.imphash", "keyword", "MD5 over the import table", "f34d5f2d4577ed6d9ceec516c1f5a744", {
    ...both,
    ...hex,
  }),
  field("pe.richHash", "keyword", "MD5 over the decoded Rich header", "0f2f6b1e1d1c…", { ...both, ...hex }),
  field("pe.import", "name", "Imported function as dll!function", "kernel32.dll!VirtualAlloc", {
    ...both,
    ...many,
  }),
  field("pe.export", "name", "Exported function", "DllRegisterServer", { ...both, ...many }),
  field("pe.section.name", "keyword", "Section name", ".text", both),
  field("pe.section.entropy", "double", "Section entropy, bits a byte", ">=7.2", property),
  field("pe.section.sha256", "keyword", "SHA-256 of a section's raw data", "e3b0c442…", {
    ...both,
    ...hex,
  }),
  field("pe.timestamp", "date", "TimeDateStamp of the COFF header", ">=2020-01-01", property),
  field("pe.pdb", "name", "Path of the debug database", "*payload.pdb", both),
  field(
    "pe.signed",
    "boolean",
    "True where an Authenticode signature is present (not whether it is valid)",
    "true",
    both,
  ),
  field("pe.overlay", "long", "Bytes after the last section", ">0", property),
  field("pe.company", "name", "CompanyName of the version resource", "Microsoft*", both),
  field("pe.product", "name", "ProductName of the version resource", "*Office*", both),
  field("pe.originalName", "name", "OriginalFilename of the version resource", "svchost.exe", both),
  field("pe.resource.type", "keyword", "Resource type", "manifest", both),
  field("elf.machine", "keyword", "Target machine of an ELF", "x86_64", both),
  field("elf.type", "keyword", "ELF object type", "dyn", both),
  field("elf.needed", "name", "Shared library it needs", "libc.so.6", both),
  field("elf.import", "name", "Undefined dynamic symbol", "ptrace", { ...both, ...many }),
  field("elf.export", "name", "Defined dynamic symbol", "PyInit__cffi", { ...property, ...many }),
  field("elf.section.name", "keyword", "Section name", ".text", both),
  field("elf.section.sha256", "keyword", "SHA-256 of a section's bytes", "e3b0c442…", {
    ...both,
    ...hex,
  }),
  field("elf.buildId", "keyword", "GNU build id", "8f3c…", { ...both, ...hex }),
  field("yara.rule", "keyword", "Matching YARA rule", "elf_packed_upx", facet),
  field("av.label", "name", "Label of an antivirus engine", "*emotet*", facet),
  field("url", "name", "URL found in the sample", "http://example.com/*", { ...facet, ...many }),
  field("domain", "name", "Domain found in the sample", "*.example.com", { ...facet, ...many }),
  field("ip", "ip", "IP address found in the sample; CIDR works", "10.0.0.0/8", facet),
  field("email", "name", "E-mail address found in the sample", "*@example.com", { ...facet, ...many }),
  field("path", "name", "File path found in the sample", "C:\\\\Windows\\\\*", { ...facet, ...many }),
  field("registry", "name", "Registry key found in the sample", "HKEY_LOCAL_MACHINE\\\\*", {
    ...facet,
    ...many,
  }),
  field("mutex", "name", "Mutex found in the sample", "Global\\\\*", facet),
  field("wallet", "keyword", "Cryptocurrency address found in the sample", "bc1q…", { ...facet, ...exact }),
  field("archive.type", "keyword", "Archive format", "7z", both),
  field("archive.encrypted", "boolean", "True where members are encrypted", "true", both),
  field("string", "text", "Words of the sample's strings", '"This program cannot be run"'),
];

const byName = new Map(fields.map((f) => [f.name, f]));

/** The field of that name, or undefined. Families (`metadata.x`, `module.x.status`) are resolved by the query parser. */
export function findField(name: string): Field | undefined {
  return byName.get(name);
}
