/** What a `Content-Disposition` header says. */
export interface Disposition {
  /** e.g. `form-data`, `attachment`; lower case. */
  readonly type: string;
  readonly name: string | null;
  readonly filename: string | null;
}

/** `; name=token` or `; name="quoted, \" inside"`; a closing quote may be missing where the header was cut. */
const PARAMETER = /;\s*([!#$%&'*+.^_`|~\w-]{1,40})\s*=\s*(?:"((?:\\.|[^"\\])*)(?:"|\\?$)|([^;"]*))/gs;

/**
 * Reads a `Content-Disposition` header given as bytes in Latin-1 (RFC 6266 and, for multipart, RFC 7578 with the
 * percent-encoding of browsers). Names in UTF-8 are read as such. `filename*` wins over `filename`.
 */
export function parseDisposition(header: string): Disposition {
  const parameters = new Map<string, string>();
  for (const [, name, quoted, bare] of header.matchAll(PARAMETER)) {
    const key = name!.toLowerCase();
    if (!parameters.has(key)) parameters.set(key, quoted?.replace(/\\(["\\])/g, "$1") ?? bare!.trim());
  }
  const plain = (key: string) => {
    const value = parameters.get(key);
    return value === undefined ? null : decodePercents(decodeUtf8(value));
  };
  return {
    type: /^\s*([^;\s]*)/.exec(header)![1]!.toLowerCase(),
    name: plain("name"),
    filename: decodeExtended(parameters.get("filename*")) ?? plain("filename"),
  };
}

/** The bytes of a header as UTF-8 where they are, else as Latin-1. */
function decodeUtf8(latin1: string): string {
  // deno-lint-ignore no-control-regex -- Latin-1 is exactly this range; anything else was decoded already
  if (!/^[\x00-\xff]*$/.test(latin1)) return latin1;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
      .decode(Uint8Array.from(latin1, (unit) => unit.charCodeAt(0)));
  } catch {
    return latin1; // not UTF-8: old clients send Latin-1
  }
}

/** Undoes what browsers do to names in multipart (HTML, "multipart/form-data encoding algorithm"). */
function decodePercents(name: string): string {
  return name.replace(/%(0A|0D|22)/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
}

/** `UTF-8'en'na%C3%AFve.exe` (RFC 8187); null where it is anything else. */
function decodeExtended(value: string | undefined): string | null {
  const encoded = /^utf-8'[^']*'(.*)$/is.exec(value ?? "")?.[1];
  if (encoded === undefined) return null;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return null; // broken escapes: the plain `filename` is taken instead
  }
}
