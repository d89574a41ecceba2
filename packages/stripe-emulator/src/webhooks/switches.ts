import { fitsScope } from '../rules';
import type { Space } from '../space';
import type { Database } from '../store/database';

/** One account and/or mode; absent parts mean all. */
export interface Scope {
  account?: string;
  livemode?: boolean;
}

const TABLE = 'webhook-switches';

/** Whether deliveries are on: for everything, or for one account and/or mode. What happens while off is never delivered. */
export class Switches {
  constructor(private readonly db: Database) {}

  set(enabled: boolean, scope: Scope): void {
    const key = `${scope.account ?? '*'}/${scope.livemode ?? '*'}`;
    if (!enabled) this.db.put(TABLE, key, scope);
    else if (scope.account !== undefined || scope.livemode !== undefined) this.db.delete(TABLE, key);
    else for (const known of [...this.db.table(TABLE).keys()]) this.db.delete(TABLE, known);
  }

  isOff(space: Space): boolean {
    for (const scope of this.db.table<Scope>(TABLE).values()) {
      if (fitsScope(scope, space.accountId, space.livemode)) return true;
    }
    return false;
  }
}
