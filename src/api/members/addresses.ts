import { z } from 'zod';
import { hashOfAddress } from '../../store/mail-suppressions';
import { coachNow } from '../connection/connected-account';
import type { ApiDeps } from '../deps';
import { csvLines } from '../http/csv-file';
import { CSV, csvFile, datedCsv } from '../http/download';
import { answer, type CoachAuth, route, type Route } from '../http/route';
import { filters, findAddresses } from './filters';

const COLUMNS = ['e-mail', 'mails'];

interface Line {
  email: string;
  mails: 'yes' | 'unsubscribed' | 'bounced';
}

/** The addresses of members, for a letter that the coach writes elsewhere. */
export function memberAddressRoutes(deps: ApiDeps): Route[] {
  const { db, config } = deps;

  async function withSuppressions({ coachId, mode }: CoachAuth, emails: readonly string[]): Promise<Line[]> {
    const hashOf = (address: string) => hashOfAddress(config.encryptionKey, { coachId, mode, address });
    const rows = await db.mailSuppression.findMany({
      where: { coachId, mode, addressHash: { in: emails.map(hashOf) } },
      select: { addressHash: true, reason: true },
    });
    const against = (reason: string) =>
      new Set(rows.filter((row) => row.reason === reason).map(({ addressHash }) => addressHash));
    const [bounced, unsubscribed] = [against('bounced'), against('unsubscribed')];
    return emails.map((email) => {
      const hash = hashOf(email);
      return {
        email,
        mails: bounced.has(hash) ? 'bounced' : unsubscribed.has(hash) ? 'unsubscribed' : 'yes',
      };
    });
  }

  return [
    route({
      method: 'get',
      path: '/v1/member-addresses.csv',
      tag: 'Members and access',
      auth: 'coach',
      summary: 'The e-mail addresses of the members as a CSV file',
      description:
        'Of those whom the filters leave, each address once, in order. `mails` says whether they may be written to as far as is known here: `unsubscribed` from mails that the contract does not need, `bounced`: nothing goes there.',
      query: z.strictObject(filters),
      answers: { 200: { description: 'The file', schema: csvFile, type: CSV } },
      async handler({ auth, query }) {
        const now = await coachNow(deps, auth.coachId, auth.mode);
        const read = async (last: Line | null, take: number) =>
          withSuppressions(
            auth,
            await findAddresses(db, auth, query, now, { take, after: last?.email ?? '' }),
          );
        return answer(
          200,
          datedCsv(
            'addresses',
            csvLines(COLUMNS, read, ({ email, mails }) => [email, mails]),
          ),
        );
      },
    }),
  ];
}
