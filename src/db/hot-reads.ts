import type { Pool } from 'pg';
import type { Mode } from '../domain/mode';
import type { ApiKey, Grant, Membership } from './generated/client';

/**
 * What is read at every request of a coach's server, as prepared statements beside Prisma: with it, most of the time of an
 * access check went into making the same SQL anew (docs/performance.md). Nothing is written here, and nothing decided.
 */

/** What is known of an API key. */
export type KnownKey = Pick<ApiKey, 'id' | 'coachId' | 'mode' | 'hash' | 'revokedAt' | 'lastUsedAt'>;

const KEY = {
  name: 'api-key-by-hash',
  text: `
    SELECT id, coach_id AS "coachId", mode::text AS mode, hash, revoked_at AS "revokedAt", last_used_at AS "lastUsedAt"
    FROM api_key WHERE hash = $1`,
};

/** The key of a hash, revoked or not; null when there is none. */
export async function readKey(pool: Pool, hash: string): Promise<KnownKey | null> {
  const { rows } = await pool.query<KnownKey>({ ...KEY, values: [hash] });
  return rows[0] ?? null;
}

/** A grant as an access check sees it. */
export type GrantRow = Pick<
  Grant,
  | 'id'
  | 'cause'
  | 'productId'
  | 'membershipId'
  | 'itemOfMembershipId'
  | 'startsAt'
  | 'until'
  | 'suspended'
  | 'revoked'
>;

/** The columns of a membership that explain access, by what they are called in Postgres. */
const EXPLAINS = {
  status: 'status',
  reason: 'reason',
  paidThrough: 'paid_through',
  cancelAt: 'cancel_at',
  pauseUntil: 'pause_until',
  verifiedAt: 'verified_at',
  installmentsDue: 'installments_due',
  installmentsPaid: 'installments_paid',
  collectionMethod: 'collection_method',
  trialEnd: 'trial_end',
  openInvoice: 'open_invoice',
  disputedAt: 'disputed_at',
  evidenceDueAt: 'evidence_due_at',
  items: 'items',
} as const satisfies Partial<Record<keyof Membership, string>>;

/** The membership that a grant comes of, as far as it explains access. */
export type GrantSource = Pick<Membership, keyof typeof EXPLAINS>;

export interface AccessRows {
  /** Null: nobody is known by this name, or they were erased. */
  memberId: string | null;
  hasProduct: boolean;
  /** The member has ordered the product, and the money is on its way. */
  isPending: boolean;
  /** All grants of the pair, the first that began first, with what they come of. */
  grants: (GrantRow & { membership: GrantSource | null; itemOf: GrantSource | null })[];
}

/** By the coach's own id, which is one index away. */
const BY_EXTERNAL_ID =
  'SELECT id, erased_at FROM member WHERE coach_id = $1 AND mode = $2 AND external_id = $3';
/** By our id, also of one who was joined with another since. */
const BY_ID = `
  SELECT m.id, m.erased_at FROM member m WHERE m.coach_id = $1 AND m.mode = $2 AND m.id = COALESCE(
    (SELECT id FROM member WHERE coach_id = $1 AND mode = $2 AND id = $3),
    (SELECT member_id FROM member_alias WHERE coach_id = $1 AND mode = $2 AND id = $3))`;

const accessBy = (member: string) => `
  SELECT w.id AS "memberId",
    EXISTS (SELECT FROM product WHERE id = $4 AND coach_id = $1 AND mode = $2) AS "hasProduct",
    EXISTS (SELECT FROM checkout WHERE coach_id = $1 AND mode = $2 AND member_id = w.id AND product_id = $4
      AND status = 'pending') AS "isPending",
    g.id AS "grantId", g.cause::text AS cause, g.product_id AS "productId", g.membership_id AS "membershipId",
    g.item_of_membership_id AS "itemOfMembershipId", g.starts_at AS "startsAt", g.until, g.suspended, g.revoked,
    s.id IS NOT NULL AS "hasSource",
    ${Object.values(EXPLAINS)
      .map((column) =>
        column === 'status' ? 's.status::text AS source_status' : `s.${column} AS source_${column}`,
      )
      .join(', ')}
  FROM (SELECT) AS one
  LEFT JOIN (${member}) w ON w.erased_at IS NULL
  LEFT JOIN "grant" g ON g.mode = $2 AND g.coach_id = $1 AND g.member_id = w.id AND g.product_id = $4
  LEFT JOIN membership s ON s.coach_id = g.coach_id AND s.mode = g.mode
    AND s.id = COALESCE(g.membership_id, g.item_of_membership_id)
  ORDER BY g.starts_at`;

const ACCESS_BY_ID = { name: 'access-by-id', text: accessBy(BY_ID) };
const ACCESS_BY_EXTERNAL_ID = { name: 'access-by-external-id', text: accessBy(BY_EXTERNAL_ID) };

type Row = Omit<GrantRow, 'id'> & {
  memberId: string | null;
  hasProduct: boolean;
  isPending: boolean;
  grantId: string | null;
  hasSource: boolean;
} & Record<`source_${string}`, unknown>;

/** All that the answer about a member's access to a product is made of. @param member our id, or the coach's own */
export async function readAccess(
  pool: Pool,
  { coachId, mode }: { coachId: string; mode: Mode },
  member: string,
  productId: string,
): Promise<AccessRows> {
  const statement = member.startsWith('mbr_') ? ACCESS_BY_ID : ACCESS_BY_EXTERNAL_ID;
  const { rows } = await pool.query<Row>({ ...statement, values: [coachId, mode, member, productId] });
  return {
    memberId: rows[0]?.memberId ?? null,
    hasProduct: rows[0]?.hasProduct ?? false,
    isPending: rows[0]?.isPending ?? false,
    grants: rows.flatMap((row) => {
      const { grantId, cause, membershipId, itemOfMembershipId, startsAt, until, suspended, revoked } = row;
      if (grantId === null) return [];
      const source = row.hasSource ? sourceOf(row) : null;
      const grant = { id: grantId, cause, productId, membershipId, itemOfMembershipId, startsAt, until };
      return [
        {
          ...grant,
          suspended,
          revoked,
          membership: membershipId === null ? null : source,
          itemOf: membershipId === null ? source : null,
        },
      ];
    }),
  };
}

function sourceOf(row: Row): GrantSource {
  const entries = Object.entries(EXPLAINS).map(([name, column]) => [name, row[`source_${column}`]]);
  return Object.fromEntries(entries) as GrantSource;
}
