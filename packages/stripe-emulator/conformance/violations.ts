import type { Flaw } from './schemas';

/** One thing that is not as Stripe's specification wants it, and how often it was seen. */
export interface Violation {
  /** The request, object or event that it was seen on. */
  subject: string;
  at: string;
  message: string;
  times: number;
}

/** Collects violations; the same one seen again only counts up. */
export class Violations {
  private readonly known = new Map<string, Violation>();

  add(subject: string, flaws: Flaw[]): void {
    for (const { at, message } of flaws) {
      const place = at.replace(/\/\d+(?=\/|$)/g, '/*');
      const key = JSON.stringify([subject, place, message]);
      const violation = this.known.get(key);
      if (violation) violation.times += 1;
      else this.known.set(key, { subject, at: place, message, times: 1 });
    }
  }

  all(): Violation[] {
    return [...this.known.values()];
  }
}
