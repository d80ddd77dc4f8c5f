import { dirname, join, relative, sep } from "node:path";

const root = join(import.meta.dirname!, "..", "..");

/** Which rooms a room may import. The one place that says how arrows point. */
export const arrows: Readonly<Record<string, readonly string[]>> = {
  core: [],
  infra: ["core"],
  api: ["core", "infra"],
  worker: ["core", "infra"],
  analytics: ["core", "infra"],
  reports: ["core", "infra"],
  ui: ["core"],
  tests: ["core", "infra", "api", "worker", "analytics", "reports", "ui"],
};

/** Files that exist for tests may reach the test parts of `infra`, which its public face doesn't show. */
const forTests = /(_test|testing)\.ts$/;

/** Why a file may not import that; null where it may. */
export function refuse(file: string, specifier: string): string | null {
  const from = roomOf(file);
  if (from === null) return null;
  const aliased = /^@assay\/([^/]+)(\/.*)?$/.exec(specifier);
  const to = aliased
    ? aliased[1]!
    : specifier.startsWith(".")
    ? roomOf(join(dirname(file), specifier))
    : null;
  if (to === null || to === from) return null;
  if (from === "tests") return null;
  if (
    forTests.test(file) && (specifier === "@assay/infra/testing" || forTests.test(specifier)) &&
    to === "infra"
  ) {
    return null;
  }
  if (!arrows[from]!.includes(to)) {
    return `'${from}' may not import '${to}': it may import ${arrows[from]!.join(", ") || "nothing of ours"}`;
  }
  return aliased && !aliased[2]
    ? null
    : `Import '@assay/${to}' (its mod.ts) instead of a file inside '${to}'`;
}

function roomOf(file: string): string | null {
  const room = relative(root, file).split(sep)[0] ?? "";
  return room in arrows ? room : null;
}

const plugin: Deno.lint.Plugin = {
  name: "assay",
  rules: {
    arrows: {
      create(context) {
        const check = (
          node: { source?: Deno.lint.StringLiteral | Deno.lint.Expression | null } & Deno.lint.Node,
        ) => {
          const source = node.source;
          if (source?.type !== "Literal" || typeof source.value !== "string") return;
          const message = refuse(context.filename, source.value);
          if (message !== null) context.report({ node, message });
        };
        return {
          ImportDeclaration: check,
          ExportAllDeclaration: check,
          ExportNamedDeclaration: check,
          ImportExpression: check,
        };
      },
    },
    "no-markup-strings": {
      create(context) {
        const report = (node: Deno.lint.Node) =>
          context.report({
            node,
            message: "Markup from strings is banned: what a sample says is text, draw it with lit's html``",
          });
        return {
          'ImportSpecifier[imported.name="unsafeHTML"]': report,
          'ImportSpecifier[imported.name="unsafeSVG"]': report,
          'MemberExpression[property.name="innerHTML"]': report,
          'MemberExpression[property.name="outerHTML"]': report,
          'MemberExpression[property.name="insertAdjacentHTML"]': report,
        };
      },
    },
  },
};

/** The lint plugin: arrows between rooms, and no markup made of strings. */
export default plugin;
