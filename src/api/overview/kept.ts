/** Milliseconds that large figures are shown before they are counted again. */
const KEPT_FOR = 10_000;

/**
 * Figures that take long to count are counted once in a while, and shown meanwhile as they were.
 * @param isLarge whether counting took long; what is not is counted each time.
 */
export function keepLarge<T>(isLarge: (figures: T) => boolean) {
  const kept = new Map<string, { figures: T; until: number }>();
  return async (whose: string, count: () => Promise<T>): Promise<T> => {
    const present = kept.get(whose);
    if (present !== undefined && present.until > performance.now()) return present.figures;
    const figures = await count();
    if (isLarge(figures)) kept.set(whose, { figures, until: performance.now() + KEPT_FOR });
    else kept.delete(whose);
    return figures;
  };
}
