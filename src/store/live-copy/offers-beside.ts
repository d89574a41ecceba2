import type { Db, Tx } from '../../db/client';
import { changesOf, decideOffersBeside } from '../../domain/live-copy';
import { ProblemError } from '../../domain/problem';
import { offersBesideOf, setOffersBeside } from '../offers-beside';
import { comparedChoices, type CopiedKind, type CopyContext, twinsOf } from './kind';
import { prices } from './prices';

const KIND = 'offers_beside';

/** What is offered beside each price: the prices of live mode that were made of those of test mode. */
export const offersBeside: CopiedKind = {
  kind: KIND,

  async compare(db, context) {
    const { coachId, only } = context;
    const one = only === undefined ? {} : { priceId: only };
    const noted = await twinsOf(db, coachId, KIND, only === undefined ? undefined : [only]);
    const rows = await db.priceBeside.findMany({
      where: { coachId, mode: 'test', ...one },
      distinct: 'priceId',
    });
    const ids = [...new Set([...rows.map(({ priceId }) => priceId), ...noted.keys()])].sort();
    if (ids.length === 0) return [];
    const hosts = await db.price.findMany({
      where: { id: { in: ids }, coachId, mode: 'test' },
      include: { product: true },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    });
    const [wanted, twins] = await Promise.all([offersBesideOf(db, ids), twinsOf(db, coachId, 'price')]);
    const live = await offersBesideOf(
      db,
      ids.flatMap((id) => twins.get(id)?.liveId ?? []),
    );
    const comes = await comingWith(db, context);
    // By their ids in live mode; one that comes with the copying has none yet.
    const inLive = (offered: readonly string[]) => offered.map((id) => twins.get(id)?.liveId ?? id);
    return hosts.map((host) => {
      const offered = wanted.get(host.id) ?? [];
      const before = (noted.get(host.id)?.copied['offersBeside'] ?? []) as string[];
      const changes = changesOf({
        test: { offersBeside: inLive(offered) },
        live: { offersBeside: live.get(twins.get(host.id)?.liveId ?? '') ?? [] },
        copied: { offersBeside: inLive(before) },
      });
      const arePricesCopied = [host.id, ...offered].every((id) => twins.has(id) || comes.has(id));
      return {
        ...comparedChoices(KIND, host.id, changes),
        liveId: twins.get(host.id)?.liveId ?? null,
        name: host.nickname ?? host.product.name,
        productName: host.product.name,
        price: host,
        ...decideOffersBeside({ changes: changes.length, arePricesCopied }),
      };
    });
  },

  async carry(tx, { coachId }, { testId }) {
    const offered = (await offersBesideOf(tx, [testId])).get(testId) ?? [];
    const liveId = await expectLive(tx, coachId, testId);
    const inLive: string[] = [];
    for (const id of offered) inLive.push(await expectLive(tx, coachId, id));
    await setOffersBeside(tx, { coachId, mode: 'live', priceId: liveId }, inLive);
    return { liveId, copied: { offersBeside: offered } };
  },
};

/** The prices of test mode that the copying makes in live mode. */
async function comingWith(db: Db | Tx, { only: _one, ...context }: CopyContext): Promise<Set<string>> {
  const compared = await prices.compare(db, context);
  return new Set(compared.flatMap(({ testId, action }) => (action === 'new' ? [testId] : [])));
}

/** @throws ProblemError `not_found` where the price was not copied after all */
async function expectLive(tx: Tx, coachId: string, testId: string): Promise<string> {
  const twin = (await twinsOf(tx, coachId, 'price', [testId])).get(testId);
  if (twin === undefined)
    throw new ProblemError('not_found', 'A price that belongs to it could not be copied.');
  return twin.liveId;
}
