import type { Timestamp } from "@assay/core";

/** A file inside a PDF. */
export interface Attachment {
  /** Plain ASCII. */
  readonly name: string;
  readonly mediaType: string;
  readonly description: string;
  readonly text: string;
}

/** What a PDF is made from: a page and what only a PDF has. A renderer makes it, the service prints it. */
export interface PdfSource {
  readonly html: string;
  readonly title: string;
  /** Who signs it. */
  readonly author: string;
  /** The one time that stands in it, for creation and change. */
  readonly modified: Timestamp;
  /** What the places are called that the page's links lead to, by their ids. */
  readonly places: Readonly<Record<string, string>>;
  readonly attachment: Attachment | null;
}

/** A source as bytes. */
export function encodeSource(source: PdfSource): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(source));
}

/** What {@link encodeSource} was given. */
export function decodeSource(bytes: Uint8Array): PdfSource {
  return JSON.parse(new TextDecoder().decode(bytes)) as PdfSource;
}
