/** What every answer of the TAXII server is (TAXII 2.1, 1.6.8). */
export const TAXII = "application/taxii+json;version=2.1";
/** What the objects in its envelopes are. */
export const STIX = "application/stix+json;version=2.1";

/** True where a client that sends this `Accept` takes answers of TAXII 2.1. */
export function acceptsTaxii(header: string | undefined): boolean {
  if (header === undefined) return true;
  return header.slice(0, 1000).toLowerCase().split(",").some((range) => {
    const [type, ...parameters] = range.split(";").map((part) => part.trim());
    if (type === "*/*" || type === "application/*") return !isRefused(parameters);
    const version = parameters.find((one) => one.startsWith("version="))?.slice("version=".length);
    return type === "application/taxii+json" && !isRefused(parameters) &&
      (version === undefined || version.replaceAll('"', "") === "2.1");
  });
}

function isRefused(parameters: readonly string[]): boolean {
  return parameters.some((one) => /^q=0(\.0*)?$/.test(one));
}

/** An answer of TAXII. `text` is JSON. */
export function taxiiResponse(
  text: string,
  status: number = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(text, {
    status,
    headers: { ...headers, "content-type": TAXII, "cache-control": "no-store" },
  });
}
