/** Which keys of a table have a text in one of their fields. */
export class TableIndex {
  /** A single key is kept without a set: most texts have one. */
  private readonly filed = new Map<string, string | Set<string>>();

  constructor(
    readonly name: string,
    private readonly read: (value: unknown) => string | readonly string[] | null | undefined,
  ) {}

  /** In the order in which they were filed here. */
  keys(text: string): Iterable<string> {
    const filed = this.filed.get(text);
    return filed === undefined ? [] : typeof filed === 'string' ? [filed] : filed;
  }

  texts(): Iterable<string> {
    return this.filed.keys();
  }

  /** A key's value changes; undefined stands for no value. */
  move(key: string, before: unknown, after: unknown): void {
    const from = this.textsIn(before);
    const to = this.textsIn(after);
    for (const text of from) if (!to.includes(text)) this.drop(text, key);
    for (const text of to) if (!from.includes(text)) this.file(text, key);
  }

  private textsIn(value: unknown): readonly string[] {
    const texts = value === undefined ? undefined : this.read(value);
    return typeof texts === 'string' ? [texts] : (texts ?? []);
  }

  private file(text: string, key: string): void {
    const filed = this.filed.get(text);
    if (filed === undefined) this.filed.set(text, key);
    else if (typeof filed === 'string') this.filed.set(text, new Set([filed, key]));
    else filed.add(key);
  }

  private drop(text: string, key: string): void {
    const filed = this.filed.get(text);
    if (filed === key) this.filed.delete(text);
    if (!(filed instanceof Set)) return;
    filed.delete(key);
    if (filed.size === 0) this.filed.delete(text);
  }
}
