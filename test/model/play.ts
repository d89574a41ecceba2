import { commandOf, type CommandName } from './commands';
import { SMOOTH } from './network';
import { randomOf } from './random';
import { type Pair, PAIRS, Reference, type Time } from './reference';
import type { Sequence, Step } from './sequences';
import type { Stage } from './stage';
import { World } from './world';

/** Steps that did something, after which a sequence has said enough. */
export const ENOUGH = 11;
/** Seconds: nothing that changes anything lies so near to a moment at which answers are compared. */
const MARGIN = 300;
/** Seconds: the Schedule's sweep comes every half hour, and here before anything else changes. */
const UNTIL_SWEEP = 60;

/** What a played sequence was, in words, and what it counted. */
export interface Played {
  steps: { command: CommandName; step: Step; words: string }[];
  events: { repeated: number; shuffled: number; lost: number };
  /** Null: product and reference agreed to the end. */
  mismatch: string | null;
}

/** What is to be done, decided by the reference alone. */
interface Choice {
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
function choose({ command, pick }: Step, model: Reference, blind: boolean): Choice | null {
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

/** Plays the reference alone: which steps would do something. */
export function rehearse({ policy, billing, steps }: Sequence): CommandName[] {
  const model = new Reference(1_800_000_000, policy, billing);
  const done: CommandName[] = [];
  for (const step of steps) {
    if (done.length === ENOUGH) break;
    const choice = choose(step, model, false);
    if (choice === null) continue;
    choice.apply(model);
    if (choice.until !== null) model.advanceTo(choice.until);
    done.push(choice.command);
  }
  return done;
}

/** Plays a sequence on the real product, comparing after every step who has access with who should. */
export async function play(stage: Stage, sequence: Sequence): Promise<Played> {
  const played: Played = { steps: [], events: { repeated: 0, shuffled: 0, lost: 0 }, mismatch: null };
  const [first] = sequence.steps;
  let random = randomOf(first?.seed ?? 0);
  const world = await World.open(stage, sequence.policy, sequence.billing, () => random());
  const model = new Reference(await world.now(), sequence.policy, sequence.billing);
  let blind = false;
  let missed = false;
  let sure = giving(model);
  try {
    for (const step of sequence.steps) {
      if (played.steps.length === ENOUGH) break;
      const choice = choose(step, model, blind);
      if (choice === null) continue;
      random = randomOf(step.seed);
      const accident = choice.isLossless ? { ...step.accident, lost: 'none' as const } : step.accident;
      const { command, words } = choice;
      played.steps.push({ command, step, words: `${words}${wordsOf(accident)}` });
      world.accident = accident;
      world.lost = 0;

      await choice.perform(world, model);
      choice.apply(model);
      if (choice.until === null) await world.comeToRest();
      else {
        const wasBlind = blind;
        const sweeping = () => wasBlind || world.lost > 0;
        if (wasBlind) {
          await world.moveTo(model.now + UNTIL_SWEEP, sweeping);
          await world.reconcile();
        }
        await world.moveTo(choice.until, sweeping);
      }
      model.advanceTo(Math.max(await world.now(), choice.until ?? 0), () => {
        const present = giving(model);
        sure = new Set([...sure].filter((number) => present.has(number)));
      });
      if (choice.until !== null) {
        if (blind || world.lost > 0) {
          world.accident = SMOOTH;
          await world.reconcile();
          await world.comeToRest();
        }
        blind = false;
      } else if (world.lost > 0 && !choice.looks) blind = true;
      // What came back while nobody listened is told by Stripe's list alone: nothing here is open any more.
      if (command === 'refundFailed' && !model.connected) missed = true;
      if (command === 'reconnect') {
        blind = missed;
        missed = false;
      }

      count(played, accident, world.lost);
      // Who never had a reason can have gained access only by somebody else's: one of them is asked about each time.
      const strangers = PAIRS.filter((pair) => !model.everHad(pair));
      const asked = [...PAIRS.filter((pair) => model.everHad(pair)), ...strangers.slice(0, 1)];
      const problem = await compare(world, model, blind ? sure : null, asked);
      if (problem !== null) {
        played.mismatch = `${problem}\n${await world.describe()}`;
        break;
      }
      if (!blind) sure = giving(model);
    }
  } catch (error) {
    played.mismatch = `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n${await world.describe()}`;
  } finally {
    world.leave();
  }
  return played;
}

/** The causes that give access now, by number. */
function giving(model: Reference): Set<number> {
  return new Set(model.causes.filter((cause) => model.gives(cause)).map(({ number }) => number));
}

/**
 * In words, where the product's answer is not the reference's. While events are missing (`sure` is given) the product
 * may lag, but nobody who never had a reason has access, and what has given access all along still does.
 */
async function compare(
  world: World,
  model: Reference,
  sure: ReadonlySet<number> | null,
  pairs: readonly Pair[],
): Promise<string | null> {
  const answers = await Promise.all(pairs.map(async (pair) => ({ pair, ...(await world.access(pair)) })));
  for (const { pair, access, reason, until } of answers) {
    const should = model.access(pair);
    const isSure = model.causes.some(
      (cause) => `${cause.member} ${cause.product}` === pair && sure?.has(cause.number) === true,
    );
    const isWrong =
      sure === null ? access !== should : (access && !model.everHad(pair)) || (!access && isSure);
    if (isWrong)
      return (
        `${pair}: the product says ${access ? 'access' : 'no access'} (${reason}, until ${until ?? 'no end'}), ` +
        `the reference says ${should ? 'access' : 'no access'}, at ${new Date(model.now * 1000).toISOString()}` +
        `\n  ${model.causes.map((cause) => JSON.stringify(cause)).join('\n  ')}`
      );
  }
  return null;
}

function count({ events }: Played, accident: Sequence['steps'][number]['accident'], lost: number): void {
  if (accident.repeated) events.repeated += 1;
  if (accident.order === 'shuffled') events.shuffled += 1;
  if (lost > 0) events.lost += 1;
}

function wordsOf({ order, repeated, lost }: Step['accident']): string {
  const parts = [
    ...(lost === 'none' ? [] : [lost === 'all' ? 'all events lost' : 'some events lost']),
    ...(order === 'shuffled' ? ['shuffled'] : []),
    ...(repeated ? ['repeated'] : []),
  ];
  return parts.length === 0 ? '' : `; events: ${parts.join(', ')}`;
}
