/** `unknown`: Stripe could not be asked in time. */
export type FindingStatus = 'ok' | 'attention' | 'problem' | 'unknown';
export type FindingArea = 'connection' | 'webhook' | 'currency' | 'mail';

/** What is looked at in each area: a finding's code is `area.what`. */
export const FINDINGS = {
  connection: ['link', 'verification', 'charges', 'checkout', 'tax', 'payouts', 'control', 'catalog'],
  webhook: [
    ...(['endpoint', 'scope', 'address', 'status', 'events', 'version'] as const),
    ...(['last_event', 'deliveries', 'inbox'] as const),
  ],
  currency: ['default'],
  mail: ['server', 'unclear'],
} as const satisfies Record<FindingArea, readonly string[]>;

export type LookedAt<Area extends FindingArea> = (typeof FINDINGS)[Area][number];

/** The rows of the help page that a finding answers. */
export const HELP_PAGE_ROWS = {
  connection: 'Connection fails',
  webhook: 'Payments not creating access',
  currency: 'Wrong currency',
  mail: 'Mails not arriving',
} as const satisfies Record<FindingArea, string>;

export interface Finding {
  /** Stable: `area.what`. */
  code: string;
  area: FindingArea;
  status: FindingStatus;
  title: string;
  detail: string;
  /** What the coach does about it. Null: nothing. */
  todo: string | null;
  /** What the platform's operator does about it, where the coach cannot. */
  operatorTodo: string | null;
}

/** What is said about one thing that was looked at; nothing to do unless told. */
export type Said = Pick<Finding, 'status' | 'title' | 'detail'> &
  Partial<Pick<Finding, 'todo' | 'operatorTodo'>>;

/** A finding whose code begins with its area. */
export function finding<Area extends FindingArea>(area: Area, what: LookedAt<Area>, said: Said): Finding {
  return { code: `${area}.${what}`, area, todo: null, operatorTodo: null, ...said };
}

/** Said where Stripe did not answer. */
export function unknown<Area extends FindingArea>(
  area: Area,
  what: LookedAt<Area> | 'account',
  title: string,
): Finding {
  return {
    code: `${area}.${what}`,
    area,
    status: 'unknown',
    title,
    detail: 'Stripe did not answer in time, so this could not be looked at.',
    todo: 'Look again in a moment.',
    operatorTodo: null,
  };
}
