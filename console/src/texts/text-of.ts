/** A text by a code that the API gave; the fallback where the code is newer than this console. */
export function textOf(texts: Record<string, string>, code: string, fallback: string): string {
  return texts[code] ?? fallback;
}
