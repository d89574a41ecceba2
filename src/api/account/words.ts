import type { Language } from '../../domain/language';
import type { MembershipReason } from '../../domain/membership-reasons';
import type { NextStep } from '../../domain/next-step';
import type { ProblemCode } from '../../domain/problem';
import type { WithdrawalStatus } from '../../domain/withdrawal';
import type { OTHER_REASONS } from '../members/access-answer';

/** Every text of the member's page, in one language. */
export interface Words {
  language: Language;
  /** Of the switch: the other language, in its own words. */
  other: { language: Language; name: string };
  testMode: string;
  title: string;
  back: string;
  signOut: string;
  timesAreUtc: string;
  signIn: {
    title: string;
    /** To read before the address is typed. */
    intro: (coach: string) => string;
    /** Without mails: only the coach's site leads here. */
    bySite: (coach: string) => string;
    email: string;
    send: string;
    wrongEmail: string;
    sentTitle: string;
    /** The same for known and unknown addresses. */
    sent: (email: string) => string;
    linkInvalid: string;
    tokenInvalid: string;
  };
  confirm: {
    title: (who: string) => string;
    whoWithoutEmail: string;
    isOther: (present: string) => string;
    sentByOther: string;
    yes: string;
    once: string;
    deadTitle: string;
    dead: string;
    again: string;
  };
  signedInAs: (who: string) => string;
  empty: string;
  access: string;
  noAccess: string;
  begins: (moment: string) => string;
  fromThen: string;
  until: string;
  noEnd: string;
  next: string;
  price: string;
  quantity: (count: number) => string;
  reasons: Record<MembershipReason | keyof typeof OTHER_REASONS, string>;
  nexts: Record<NextStep['what'], string>;
  payments: {
    title: string;
    none: string;
    date: string;
    what: string;
    amount: string;
    refunded: (amount: string) => string;
    document: string;
    noDocument: string;
  };
  data: { title: string; text: string; download: string };
  card: { title: string; text: string; open: string };
  actions: { cancel: string; resume: string; changePrice: string; pay: (amount: string | null) => string };
  done: { cancelled: string; resumed: string; changed: string; offered: string };
  cancel: {
    title: (product: string) => string;
    when: string;
    atEnd: (date: string | null) => string;
    now: string;
    nowHint: string;
    reason: string;
    reasonHint: (coach: string) => string;
    confirm: string;
    keep: string;
  };
  /** What the coach offers beside the cancellation. */
  offer: {
    title: (coach: string) => string;
    pause: (date: string) => string;
    takePause: string;
    /** `once`, for so many months, or for good. */
    coupon: (off: string, months: number | 'once' | 'forever') => string;
    takeCoupon: string;
    hint: string;
  };
  change: {
    title: (product: string) => string;
    choose: string;
    none: string;
    show: string;
    previewTitle: string;
    to: string;
    chargedNow: string;
    creditedNow: string;
    nothingNow: string;
    next: (date: string, amount: string) => string;
    confirm: string;
  };
  withdrawal: {
    /** Article 11a(1): the words of the function. */
    open: string;
    until: (date: string) => string;
    title: string;
    intro: (coach: string) => string;
    name: string;
    contract: string;
    contractHint: string;
    email: string;
    emailHint: string;
    next: string;
    missing: string;
    /** Article 11a(3): the second step. */
    reviewTitle: string;
    statement: (of: { name: string; contract: string; coach: string }) => string;
    confirm: string;
    doneTitle: string;
    received: (at: string, email: string) => string;
    kept: string;
    notOffered: string;
    signedOutHint: string;
    listTitle: string;
    stated: (date: string) => string;
    statuses: Record<WithdrawalStatus, string>;
    goesBack: (amount: string) => string;
    consent: string;
  };
  problemTitle: string;
  problems: Partial<Record<ProblemCode, string>>;
  later: string;
  notFound: string;
  modeOff: string;
}
