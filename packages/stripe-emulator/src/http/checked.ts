/** The literals of a union of texts. */
type Literals<T> = T extends string ? (string extends T ? never : T) : never;
/** The open texts of a union. */
type Open<T> = T extends string ? (string extends T ? T : never) : never;
type Texts<T> = [Literals<T>] extends [never] ? Open<T> : Literals<T>;
type Others<T> = T extends string | null
  ? never
  : T extends (infer I)[]
    ? Checked<I>[]
    : T extends object
      ? { [K in keyof T]: Checked<T[K]> }
      : T;

/**
 * The official client's parameter types after the check against the specification: enumerations are closed (the client
 * leaves them open for later versions), and nothing is null (a form cannot say null).
 */
export type Checked<T> = Texts<T> | Others<T>;
