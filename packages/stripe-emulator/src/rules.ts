import { seededRandom } from './random';

/** The parts of a rule's match that fault rules and delivery rules share. */
export interface MatchBase {
  account?: string;
  livemode?: boolean;
  /** Only the nth match (from 1). */
  nth?: number;
  /** Chance of each match, 0 to 1, decided by a generator with `seed`. */
  probability?: number;
  seed?: number;
}

/** Counts and draws for one rule; starts anew when the rules are set. */
export class RuleState {
  private seen = 0;
  private used = 0;
  private readonly random: () => number;

  constructor(
    private readonly match: MatchBase,
    private readonly times: number | undefined,
  ) {
    this.random = seededRandom(match.seed ?? 1);
  }

  /** Whether the rule applies to this occurrence, which fits the rest of its match. */
  applies(): boolean {
    this.seen += 1;
    if (this.match.nth !== undefined && this.seen !== this.match.nth) return false;
    if (this.match.probability !== undefined && this.random() >= this.match.probability) return false;
    if (this.times !== undefined && this.used >= this.times) return false;
    this.used += 1;
    return true;
  }
}

/** Whether a text fits a pattern in which `*` stands for anything. */
export function fitsGlob(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '.*');
  return new RegExp(`^${source}$`).test(text);
}

export function fitsScope(match: MatchBase, account: string | null, livemode: boolean | null): boolean {
  return (
    (match.account === undefined || match.account === account) &&
    (match.livemode === undefined || match.livemode === livemode)
  );
}
