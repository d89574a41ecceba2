/**
 * Something that the person at the keyboard can mend: a busy port, a missing tool, a bad variable. Its message is one
 * sentence that says what to do, and it is shown without a stack trace.
 */
export class LocalError extends Error {
  override readonly name = 'LocalError';
}
