import { RuleState, fitsGlob, fitsScope, type MatchBase } from '../rules';

export type FaultKind = 'status' | 'reset' | 'truncate' | 'html502' | 'hang' | 'bare500' | 'rate_limit';

/** A fault of the API, for one kind of request. */
export interface FaultRule {
  match: MatchBase & { method?: string; path?: string };
  /** At most so many times. */
  times?: number;
  fault: {
    kind: FaultKind;
    /** For `status`: the HTTP status, default 500. */
    status?: number;
    /** For `status`: the error's code. */
    code?: string;
    /** For `status`: the error's words. */
    message?: string;
    /** Before or after the request took effect. */
    when: 'before' | 'after';
    /** Sets the header Stripe-Should-Retry. */
    shouldRetry?: boolean;
    /** For `hang`: milliseconds before the connection is cut. Default 30000. */
    hangMs?: number;
  };
}

export type Fault = FaultRule['fault'];

/** The fault rules that are set, with their counts. */
export class FaultRules {
  private rules: { rule: FaultRule; state: RuleState }[] = [];

  set(rules: FaultRule[]): void {
    this.rules = [];
    for (const rule of rules) this.add(rule);
  }

  /** Puts a rule behind the others, whose counts go on. */
  add(rule: FaultRule): void {
    const state = new RuleState(rule.match ?? {}, rule.times);
    this.rules.push({ rule, state });
  }

  get(): FaultRule[] {
    return this.rules.map(({ rule }) => rule);
  }

  /** The fault that this request meets, if any: the first rule that applies. */
  next(request: {
    method: string;
    path: string;
    account: string | null;
    livemode: boolean | null;
  }): Fault | undefined {
    for (const { rule, state } of this.rules) {
      const match = rule.match ?? {};
      if (match.method && match.method.toUpperCase() !== request.method) continue;
      if (!fitsGlob(match.path, request.path)) continue;
      if (!fitsScope(match, request.account, request.livemode)) continue;
      if (state.applies()) return rule.fault;
    }
    return undefined;
  }
}
