/** Splits a byte stream into lines of text; longer ones than `maxLength` characters are cut into several. */
export async function* readLines(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  maxLength = 16_384,
): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    rest += chunk;
    let from = 0;
    for (let to = rest.indexOf("\n"); to >= 0; to = rest.indexOf("\n", from)) {
      yield* cut(rest.slice(from, to), maxLength);
      from = to + 1;
    }
    rest = rest.slice(from);
    while (rest.length > maxLength) {
      yield rest.slice(0, maxLength);
      rest = rest.slice(maxLength);
    }
  }
  if (rest !== "") yield* cut(rest, maxLength);
}

function* cut(line: string, maxLength: number): Generator<string> {
  const text = line.endsWith("\r") ? line.slice(0, -1) : line;
  for (let from = 0; from === 0 || from < text.length; from += maxLength) {
    yield text.slice(from, from + maxLength);
  }
}
