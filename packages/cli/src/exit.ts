/** How the command ends; `session --help` says the same. */
export const EXIT = { done: 0, failed: 1, usage: 2, unreachable: 3, no: 4 } as const;

/** What somebody can mend: its sentence is all that is shown. */
export class CommandError extends Error {
  constructor(
    message: string,
    readonly exitCode: number = EXIT.failed,
  ) {
    super(message);
  }
}
