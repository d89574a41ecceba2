import type { Pool } from 'pg';
import type { Mode } from '../domain/mode';
import type { ApiKey, Grant, Membership } from './generated/client';

/**
 * What is read at every request of a coach's server, as prepared statements beside Prisma: with it, most of the time of an
 * access check went into making the same SQL anew (docs/performance.md). Nothing is written here, and nothing decided.
 */

/** What is known of an API key. */
export type KnownKey = Pick<ApiKey, 'id' | 'coachId' | 'mode' | 'hash' | 'revokedAt' | 'lastUsedAt' | 'role'>;

const KEY = {
  name: 'api-key-by-hash',
  text: `
    SELECT id, coach_id AS "coachId", mode::text AS mode, hash, revoked_at AS "revokedAt", last_used_at AS "lastUsedAt",
      role::text AS role
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

/** Whose access to what is asked about. */
export interface AccessQuestion {
  coachId: string;
  mode: Mode;
  /** Our id, also of one who was joined with another since, or the coach's own. */
  member: string;
  productId: string;
}

/** The parameters of one question, and of several. */
const ONE = `(SELECT $1::text AS coach_id, $2::"Mode" AS mode, $3::text AS own_id, $4::text AS external_id,
  $5::text AS product_id, 1::bigint AS place) q`;
const SEVERAL = `unnest($1::text[], $2::"Mode"[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY
  AS q (coach_id, mode, own_id, external_id, product_id, place)`;

const accessOf = (questions: string) => `
  SELECT q.place, w.id AS "memberId",
    EXISTS (SELECT FROM product p WHERE p.id = q.product_id AND p.coach_id = q.coach_id AND p.mode = q.mode)
      AS "hasProduct",
    EXISTS (SELECT FROM checkout c WHERE c.coach_id = q.coach_id AND c.mode = q.mode AND c.member_id = w.id
      AND c.product_id = q.product_id AND c.status = 'pending') AS "isPending",
    g.id AS "grantId", g.cause::text AS cause, g.product_id AS "productId", g.membership_id AS "membershipId",
    g.item_of_membership_id AS "itemOfMembershipId", g.starts_at AS "startsAt", g.until, g.suspended, g.revoked,
    s.id IS NOT NULL AS "hasSource",
    ${Object.values(EXPLAINS)
      .map((column) =>
        column === 'status' ? 's.status::text AS source_status' : `s.${column} AS source_${column}`,
      )
      .join(', ')}
  FROM ${questions}
  LEFT JOIN LATERAL (
    SELECT m.id, m.erased_at FROM member m
    WHERE q.external_id IS NOT NULL AND m.coach_id = q.coach_id AND m.mode = q.mode AND m.id = COALESCE(
      (SELECT o.id FROM member o WHERE o.coach_id = q.coach_id AND o.mode = q.mode AND o.external_id = q.external_id),
      (SELECT a.member_id FROM member_alias a
        WHERE a.coach_id = q.coach_id AND a.mode = q.mode AND a.external_id = q.external_id))
    UNION ALL
    SELECT m.id, m.erased_at FROM member m
    WHERE q.own_id IS NOT NULL AND m.coach_id = q.coach_id AND m.mode = q.mode AND m.id = COALESCE(
      (SELECT o.id FROM member o WHERE o.coach_id = q.coach_id AND o.mode = q.mode AND o.id = q.own_id),
      (SELECT a.member_id FROM member_alias a
        WHERE a.coach_id = q.coach_id AND a.mode = q.mode AND a.id = q.own_id))
  ) w ON w.erased_at IS NULL
  LEFT JOIN "grant" g ON g.mode = q.mode AND g.coach_id = q.coach_id AND g.member_id = w.id
    AND g.product_id = q.product_id
  LEFT JOIN membership s ON s.coach_id = g.coach_id AND s.mode = g.mode
    AND s.id = COALESCE(g.membership_id, g.item_of_membership_id)
  ORDER BY q.place, g.starts_at`;

const ACCESS_OF_ONE = { name: 'access-of-one', text: accessOf(ONE) };
const ACCESS_OF_SEVERAL = { name: 'access-of-several', text: accessOf(SEVERAL) };

type Row = Omit<GrantRow, 'id'> & {
  /** Of the question, from one; a bigint, which comes as a text. */
  place: string;
  memberId: string | null;
  hasProduct: boolean;
  isPending: boolean;
  grantId: string | null;
  hasSource: boolean;
} & Record<`source_${string}`, unknown>;

const isOurs = (member: string) => member.startsWith('mbr_');

/** All that the answers about members' access to products are made of, in the order of the questions. */
export async function readAccess(pool: Pool, questions: readonly AccessQuestion[]): Promise<AccessRows[]> {
  const columns = [
    questions.map(({ coachId }) => coachId),
    questions.map(({ mode }) => mode),
    questions.map(({ member }) => (isOurs(member) ? member : null)),
    questions.map(({ member }) => (isOurs(member) ? null : member)),
    questions.map(({ productId }) => productId),
  ];
  const { rows } = await pool.query<Row>(
    questions.length === 1
      ? { ...ACCESS_OF_ONE, values: columns.flat() }
      : { ...ACCESS_OF_SEVERAL, values: columns },
  );
  const answers = questions.map((): Row[] => []);
  for (const row of rows) answers[Number(row.place) - 1]?.push(row);
  return answers.map(accessRows);
}

function accessRows(rows: readonly Row[]): AccessRows {
  return {
    memberId: rows[0]?.memberId ?? null,
    hasProduct: rows[0]?.hasProduct ?? false,
    isPending: rows[0]?.isPending ?? false,
    grants: rows.flatMap((row) => {
      const { grantId, cause, productId, membershipId, itemOfMembershipId, startsAt, until } = row;
      if (grantId === null) return [];
      const { suspended, revoked } = row;
      const grant = { id: grantId, cause, productId, membershipId, itemOfMembershipId, startsAt, until };
      const source = row.hasSource ? sourceOf(row) : null;
      const of =
        membershipId === null ? { membership: null, itemOf: source } : { membership: source, itemOf: null };
      return [{ ...grant, suspended, revoked, ...of }];
    }),
  };
}

const SOURCES = Object.entries(EXPLAINS).map(([name, column]) => [name, `source_${column}`] as const);

function sourceOf(row: Row): GrantSource {
  const source: Record<string, unknown> = {};
  for (const [name, column] of SOURCES) source[name] = row[column];
  return source as GrantSource;
}
