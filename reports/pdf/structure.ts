import {
  PDFArray,
  type PDFContext,
  PDFDict,
  PDFHexString,
  PDFName,
  PDFNumber,
  type PDFObject,
  PDFRef,
  PDFString,
} from "@cantoo/pdf-lib";

/** Standard types of structure (ISO 32000-1, 14.8.4). */
const STANDARD: ReadonlySet<string> = new Set(
  ("Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6 L LI Lbl LBody Table TR TH TD " +
    "THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot Ruby RB RT RP Warichu WT WP Figure Formula Form")
    .split(" "),
);

/** What Chromium calls otherwise, by what a reader of PDF knows; inline text where nothing is nearer. */
const ROLES: Readonly<Record<string, string>> = {
  Strong: "Span",
  Em: "Span",
  Title: "P",
  Sub: "Span",
  Aside: "Note",
};

/** Makes the tree of structure what PDF/UA wants: known roles, items of lists that have a body, ids that only depend on the document. */
export function mendStructure(context: PDFContext, root: PDFDict): void {
  mapRoles(context, root);
  for (const [ref, element] of elements(context)) {
    if (element.get(S) === PDFName.of("LI")) wrapItem(context, root, ref, element);
  }
  renameIds(context, root);
}

const S = PDFName.of("S");
const K = PDFName.of("K");
const P = PDFName.of("P");
const PG = PDFName.of("Pg");
const ID = PDFName.of("ID");
const TYPE = PDFName.of("Type");
const STRUCT_ELEM = PDFName.of("StructElem");

/** Elements of structure, in the order in which they stand in the file. */
export function elements(context: PDFContext): [PDFRef, PDFDict][] {
  return context.enumerateIndirectObjects().filter((entry): entry is [PDFRef, PDFDict] =>
    entry[1] instanceof PDFDict && entry[1].get(TYPE) === STRUCT_ELEM
  );
}

function mapRoles(context: PDFContext, root: PDFDict): void {
  const used = new Set(elements(context).map(([, element]) => element.lookup(S, PDFName).decodeText()));
  const foreign = [...used].filter((name) => !STANDARD.has(name)).sort();
  root.set(
    PDFName.of("RoleMap"),
    context.obj(Object.fromEntries(foreign.map((name) => [name, PDFName.of(ROLES[name] ?? "Span")]))),
  );
}

/** `LI` may hold a label and a body only: what else is in it goes into a body. */
function wrapItem(context: PDFContext, root: PDFDict, ref: PDFRef, item: PDFDict): void {
  const kids = kidsOf(item);
  const allowed = (kid: PDFObject) => {
    const kind = kid instanceof PDFRef ? context.lookupMaybe(kid, PDFDict)?.get(S) : undefined;
    return kind === PDFName.of("Lbl") || kind === PDFName.of("LBody");
  };
  const rest = kids.filter((kid) => !allowed(kid));
  if (rest.length === 0) return;
  const body = context.obj({ Type: STRUCT_ELEM, S: PDFName.of("LBody"), P: ref, K: rest }) as PDFDict;
  const page = item.get(PG);
  if (page !== undefined) body.set(PG, page);
  const bodyRef = context.register(body);
  item.set(K, context.obj([...kids.filter(allowed), bodyRef]));
  for (const kid of rest) {
    if (kid instanceof PDFRef) context.lookupMaybe(kid, PDFDict)?.set(P, bodyRef);
    else if (kid instanceof PDFNumber) reparent(root, page, kid.asNumber(), ref, bodyRef);
  }
}

function kidsOf(element: PDFDict): PDFObject[] {
  const kids = element.get(K);
  const list = element.context.lookup(kids);
  return list instanceof PDFArray ? list.asArray() : kids === undefined ? [] : [kids];
}

/** The tree of parents names the element of each piece of marked content; it has to name the new one. */
function reparent(root: PDFDict, page: PDFObject | undefined, mark: number, from: PDFRef, to: PDFRef): void {
  const { context } = root;
  const key = context.lookupMaybe(page, PDFDict)?.lookupMaybe(PDFName.of("StructParents"), PDFNumber)
    ?.asNumber();
  for (const [number, parents] of numberTree(root.lookupMaybe(PDFName.of("ParentTree"), PDFDict))) {
    if (number !== key || !(parents instanceof PDFArray)) continue;
    if (parents.get(mark) === from) parents.set(mark, to);
  }
}

function* numberTree(node: PDFDict | undefined): Generator<[number, PDFObject | undefined]> {
  if (node === undefined) return;
  const { context } = node;
  const numbers = node.lookupMaybe(PDFName.of("Nums"), PDFArray);
  for (let i = 0; numbers !== undefined && i + 1 < numbers.size(); i += 2) {
    yield [numbers.lookup(i, PDFNumber).asNumber(), context.lookup(numbers.get(i + 1))];
  }
  const kids = node.lookupMaybe(PDFName.of("Kids"), PDFArray);
  for (let i = 0; kids !== undefined && i < kids.size(); i++) yield* numberTree(kids.lookup(i, PDFDict));
}

/**
 * Chromium names elements by counters of its process, which have counted other documents too. Here they are counted anew, in the same
 * order, so that the same document has the same names.
 */
function renameIds(context: PDFContext, root: PDFDict): void {
  const names = new Map<string, PDFString>();
  const known = elements(context).map(([, element]) => element.get(ID)).filter((id) => id !== undefined);
  for (const id of known.map(textOf).sort()) {
    names.set(id, PDFString.of(`node${String(names.size + 1).padStart(8, "0")}`));
  }
  const rename = (value: PDFObject | undefined): PDFObject | undefined =>
    isText(value) ? names.get(textOf(value)) ?? value : value;
  const renameAll = (list: PDFObject | undefined): void => {
    if (!(list instanceof PDFArray)) return;
    for (let i = 0; i < list.size(); i++) list.set(i, rename(list.get(i))!);
  };
  for (const [, element] of elements(context)) {
    const id = element.get(ID);
    if (id !== undefined) element.set(ID, rename(id)!);
    const attributes = element.lookup(PDFName.of("A"));
    const each = attributes instanceof PDFArray ? attributes.asArray() : [attributes];
    for (const attribute of each) {
      const dictionary = context.lookup(attribute);
      if (dictionary instanceof PDFDict) renameAll(dictionary.lookup(PDFName.of("Headers")));
    }
  }
  const visit = (node: PDFDict | undefined): void => {
    if (node === undefined) return;
    renameAll(node.lookup(PDFName.of("Names")));
    renameAll(node.lookup(PDFName.of("Limits")));
    const kids = node.lookupMaybe(PDFName.of("Kids"), PDFArray);
    for (let i = 0; kids !== undefined && i < kids.size(); i++) visit(kids.lookup(i, PDFDict));
  };
  visit(root.lookupMaybe(PDFName.of("IDTree"), PDFDict));
}

function isText(value: PDFObject | undefined): value is PDFString | PDFHexString {
  return value instanceof PDFString || value instanceof PDFHexString;
}

function textOf(value: PDFObject): string {
  return isText(value) ? value.decodeText() : "";
}
