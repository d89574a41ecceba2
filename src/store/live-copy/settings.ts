import type { Settings } from '../../db/generated/client';
import { changedBy } from '../../domain/live-copy';
import { DEFAULT_POLICY } from '../../domain/policy';
import { DEFAULT_TIMELINE_YEARS } from '../../domain/retention';
import { byMode, compareOnce, holdLive, type CopiedKind } from './kind';

/** What is offered who cancels is a kind of its own, as it goes by a coupon: ./cancel-offer. */
type Choices = Omit<
  Settings,
  'coachId' | 'mode' | 'updatedAt' | 'cancelOffer' | 'cancelOfferCouponId' | 'cancelOfferDays'
>;

/** What holds where nothing was chosen, as GET /v1/settings answers it. */
export const DEFAULT_CHOICES: Choices = {
  ...DEFAULT_POLICY,
  timelineYears: DEFAULT_TIMELINE_YEARS,
  membersCancelNow: false,
  membersChangePrice: false,
  withdrawal: 'by_country',
  withdrawalRefund: 'coach_decides',
  purchaseConsent: 'none',
  automaticTax: false,
  logoUrl: null,
  businessBuyers: false,
  purchaseInvoices: false,
  promotionCodes: false,
  oneTrialPerMember: true,
  origins: [],
  defaultSuccessUrl: null,
  defaultCancelUrl: null,
  connectionReturnUrl: null,
};

/** The id of what there is once. */
const ID = 'settings';

const choicesOf = (row: Settings | null): Choices => {
  if (row === null) return DEFAULT_CHOICES;
  const { coachId: _coach, mode: _mode, updatedAt: _at, ...all } = row;
  const { cancelOffer: _offer, cancelOfferCouponId: _coupon, cancelOfferDays: _days, ...choices } = all;
  return choices;
};

/** The settings: of those that were changed in test mode, each. */
export const settings: CopiedKind = {
  kind: 'settings',

  async compare(db, { coachId }) {
    const { test, live } = byMode(await db.settings.findMany({ where: { coachId } }));
    const sides = { test: choicesOf(test), live: choicesOf(live), copied: DEFAULT_CHOICES };
    return [await compareOnce(db, coachId, ID, sides, ['origins'])];
  },

  async carry(tx, { coachId }, { changes }) {
    const key = await holdLive(tx, coachId);
    const { test, live } = byMode(await tx.settings.findMany({ where: { coachId } }));
    const data = { ...choicesOf(live), ...changedBy(changes) };
    await tx.settings.upsert({ where: { coachId_mode: key }, create: { ...key, ...data }, update: data });
    return { liveId: ID, copied: { ...choicesOf(test) } };
  },
};
