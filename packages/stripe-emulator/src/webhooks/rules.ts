import { RuleState, fitsGlob, fitsScope, type MatchBase } from '../rules';

export type DeliveryAction = 'drop' | 'repeat' | 'delay' | 'hold' | 'reorder';

/** What happens to deliveries of some events. */
export interface DeliveryRule {
  match: MatchBase & { type?: string };
  action: DeliveryAction;
  /** For `repeat`: so many times more (default 1). For the others: applies at most so many times. */
  times?: number;
  /** For `delay` (default 1000) and `reorder` (how long events are gathered, default 200): milliseconds. */
  delayMs?: number;
}

export class DeliveryRules {
  private rules: { rule: DeliveryRule; state: RuleState }[] = [];

  set(rules: DeliveryRule[]): void {
    this.rules = [];
    for (const rule of rules) this.add(rule);
  }

  /** Puts a rule behind the others, whose counts go on. */
  add(rule: DeliveryRule): void {
    const state = new RuleState(rule.match ?? {}, rule.action === 'repeat' ? undefined : rule.times);
    this.rules.push({ rule, state });
  }

  get(): DeliveryRule[] {
    return this.rules.map(({ rule }) => rule);
  }

  /** The first rule that applies to an event, if any. */
  next(event: { type: string; account: string | null; livemode: boolean }): DeliveryRule | undefined {
    for (const { rule, state } of this.rules) {
      const match = rule.match ?? {};
      if (!fitsGlob(match.type, event.type) || !fitsScope(match, event.account, event.livemode)) continue;
      if (state.applies()) return rule;
    }
    return undefined;
  }
}
