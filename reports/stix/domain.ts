import { domainToASCII, domainToUnicode } from "node:url";

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
/** Letters, marks and digits that IDNA 2008 lets into names; never capitals, symbols or emoji. */
const UNICODE_LABEL = /^[\p{Ll}\p{Lo}\p{Lm}\p{Mn}\p{Mc}\p{Nd}-]+$/u;

/** True for a valid host name, internationalised ones too (RFC 1123, RFC 5891): the format `idn-hostname` of JSON Schema. */
export function isHostName(name: string): boolean {
  if (name.length === 0 || name.length > 253) return false;
  return name.split(".").every(isLabel);
}

function isLabel(label: string): boolean {
  if (!/^[\x21-\x7e]+$/.test(label)) return UNICODE_LABEL.test(label) && isEncoded(domainToASCII(label));
  if (!LABEL.test(label)) return false;
  return label.slice(2, 4) !== "--" || isEncoded(label.toLowerCase());
}

function isEncoded(label: string): boolean {
  if (!label.startsWith("xn--") || label.length > 63) return false;
  const decoded = domainToUnicode(label);
  return decoded !== label && UNICODE_LABEL.test(decoded) && domainToASCII(decoded) === label;
}
