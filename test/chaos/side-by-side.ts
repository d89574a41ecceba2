/** Works through all of them, so many at once; the results in their order. */
export async function sideBySide<T, R>(
  all: readonly T[],
  count: number,
  work: (one: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const left = all.entries();
  const lane = async () => {
    for (const [index, one] of left) results[index] = await work(one);
  };
  await Promise.all(Array.from({ length: count }, lane));
  return results;
}
