import { alterations, altering, explains, type Alteration } from './alterations';
import { compareAll, type Difference } from './compare';
import { emulatorSide, USUAL_ACCOUNT } from './sides';
import type { Story } from './stage';
import { tellAll, type ToldStory } from './tell';

/** What the comparison says of itself. */
export interface SelfCheck {
  /** Each way in which one emulator was altered, with what was found of it. */
  alterations: { name: string; found: Difference[] }[];
  /** Differences that no alteration makes. */
  unexplained: Difference[];
  /** Differences between two emulators that nobody has altered. */
  unaltered: Difference[];
  told: ToldStory[];
}

/** Compares an emulator with another one, and with one that is wrong in known ways: all of them have to be found, and nothing else. */
export async function checkSelf(
  stories: Story[],
  progress: (line: string) => void = () => undefined,
  chosen: Alteration[] = alterations.filter(({ story }) => stories.some(({ name }) => name === story)),
): Promise<SelfCheck> {
  const told = await tellAll(emulatorSide('emulator', USUAL_ACCOUNT), stories, progress);
  const same = await tellAll(emulatorSide('the same', USUAL_ACCOUNT), stories, progress);
  const altered = await tellAll(emulatorSide('altered', USUAL_ACCOUNT, altering(chosen)), stories, progress);
  const differences = compareAll(told, altered);
  return {
    alterations: chosen.map((alteration) => ({
      name: alteration.name,
      found: differences.filter((difference) => explains(alteration, difference)),
    })),
    unexplained: differences.filter((difference) => !chosen.some((one) => explains(one, difference))),
    unaltered: compareAll(told, same),
    told,
  };
}

/** Whether everything was found, and nothing that is not there. */
export function passed({ alterations: tried, unexplained, unaltered }: SelfCheck): boolean {
  return tried.every(({ found }) => found.length > 0) && unexplained.length + unaltered.length === 0;
}
