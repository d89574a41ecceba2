import type { RequestListener } from 'node:http';
import type { Db } from '../../src/db/client';
import { operationIdOf, OPERATIONS } from '../../src/domain/permissions';

interface Answered {
  operation: string;
  requestId: string;
  outcome: 'done' | 'refused';
}

/** Statuses that are answered before it is known who asks, or what for; what a role may not is counted by the hour. */
const BEFORE = [401, 403, 405, 429];

/** Every change of the document, by what its requests look like: below `/v1`, or below a coach and a mode of the console. */
const CHANGES = Object.entries(OPERATIONS)
  .filter(([, { kind }]) => kind === 'change')
  .map(([name]) => {
    const [method = '', path = ''] = name.split(' ');
    const pattern = path.replaceAll(/[.]/g, '\\.').replaceAll(/\{\w+\}/g, '[^/]+');
    return {
      method,
      operation: operationIdOf({ method: method.toLowerCase(), path }),
      address: new RegExp(`^(/console/api(/coach_\\w+)?/(test|live))?${pattern}(\\?.*)?$`),
    };
  });

/**
 * Stands before the API of a test: whatever change it is asked for and answers, done or refused, is in the audit log as one
 * line of that request.
 */
export function watchAudit() {
  const answered: Answered[] = [];
  return {
    around:
      (app: RequestListener): RequestListener =>
      (req, res) => {
        const { method, url = '' } = req;
        const change = CHANGES.find((one) => one.method === method && one.address.test(url));
        if (change !== undefined)
          res.on('finish', () => {
            const { statusCode } = res;
            // A stored answer that is sent again has its line, and writes none.
            if (statusCode >= 500 || BEFORE.includes(statusCode) || res.hasHeader('Idempotent-Replayed'))
              return;
            answered.push({
              operation: change.operation,
              requestId: String(res.getHeader('X-Request-Id')),
              outcome: statusCode < 400 ? 'done' : 'refused',
            });
          });
        app(req, res);
      },

    /** @throws Error that names what is not written down, or not as it was answered */
    async expectWritten(db: Db): Promise<void> {
      const requestId = { in: answered.map((one) => one.requestId) };
      const lines = await db.auditEntry.findMany({ where: { requestId } });
      const wrong = answered.filter((one) => {
        const theirs = lines.filter((line) => line.requestId === one.requestId);
        const [line] = theirs;
        return theirs.length !== 1 || line?.operation !== one.operation || line.outcome !== one.outcome;
      });
      if (wrong.length > 0)
        throw new Error(`Not in the audit log as it was answered: ${JSON.stringify(wrong.slice(0, 5))}`);
    },
  };
}
