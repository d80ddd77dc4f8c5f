import { PAGE_POLICY } from "../headers/security.ts";
import type { Asset } from "./assets.ts";

/** Answers with a file, or with 304 where the client has it already. */
export function serveAsset(
  request: Request,
  asset: Asset,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const all = {
    "content-type": asset.type,
    "content-security-policy": PAGE_POLICY,
    "cache-control": "no-cache",
    etag: asset.etag,
    ...headers,
  };
  if (matches(request.headers.get("if-none-match"), asset.etag)) {
    return new Response(null, { status: 304, headers: all });
  }
  return new Response(request.method === "HEAD" ? null : asset.bytes, {
    headers: { ...all, "content-length": String(asset.bytes.length) },
  });
}

/** True where an `If-None-Match` header names that entity tag (RFC 9110, 13.1.2: weak comparison). */
export function matches(header: string | null, etag: string): boolean {
  return tagsOf(header).some((tag) => tag === "*" || tag === bare(etag));
}

/** The entity tags of an `If-None-Match` header, at most fifty, without what makes them weak; `*` stands for any. */
export function tagsOf(header: string | null): string[] {
  return header === null ? [] : header.slice(0, 2000).split(",").slice(0, 50).map(bare);
}

function bare(tag: string): string {
  return tag.trim().replace(/^W\//, "").slice(0, 200);
}
