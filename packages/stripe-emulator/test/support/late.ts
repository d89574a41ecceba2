/** How long a thing that tests need lives: a new one for each test, or one for all tests of the file. */
export type Lifetime = 'test' | 'file';

/**
 * What tests need, made before them and closed after them. It can be named and handed on at once, and is used as if it were
 * there already; inside a `describe` it lives as long as that.
 */
export function late<T extends object>(
  lifetime: Lifetime,
  make: () => Promise<T>,
  close: (made: T) => Promise<unknown> | void = () => undefined,
): T {
  let made: T | undefined;
  const present = (): T => {
    if (made === undefined)
      throw new Error(`It is made before the ${lifetime}, and used in a test or a hook.`);
    return made;
  };
  const [before, after] = lifetime === 'test' ? [beforeEach, afterEach] : [beforeAll, afterAll];
  before(async () => {
    made = await make();
  });
  after(async () => {
    if (made !== undefined) await close(made);
  });
  return new Proxy({} as T, {
    get: (_, name) => Reflect.get(present(), name) as unknown,
    set: (_, name, value) => Reflect.set(present(), name, value),
    has: (_, name) => Reflect.has(present(), name),
    getPrototypeOf: () => Reflect.getPrototypeOf(present()),
    ownKeys: () => Reflect.ownKeys(present()),
    getOwnPropertyDescriptor(_, name) {
      const descriptor = Reflect.getOwnPropertyDescriptor(present(), name);
      // A proxy may not call a property fixed that its own target does not have.
      return descriptor === undefined ? undefined : { ...descriptor, configurable: true };
    },
  });
}
