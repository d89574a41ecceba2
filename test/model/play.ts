import { choose } from './choose';
import type { CommandName } from './commands';
import { SMOOTH } from './network';
import { randomOf } from './random';
import { PRODUCTS, type ProductName } from './catalog';
import type { Cause } from './causes';
import { type Pair, PAIRS, Reference } from './reference';
import type { Sequence, Step } from './sequences';
import { Shown } from './shown';
import { CLEAR, sightAfter } from './sight';
import type { Stage } from './stage';
import { World } from './world';

/** Seconds: the Schedule's sweep comes every half hour, and here before anything else changes. */
const UNTIL_SWEEP = 60;

/** What a played sequence was, in words, and what it counted. */
export interface Played {
  steps: { command: CommandName; step: Step; words: string }[];
  events: { repeated: number; shuffled: number; lost: number };
  /** Null: product and reference agreed to the end. */
  mismatch: string | null;
}

/** Plays a sequence on the real product, comparing after every step who has access with who should. */
export async function play(stage: Stage, sequence: Sequence): Promise<Played> {
  const played: Played = { steps: [], events: { repeated: 0, shuffled: 0, lost: 0 }, mismatch: null };
  const [first] = sequence.steps;
  let random = randomOf(first?.seed ?? 0);
  const world = await World.open(stage, sequence.policy, sequence.billing, () => random());
  const shown = new Shown(world);
  const model = new Reference(await world.now(), sequence.policy, sequence.billing);
  let sight = CLEAR;
  let sure = giving(model);
  try {
    for (const step of sequence.steps) {
      const choice = choose(step, model, sight.blind);
      if (choice === null) continue;
      random = randomOf(step.seed);
      const accident = choice.isLossless ? { ...step.accident, lost: 'none' as const } : step.accident;
      const { command, words } = choice;
      played.steps.push({ command, step, words: `${words}${wordsOf(accident)}` });
      world.accident = accident;
      world.lost = 0;

      await world.letASecondPass();
      await choice.perform(world, model);
      choice.apply(model);
      if (choice.until === null) await world.comeToRest();
      else {
        const wasBlind = sight.blind;
        const sweeping = () => wasBlind || world.lost > 0;
        if (wasBlind) {
          await world.moveTo(model.now + UNTIL_SWEEP, sweeping);
          await world.reconcile();
        }
        await world.moveTo(choice.until, sweeping);
      }
      model.advanceTo(Math.max(await world.now(), choice.until ?? 0), () => {
        const present = giving(model);
        sure = new Set([...sure].filter((given) => present.has(given)));
      });
      if (choice.until !== null && (sight.blind || world.lost > 0)) {
        world.accident = SMOOTH;
        await world.reconcile();
        await world.comeToRest();
      }
      sight = sightAfter(sight, choice, world.lost > 0, model);
      const { blind } = sight;

      count(played, accident, world.lost);
      // Who never had a reason can have gained access only by somebody else's: one of them is asked about each time.
      const strangers = PAIRS.filter((pair) => !model.everHad(pair));
      const asked = [...PAIRS.filter((pair) => model.everHad(pair)), ...strangers.slice(0, 1)];
      const problem =
        (await compare(world, model, blind ? sure : null, asked)) ??
        (blind ? null : await shown.compare(model, false));
      if (problem !== null) {
        played.mismatch = `${problem}\n${await world.describe()}`;
        break;
      }
      if (!blind) sure = giving(model);
    }
    if (played.mismatch === null && !sight.blind) played.mismatch = await shown.compare(model, true);
  } catch (error) {
    played.mismatch = `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n${await world.describe()}`;
  } finally {
    world.leave();
  }
  return played;
}

/** The causes that give access now, each with what it gives. */
function giving(model: Reference): Set<string> {
  return new Set(
    model.causes.flatMap((cause) =>
      PRODUCTS.filter((product) => model.givesProduct(cause, product)).map((product) =>
        given(cause, product),
      ),
    ),
  );
}

const given = ({ number }: Cause, product: ProductName) => `${number} ${product}`;

/**
 * In words, where the product's answer is not the reference's. While events are missing (`sure` is given) the product
 * may lag, but nobody who never had a reason has access, and what has given access all along still does.
 */
async function compare(
  world: World,
  model: Reference,
  sure: ReadonlySet<string> | null,
  pairs: readonly Pair[],
): Promise<string | null> {
  const answers = await Promise.all(pairs.map(async (pair) => ({ pair, ...(await world.access(pair)) })));
  for (const { pair, access, reason, until } of answers) {
    const should = model.access(pair);
    const isSure = model.causes.some((cause) =>
      PRODUCTS.some(
        (product) => `${cause.member} ${product}` === pair && sure?.has(given(cause, product)) === true,
      ),
    );
    const isWrong =
      sure === null ? access !== should : (access && !model.everHad(pair)) || (!access && isSure);
    if (isWrong && sure === null && access && isEdge(until, model.now)) continue;
    if (isWrong)
      return (
        `${pair}: the product says ${access ? 'access' : 'no access'} (${reason}, until ${until ?? 'no end'}), ` +
        `the reference says ${should ? 'access' : 'no access'}, at ${new Date(model.now * 1000).toISOString()}` +
        `\n  ${model.causes.map((cause) => JSON.stringify(cause)).join('\n  ')}`
      );
  }
  return null;
}

/** Seconds by which a period may begin later at Stripe than in the reference, which writes a purchase down when it sees it. */
const EDGE = 60;

/** Access that is about to end this very moment: whoever looks a moment later agrees, and the next step does. */
const isEdge = (until: string | null, now: number): boolean =>
  until !== null && Math.abs(Date.parse(until) / 1000 - now) <= EDGE;

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
