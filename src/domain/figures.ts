import { lastMonths } from './revenue';
import type { Seconds } from './time';

/** What a change of the monthly recurring revenue is for the member. docs/figures.md has them in words. */
export const MOVEMENTS = ['new', 'reactivation', 'expansion', 'contraction', 'churn'] as const;
export type MovementKind = (typeof MOVEMENTS)[number];

/** Ranges that figures are shown for, in months; 90 days are three of them. */
export const RANGES = { '90d': 3, '6m': 6, '1y': 12, '2y': 24, '3y': 36 } as const;
export type Range = keyof typeof RANGES;

/** All movements of one kind in one month. Minor units; what is lost is negative. */
export interface MovementSum {
  /** `2026-11`, UTC. */
  month: string;
  kind: MovementKind;
  amount: number;
  count: number;
}

/** A month of one currency: where it began, what moved, where it ended. Minor units. */
export interface MonthFigures {
  month: string;
  start: number;
  new: number;
  reactivation: number;
  expansion: number;
  contraction: number;
  churn: number;
  end: number;
  members: { start: number; new: number; reactivated: number; churned: number; end: number };
  /** Of those who were there at its start or came in it: who has left. Null: nobody was. */
  churnRate: number | null;
  /** Of what there was at its start: what contraction and churn took. Null: there was nothing. */
  revenueChurnRate: number | null;
  /** Minor units, rounded. Null: nobody pays at its end. */
  averagePerMember: number | null;
  /** Average per member ÷ churn rate. Null: nobody has left, so nothing can be said. */
  lifetimeValue: number | null;
}

/** Rates have four decimals. */
const rate = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000;

/**
 * The months of a range, the present one last.
 * @param sums all that there were, those before the range too: they are what it starts from
 */
export function monthsOf(sums: readonly MovementSum[], range: Range, now: Seconds): MonthFigures[] {
  const months = lastMonths(now, RANGES[range]);
  const before = sums.filter(({ month }) => month < (months[0] ?? ''));
  let amount = before.reduce((sum, each) => sum + each.amount, 0);
  let members = before.reduce((sum, { kind, count }) => sum + membersBy(kind) * count, 0);
  return months.map((month) => {
    const of = (kind: MovementKind) => sums.find((sum) => sum.month === month && sum.kind === kind);
    const moved = (kind: MovementKind) => of(kind)?.amount ?? 0;
    const count = (kind: MovementKind) => of(kind)?.count ?? 0;
    const start = amount;
    const there = members;
    amount += MOVEMENTS.reduce((sum, kind) => sum + moved(kind), 0);
    members += MOVEMENTS.reduce((sum, kind) => sum + membersBy(kind) * count(kind), 0);
    const ever = there + count('new') + count('reactivation');
    const average = members === 0 ? null : amount / members;
    return {
      month,
      start,
      new: moved('new'),
      reactivation: moved('reactivation'),
      expansion: moved('expansion'),
      contraction: moved('contraction'),
      churn: moved('churn'),
      end: amount,
      members: {
        start: there,
        new: count('new'),
        reactivated: count('reactivation'),
        churned: count('churn'),
        end: members,
      },
      churnRate: rate(count('churn'), ever),
      revenueChurnRate: rate(Math.abs(moved('churn') + moved('contraction')), start),
      averagePerMember: average === null ? null : Math.round(average),
      lifetimeValue:
        average === null || count('churn') === 0 ? null : Math.round((average * ever) / count('churn')),
    };
  });
}

const membersBy = (kind: MovementKind): number =>
  kind === 'new' || kind === 'reactivation' ? 1 : kind === 'churn' ? -1 : 0;

/** Trials that ended in a month, and how many of them were paid for afterwards. */
export interface TrialFigures {
  month: string;
  ended: number;
  converted: number;
  conversionRate: number | null;
}

export const trialFigures = (month: string, ended: number, converted: number): TrialFigures => ({
  month,
  ended,
  converted,
  conversionRate: rate(converted, ended),
});
