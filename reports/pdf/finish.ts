import {
  AFRelationship,
  decodePDFRawStream,
  PDFArray,
  PDFDict,
  PDFDocument,
  PDFHexString,
  PDFName,
  type PDFObject,
  type PDFPage,
  PDFRawStream,
  PDFRef,
} from "@cantoo/pdf-lib";
import { createHash } from "node:crypto";
import { markArtifacts } from "./artifacts.ts";
import { writeMetadata } from "./metadata.ts";
import type { PdfSource } from "./source.ts";
import { mendStructure } from "./structure.ts";

/**
 * What Chromium printed, made a PDF/UA-1 that depends on its source alone: structure mended, what isn't tagged marked as artifact, links told,
 * names and dates of the source, the attachment inside.
 */
export async function finishPdf(printed: Uint8Array, source: PdfSource): Promise<Uint8Array<ArrayBuffer>> {
  const pdf = await PDFDocument.load(printed, { updateMetadata: false, parseSpeed: Infinity });
  const root = pdf.catalog.lookup(PDFName.of("StructTreeRoot"), PDFDict);
  mendStructure(pdf.context, root);
  mendUnicode(pdf);
  for (const page of pdf.getPages()) {
    mendContent(page);
    tellLinks(page, source.places);
    page.node.set(PDFName.of("Tabs"), PDFName.of("S"));
  }
  writeMetadata(pdf, source);
  if (source.attachment !== null) {
    const { name, mediaType, description, text } = source.attachment;
    const date = new Date(source.modified);
    await pdf.attach(new TextEncoder().encode(text), name, {
      mimeType: mediaType,
      description,
      creationDate: date,
      modificationDate: date,
      afRelationship: AFRelationship.Data,
    });
  }
  const id = PDFHexString.of(createHash("sha256").update(JSON.stringify(source)).digest("hex").slice(0, 32));
  pdf.context.trailerInfo.ID = pdf.context.obj([id, id]);
  return await pdf.save({
    useObjectStreams: false,
    addDefaultPage: false,
    updateFieldAppearances: false,
    objectsPerTick: Infinity,
  }) as Uint8Array<ArrayBuffer>;
}

/**
 * Glyphs that stand for several characters have none of their own, which Chromium writes as U+0000 and PDF/UA forbids; the characters
 * stand beside them in the content (`ActualText`).
 */
function mendUnicode({ context }: PDFDocument): void {
  const mended = new Set<PDFObject>();
  for (const [, font] of context.enumerateIndirectObjects()) {
    const ref = font instanceof PDFDict ? font.get(PDFName.of("ToUnicode")) : undefined;
    const map = context.lookup(ref);
    if (!(ref instanceof PDFRef) || !(map instanceof PDFRawStream) || mended.has(ref)) continue;
    mended.add(ref);
    const text = new TextDecoder("latin1").decode(decodePDFRawStream(map).decode());
    if (!text.includes("<0000>\n")) continue;
    context.assign(ref, context.flateStream(text.replace(/^(<[0-9A-F]+>) <0000>$/gm, "$1 <FFFD>")));
  }
}

function mendContent({ node, doc: { context } }: PDFPage): void {
  const contents = node.get(PDFName.of("Contents"));
  const list = context.lookup(contents);
  const streams = list instanceof PDFArray ? list.asArray().map((one) => context.lookup(one)) : [list];
  const pieces = streams.filter((one) => one instanceof PDFRawStream).map((one) =>
    decodePDFRawStream(one).decode()
  );
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length + 1, 0)).fill(10);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length + 1;
  }
  for (const ref of [contents, ...list instanceof PDFArray ? list.asArray() : []]) {
    if (ref instanceof PDFRef) context.delete(ref);
  }
  node.set(PDFName.of("Contents"), context.register(context.flateStream(markArtifacts(whole))));
}

/** Says of each link where it leads, for those who can't see it. */
function tellLinks({ node }: PDFPage, places: Readonly<Record<string, string>>): void {
  const annotations = node.Annots();
  for (let i = 0; annotations !== undefined && i < annotations.size(); i++) {
    const annotation = annotations.lookup(i, PDFDict);
    if (annotation.get(PDFName.of("Subtype")) !== PDFName.of("Link")) continue;
    const place = annotation.lookup(PDFName.of("Dest"));
    const id = place instanceof PDFName ? place.decodeText() : "";
    annotation.set(
      PDFName.of("Contents"),
      PDFHexString.fromText(`Go to ${places[id] ?? "another place of this document"}`),
    );
  }
}
