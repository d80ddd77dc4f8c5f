import { fullFormats } from "ajv-formats/dist/formats.js";
import { isIPv6 } from "node:net";
import { domainToASCII, domainToUnicode } from "node:url";

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
/** Letters, marks and digits that IDNA 2008 lets into names; never capitals, symbols or emoji. */
const UNICODE_LABEL = /^(?!-|..--|\p{M})[\p{Ll}\p{Lo}\p{Lm}\p{M}\p{Nd}-]+(?<!-)$/u;
/** Scripts written from right to left have rules of their own for what may stand beside them (RFC 5893). */
const FROM_RIGHT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;
const ALL_FROM_RIGHT =
  /^(?:[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}](?!\p{Nd})|\p{M})+$/u;

/** True for a valid host name, internationalised ones too (RFC 1123, RFC 5891): the format `idn-hostname` of JSON Schema. */
export function isHostName(name: string): boolean {
  if (name.length === 0 || name.length > 253) return false;
  return name.split(".").every(isLabel);
}

function isLabel(label: string): boolean {
  if (!/^[\x21-\x7e]+$/.test(label)) return isUnicodeLabel(label) && isEncoded(domainToASCII(label));
  if (!LABEL.test(label)) return false;
  return label.slice(2, 4) !== "--" || isEncoded(label.toLowerCase());
}

function isUnicodeLabel(label: string): boolean {
  if (!UNICODE_LABEL.test(label) || label.normalize("NFC") !== label) return false;
  return !FROM_RIGHT.test(label) || ALL_FROM_RIGHT.test(label);
}

function isEncoded(label: string): boolean {
  if (!label.startsWith("xn--") || label.length > 63) return false;
  const decoded = domainToUnicode(label);
  return decoded !== label && isUnicodeLabel(decoded) && domainToASCII(decoded) === label;
}

/** True for a URI (RFC 3986): the format `uri`, whose usual expression lets a host have colons and a port have letters. */
export function isUri(text: string): boolean {
  if (!(fullFormats.uri as (text: string) => boolean)(text)) return false;
  const authority = /^[^/?#]+:\/\/([^/?#]*)/.exec(text)?.[1];
  if (authority === undefined) return true;
  const host = /^(?:[^@[\]]*@)?(?:\[([^\]]+)\]|[^:@[\]]*)(?::\d*)?$/.exec(authority);
  return host !== null && (host[1] === undefined || isIPv6(host[1]));
}

/** True for an address of mail: narrower than mail allows, as narrow as OASIS's own validator. */
export function isEmail(text: string): boolean {
  return text.length <= 320 && /^[a-z0-9_.+-]+@[a-z0-9-]+\.[a-z0-9.-]+$/i.test(text);
}
