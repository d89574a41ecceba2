declare global {
  var sessionAtEnd: (() => Promise<void>)[] | undefined;
}

/** Has something ended when all tests of a file of Jest's have (see environment.mjs), or a command of the tests is at its end. */
export function atEnd(end: () => Promise<void>): void {
  (globalThis.sessionAtEnd ??= []).push(end);
}

/** Ends what {@link atEnd} was told of. */
export async function endAll(): Promise<void> {
  for (const end of globalThis.sessionAtEnd?.splice(0) ?? []) await end();
}
