import { z } from 'zod';
import type { Db } from '../../db/client';
import {
  type BesideHost,
  type BesideTerms,
  MOST_BESIDE,
  NOT_BESIDE,
  problemOfBeside,
  problemOfOffers,
} from '../../domain/offers-beside';
import { ProblemError } from '../../domain/problem';
import { bundlesOf } from '../../store/bundles';
import type { CoachAuth } from '../http/route';
import { id } from '../http/schemas';

/** As requests name them. */
export const offersBeside = z.array(id('amt')).max(MOST_BESIDE).meta({
  description:
    "Prices of other products that the buyer may add on Stripe's page: paid once, at a fixed amount, in the same currency, without limited seats, fixed term, date or bundle. What is not on sale just then is left out",
});

async function readTerms(
  db: Db,
  { coachId, mode }: CoachAuth,
  ids: readonly string[],
): Promise<Map<string, BesideTerms>> {
  const [prices, bundles] = await Promise.all([
    db.price.findMany({ where: { id: { in: [...ids] }, coachId, mode } }),
    bundlesOf(db, ids),
  ]);
  return new Map(prices.map((price) => [price.id, { ...price, alsoGives: bundles.get(price.id) ?? [] }]));
}

/**
 * The prices that are to be offered beside one, each once.
 * @throws ProblemError `not_found` for what is no price of the coach in that mode, `invalid_request` for what does not fit
 */
export async function expectOffers(
  db: Db,
  auth: CoachAuth,
  host: BesideHost,
  wanted: readonly string[],
): Promise<string[]> {
  const ids = [...new Set(wanted)];
  if (ids.length === 0) return ids;
  const there = await readTerms(db, auth, ids);
  const field = 'offersBeside';
  const terms = ids.map((each) => {
    const found = there.get(each);
    if (found === undefined) throw new ProblemError('not_found', `There is no price ${each}.`, { field });
    return found;
  });
  const problem = problemOfOffers(host, terms);
  if (problem === null) return ids;
  const { id: priceId, because } = problem;
  const whose = because === 'beside_itself' ? '' : `${priceId}: `;
  throw new ProblemError('invalid_request', `${whose}${NOT_BESIDE[because]}`, { field, priceId });
}

/** Of what was offered beside a price that is replaced: what fits beside the new one. */
export async function offersThatFit(
  db: Db,
  auth: CoachAuth,
  host: BesideHost,
  present: readonly string[],
): Promise<string[]> {
  if (present.length === 0) return [];
  const there = await readTerms(db, auth, present);
  return present.filter((each) => {
    const found = there.get(each);
    return found !== undefined && problemOfBeside(host, found) === null;
  });
}
