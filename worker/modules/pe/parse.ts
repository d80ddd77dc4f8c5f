import { findAnomalies } from "./anomalies.ts";
import { authentihash } from "./authentihash.ts";
import { type Clr, readClr } from "./clr.ts";
import { type Debug, readDebug } from "./debug.ts";
import { type Export, readExports } from "./exports.ts";
import { type Headers, offsetOf, readHeaders } from "./headers.ts";
import { imphash, type Import, readImports } from "./imports.ts";
import { type Overlay, readOverlay } from "./overlay.ts";
import { Reader } from "./reader.ts";
import { readResources, type Resource } from "./resources.ts";
import { readRich, type Rich } from "./rich.ts";
import { readVersion } from "./version.ts";

/** What a PE file says of itself. */
export interface Pe {
  readonly headers: Headers;
  readonly imports: readonly Import[];
  readonly imphash: string | null;
  readonly library: string | null;
  readonly exports: readonly Export[];
  readonly rich: Rich | null;
  readonly resources: readonly Resource[];
  readonly version: Readonly<Record<string, string>>;
  readonly debug: Debug | null;
  readonly overlay: Overlay | null;
  /** True where an Authenticode signature is present; whether it is valid is another question. */
  readonly signed: boolean;
  /** SHA-256 of what a signature covers. */
  readonly authentihash: string;
  /** Null where it is no .NET program. */
  readonly dotnet: Clr | null;
  /** Addresses of functions that run before the entry point. */
  readonly tlsCallbacks: readonly number[];
  readonly anomalies: readonly string[];
  /** Parts that could not be read, with why. */
  readonly errors: readonly string[];
}

/**
 * Reads a PE file as far as it goes: a broken table is told and the others are read all the same.
 * @throws {SyntaxError} where it is no PE, {RangeError} where it ends inside the headers
 */
export function parsePe(bytes: Uint8Array): Pe {
  const reader = new Reader(bytes);
  const headers = readHeaders(reader);
  const errors: string[] = [];
  const part = <T>(name: string, read: () => T, otherwise: T): T => {
    try {
      return read();
    } catch (cause) {
      errors.push(`${name}: ${cause instanceof Error ? cause.message : String(cause)}`);
      return otherwise;
    }
  };
  const imports = part("imports", () => readImports(reader, headers), []);
  const { library, exports } = part("exports", () => readExports(reader, headers), {
    library: null,
    exports: [],
  });
  const rich = part("rich header", () => readRich(reader, headers.peOffset), null);
  const resources = part("resources", () => readResources(reader, headers), []);
  const security = headers.directories[4];
  return {
    headers,
    imports,
    imphash: imphash(imports),
    library,
    exports,
    rich,
    resources,
    version: part("version", () => readVersion(reader, headers, resources), {}),
    debug: part("debug", () => readDebug(reader, headers), null),
    overlay: part("overlay", () => readOverlay(reader, headers, reader.u16(headers.peOffset + 20)), null),
    signed: security !== undefined && security.rva !== 0 && security.size > 8 &&
      security.rva + 8 <= bytes.length,
    authentihash: authentihash(reader, headers),
    dotnet: part("CLR header", () => readClr(reader, headers), null),
    tlsCallbacks: part("TLS callbacks", () => readTlsCallbacks(reader, headers), []),
    anomalies: findAnomalies(headers, rich, bytes.length),
    errors,
  };
}

const MOST_CALLBACKS = 64;

function readTlsCallbacks(reader: Reader, headers: Headers): number[] {
  const directory = headers.directories[9];
  const at = directory && directory.rva !== 0 ? offsetOf(headers, directory.rva, reader.length) : null;
  if (at === null) return [];
  const width = headers.plus ? 8 : 4;
  const read = (place: number) => headers.plus ? reader.u64(place) : reader.u32(place);
  const table = offsetOf(headers, read(at + 3 * width) - headers.imageBase, reader.length);
  const callbacks: number[] = [];
  for (let place = table; place !== null && place + width <= reader.length; place += width) {
    const callback = read(place);
    if (callback === 0 || callbacks.length === MOST_CALLBACKS) break;
    callbacks.push(callback);
  }
  return callbacks;
}
