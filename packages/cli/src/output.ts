/** What a command says: for people on a line each, or with `--json` for programs. Errors go to standard error. */
export class Output {
  constructor(
    private readonly asJson: boolean,
    private readonly write: (text: string) => void = (text) => process.stdout.write(text),
  ) {}

  /** One answer: whole as JSON, or the lines that people read. */
  answer(value: unknown, lines: readonly string[]): void {
    this.write(
      this.asJson ? `${JSON.stringify(value, null, 2)}\n` : lines.map((line) => `${line}\n`).join(''),
    );
  }

  /** One of many that follow: a line in either case. */
  line(value: unknown, text: string): void {
    this.write(`${this.asJson ? JSON.stringify(value) : text}\n`);
  }
}

/** Columns, as wide as what is in them. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (known, row) => row.map((cell, column) => Math.max(known[column] ?? 0, cell.length)),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
