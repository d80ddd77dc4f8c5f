/** Headers that make a browser save the file and never open it. The name is ours, not the submitter's. */
export function attachment(name: string, type: string): Record<string, string> {
  return {
    "content-type": type,
    "content-disposition": `attachment; filename="${name}"`,
    "content-security-policy": "sandbox; default-src 'none'",
    "x-download-options": "noopen",
  };
}
