import type { Settings } from '../../db/generated/client';
import { PAUSE_DAYS } from '../../domain/cancel-offer';
import { changedBy, changesOf, decideOffer } from '../../domain/live-copy';
import { couponsInLive, expectLiveCoupon } from './coupons';
import { byMode, comparedChoices, type CopiedKind, holdLive, twinsOf } from './kind';
import { DEFAULT_CHOICES } from './settings';

/** The choices of the settings that go by a coupon, which is of one mode. */
type Offer = Pick<Settings, 'cancelOffer' | 'cancelOfferCouponId' | 'cancelOfferDays'>;

/** What holds where nothing was chosen. */
const NO_OFFER: Offer = { cancelOffer: 'none', cancelOfferCouponId: null, cancelOfferDays: PAUSE_DAYS.usual };

/** The id of what there is once. */
const ID = 'cancel_offer';

const offerOf = (row: Offer | null): Offer => {
  const { cancelOffer, cancelOfferCouponId, cancelOfferDays } = row ?? NO_OFFER;
  return { cancelOffer, cancelOfferCouponId, cancelOfferDays };
};
/** The coupon that is offered; one that was chosen for an offer that is not made is none. */
const offeredCoupon = ({ cancelOffer, cancelOfferCouponId }: Offer) =>
  cancelOffer === 'coupon' ? cancelOfferCouponId : null;

/** What members are offered who are about to cancel: in live mode, the coupon that was made of the one of test mode. */
export const cancelOffer: CopiedKind = {
  kind: ID,

  async compare(db, context) {
    const { coachId } = context;
    const rows = byMode(await db.settings.findMany({ where: { coachId } }));
    const [test, live] = [offerOf(rows.test), offerOf(rows.live)];
    const twin = (await twinsOf(db, coachId, ID)).get(ID);
    const copied: Offer = { ...NO_OFFER, ...(twin?.copied as Partial<Offer> | undefined) };
    const ids = [offeredCoupon(test), offeredCoupon(copied)].flatMap((id) => id ?? []);
    const twins = await twinsOf(db, coachId, 'coupon', ids);
    // By their ids in live mode; one that comes with the copying has none yet.
    const inLive = (offer: Offer) => {
      const id = offeredCoupon(offer);
      return { ...offer, cancelOfferCouponId: id === null ? null : (twins.get(id)?.liveId ?? id) };
    };
    const changes = changesOf({ test: inLive(test), live: { ...live }, copied: inLive(copied) });
    const wanted = offeredCoupon(test);
    const isCouponCopied =
      wanted === null || changes.length === 0
        ? true
        : (await couponsInLive(db, context, [wanted])).get(wanted) !== 'missing';
    return [
      { ...comparedChoices(ID, ID, changes), ...decideOffer({ changes: changes.length, isCouponCopied }) },
    ];
  },

  async carry(tx, { coachId }, { changes }) {
    const key = await holdLive(tx, coachId);
    const test = offerOf(
      await tx.settings.findUnique({ where: { coachId_mode: { coachId, mode: 'test' } } }),
    );
    const wanted = offeredCoupon(test);
    const data = changedBy(changes) as Partial<Offer>;
    if (wanted !== null) data.cancelOfferCouponId = (await expectLiveCoupon(tx, coachId, wanted)).id;
    await tx.settings.upsert({
      where: { coachId_mode: key },
      create: { ...key, ...DEFAULT_CHOICES, ...data },
      update: data,
    });
    return { liveId: ID, copied: { ...test } };
  },
};
