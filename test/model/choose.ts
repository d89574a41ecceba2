import type { Time } from './causes';
import { commandOf, type CommandName } from './commands';
import type { Reference } from './reference';
import type { Step } from './sequences';
import type { World } from './world';

/** Seconds: nothing that changes anything lies so near to a moment at which answers are compared. */
const MARGIN = 300;

/** What is to be done, decided by the reference alone. */
export interface Choice {
  command: CommandName;
  words: string;
  /** Done to the reference. */
  apply(model: Reference): void;
  perform(world: World, model: Reference): Promise<void>;
  until: Time | null;
  isLossless: boolean;
  looks: boolean;
}

/** The step with one of its targets; null when it cannot happen now. */
export function choose({ command, pick }: Step, model: Reference, blind: boolean): Choice | null {
  const { needsSight, targets, words, apply, perform, until, looks, reliable } = commandOf(command);
  if (blind && needsSight === true) return null;
  const all = targets(model);
  if (all.length === 0) return null;
  const target = all[pick % all.length];
  return {
    command,
    words: words(target),
    apply: (present) => apply(target, present),
    perform: (world, present) => perform(target, world, present),
    until: until === undefined ? null : quietMoment(model, until(target, model)),
    isLossless: reliable === true,
    looks: looks?.(target) ?? false,
  };
}

/** The first moment from then on, near which nothing changes: the clocks of the two sides differ by seconds. */
function quietMoment(model: Reference, from: Time): Time {
  const at = (time: Time) => {
    const then = model.clone();
    then.advanceTo(time);
    return JSON.stringify([[...then.holders()], then.causes]);
  };
  for (let moment = from; ; moment += 3 * MARGIN)
    if (at(moment - MARGIN) === at(moment + MARGIN)) return moment;
}
