/** What `deno task assay <verb>` runs: a file a verb, each in a process with that verb's permissions. */
export interface Verb {
  readonly name: string;
  /** One line for the list of verbs. */
  readonly about: string;
  /** Arguments it takes, as shown. */
  readonly usage: string;
  /** Beside this file. */
  readonly file: string;
  /** Deno's permission flags. */
  readonly permissions: readonly string[];
}

/** Reading the configuration and what `up` keeps in its data folder. */
export const readsConfig = ["--allow-read", "--allow-env", "--allow-sys=uid"];

/** The verbs, in the order they are listed. */
export const verbs: readonly Verb[] = [
  {
    name: "up",
    about: "Start everything, installing what is missing",
    usage: "[--port N] [--data DIR] [--config FILE] [--demo] [--maintenance]",
    file: "up.ts",
    // What it starts has its own, least permissions; to start it, this one has to run programs.
    permissions: [
      "--allow-read",
      "--allow-write",
      "--allow-run",
      "--allow-env",
      "--allow-net",
      "--allow-sys",
    ],
  },
  {
    name: "scan",
    about: "Submit files and folders; with --wait print a line as each report arrives",
    usage: "PATH… [--wait] [--resume] [--preset NAME] [--format table|ndjson]",
    file: "scan.ts",
    permissions: [...readsConfig, "--allow-net", "--allow-write"],
  },
  {
    name: "search",
    about: "Find samples or reports; '-' reads the query, or a list of hashes, from standard input",
    usage: "QUERY… [--scope samples|reports] [--size N | --all] [--format table|ndjson|csv|hashes]",
    file: "search.ts",
    permissions: [...readsConfig, "--allow-net"],
  },
  {
    name: "export",
    about:
      "Fetch a report, a sample's newest, or many, to hand them on; '-' or no file writes to standard output",
    usage:
      "REPORT|SHA256|--query Q|--submission ID|--list NAME --format NAME [--joined] [--output FILE|-] [--force]",
    file: "export.ts",
    // The file is whoever asks' to choose.
    permissions: [...readsConfig, "--allow-net", "--allow-write"],
  },
  {
    name: "import",
    about: "Import what a partner sent: a STIX bundle, a list of hashes, a table",
    usage: "stix|text|csv|known FILE --source NAME [--tlp LEVEL] [--verdict good|bad] [--strict] [--dry-run]",
    file: "import.ts",
    permissions: [...readsConfig, "--allow-net"],
  },
  {
    name: "status",
    about: "Tell whether everything is ready and how many tasks are in which state",
    usage: "[--server URL] [--key KEY]",
    file: "status.ts",
    permissions: [...readsConfig, "--allow-net"],
  },
  {
    name: "doctor",
    about: "Check tools, servers and modules, and say how to install what is missing",
    usage: "[--data DIR] [--config FILE]",
    file: "doctor.ts",
    permissions: [...readsConfig, "--allow-net", "--allow-run"],
  },
  {
    name: "config",
    about: "Print the configuration in force, secrets masked",
    usage: "[--config FILE]",
    file: "config.ts",
    permissions: readsConfig,
  },
  {
    name: "migrate",
    about: "Bring the database to this version",
    usage: "[--data DIR] [--config FILE]",
    file: "migrate.ts",
    permissions: [...readsConfig, "--allow-net"],
  },
  {
    name: "reindex",
    about: "Fill a new index with this version's mapping, while everything goes on",
    usage: "[--dry-run] [--force] [--drop-old]",
    file: "reindex.ts",
    permissions: [...readsConfig, "--allow-net", "--allow-sys=uid,osRelease"],
  },
  {
    name: "retention",
    about: "Take away what the rules of the configuration say is old; --dry-run tells what that is",
    usage: "[--dry-run] [--list N]",
    file: "retention.ts",
    permissions: [...readsConfig, "--allow-net"],
  },
  {
    name: "snapshot",
    about: "Keep database and indices in a folder, or put them back",
    usage: "create [NAME] | list | restore NAME [--replace] | delete NAME [--repository DIR]",
    file: "snapshot.ts",
    // The folder is the configuration's to say.
    permissions: [...readsConfig, "--allow-net", "--allow-write", "--allow-sys=uid,osRelease"],
  },
];
