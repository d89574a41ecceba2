/**
 * The shortest list that still fails, as far as trying goes: parts are left out, ever smaller ones, until nothing can be
 * left out any more. Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing Input (ddmin).
 * @param fails plays with these faults; true: something is still violated
 * @param most so many times at most
 */
export async function shrink<T>(
  faults: readonly T[],
  fails: (some: readonly T[]) => Promise<boolean>,
  most = 60,
): Promise<readonly T[]> {
  let shortest = faults;
  let parts = 2;
  let tries = 0;
  while (shortest.length > 0 && tries < most) {
    const size = Math.ceil(shortest.length / parts);
    let isShorter = false;
    for (let from = 0; from < shortest.length && tries < most; from += size) {
      const rest = [...shortest.slice(0, from), ...shortest.slice(from + size)];
      tries += 1;
      if (!(await fails(rest))) continue;
      shortest = rest;
      parts = Math.max(2, parts - 1);
      isShorter = true;
      break;
    }
    if (isShorter) continue;
    if (size === 1) break;
    parts = Math.min(shortest.length, parts * 2);
  }
  return shortest;
}
