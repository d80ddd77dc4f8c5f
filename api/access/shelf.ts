import type { ShelfRefusal } from "@assay/infra";
import { ProblemError } from "../problem/problem.ts";

/** The problem that a refused change of a list or a saved search is. `what`, e.g. `list '01J…'`. */
export function refusedShelf(why: ShelfRefusal, what: string, name = ""): ProblemError {
  switch (why) {
    case "not-found":
      return new ProblemError("not-found", `Cannot find ${what}`);
    case "not-owner":
      return new ProblemError("not-owner", `Cannot change ${what}: it is another key's`);
    case "name-taken":
      return new ProblemError("name-taken", `Cannot name ${what} '${name}': another one has that name`);
  }
}
