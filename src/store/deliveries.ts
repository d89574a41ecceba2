import type { Pool } from 'pg';
import { isDatabaseUnavailable, meetsOthers, refusesValue } from '../db/errors';
import { READ_TIMEOUT } from '../db/pool';
import { eachBounded } from '../domain/bounded';
import type { Mode } from '../domain/mode';
import { type Json, storable } from '../domain/storable-json';
import type { Seconds } from '../domain/time';

/** A delivery as the inbox keeps it. */
export interface Delivery {
  mode: Mode;
  eventId: string;
  accountId: string | null;
  type: string;
  objectId: string | null;
  created: Seconds;
  /** The event's JSON, as it was received, or where Postgres could not store that, as it can. */
  body: string;
  /** Why nobody here needs it: it is settled with its row, and its body is not kept. Null: it waits for the relay. */
  foreign: string | null;
}

/** `repeated`: it was there before. */
export type Stored = 'stored' | 'repeated';

/** Rows of one statement, and bytes of their bodies. */
const ROWS = 64;
const BYTES = 2 ** 20;
/** Statements at once: while one is under way the rows of the next gather. */
const STATEMENTS = 2;
/** Rows at once that are written each by itself. */
const ALONE = 4;
/** Milliseconds until whoever waits is told that it cannot be done now, whatever becomes of the row: Stripe delivers again. */
const ANSWER = 4000;

/** One text for all rows: their bodies are JSON already and need no quoting. */
const INSERT = {
  name: 'store-deliveries',
  text: `
    INSERT INTO inbox (mode, event_id, account_id, type, object_id, stripe_created, payload, status, note, done_at)
    SELECT r.mode, r.event_id, r.account_id, r.type, r.object_id, to_timestamp(r.created), COALESCE(r.body, '{}'),
      CASE WHEN r.why IS NULL THEN 'waiting' ELSE 'ignored' END::"InboxStatus", r.why,
      CASE WHEN r.why IS NULL THEN NULL ELSE now() END
    FROM ROWS FROM (jsonb_to_recordset($1::jsonb) AS (mode "Mode", event_id text, account_id text, type text,
      object_id text, created float8, body jsonb, why text)) WITH ORDINALITY
      AS r (mode, event_id, account_id, type, object_id, created, body, why, place)
    ORDER BY r.place
    ON CONFLICT (mode, event_id) DO NOTHING
    RETURNING mode::text || '/' || event_id AS key`,
};

const keyOf = ({ mode, eventId }: Delivery) => `${mode}/${eventId}`;

function asJson({ mode, eventId, accountId, type, objectId, created, body, foreign }: Delivery): string {
  const row = { mode, event_id: eventId, account_id: accountId, type, object_id: objectId, created };
  const own = JSON.stringify({ ...row, why: foreign });
  return foreign === null ? `${own.slice(0, -1)},"body":${body}}` : own;
}

interface Waiting {
  row: Delivery;
  settle: (outcome: Stored) => void;
  fail: (error: unknown) => void;
  /** Whoever waited has been told something already. */
  isOver: () => boolean;
}

/**
 * Stores deliveries: those that arrive together in one statement, each answered when its own row is committed. A row that
 * Postgres refuses keeps no other from being stored: then each is written by itself.
 */
export function createDeliveries(pool: Pool) {
  const waiting: Waiting[] = [];
  let underWay = 0;
  let isScheduled = false;

  async function insert(rows: readonly Delivery[]): Promise<Set<string>> {
    const text = `[${rows.map(asJson).join(',')}]`;
    const result = await pool.query<{ key: string }>({ ...INSERT, values: [text] });
    return new Set(result.rows.map(({ key }) => key));
  }

  /** As it was received or, where Postgres cannot keep that, as JavaScript reads it. */
  async function insertAlone(row: Delivery): Promise<Set<string>> {
    try {
      return await insert([row]);
    } catch (error) {
      if (!refusesValue(error)) throw error;
      return insert([{ ...row, body: JSON.stringify(storable(JSON.parse(row.body) as Json)) }]);
    }
  }

  async function write(together: readonly Waiting[]): Promise<void> {
    try {
      const stored = await insert(together.map(({ row }) => row));
      for (const { row, settle } of together)
        // The same event twice in one statement is one row, the first's.
        settle(stored.delete(keyOf(row)) ? 'stored' : 'repeated');
    } catch (error) {
      if (isDatabaseUnavailable(error) && !meetsOthers(error)) {
        for (const { fail } of together) fail(error);
        return;
      }
      await eachBounded(together, ALONE, async (one) => {
        if (one.isOver()) return;
        try {
          one.settle((await insertAlone(one.row)).size === 1 ? 'stored' : 'repeated');
        } catch (own) {
          one.fail(own);
        }
      });
    }
  }

  function takeTogether(): Waiting[] {
    const taken: Waiting[] = [];
    for (let bytes = 0; taken.length < ROWS && bytes < BYTES;) {
      const next = waiting.shift();
      if (next === undefined) break;
      if (next.isOver()) continue;
      taken.push(next);
      bytes += next.row.body.length;
    }
    return taken;
  }

  function work(): void {
    isScheduled = false;
    while (underWay < STATEMENTS && waiting.length > 0) {
      const together = takeTogether();
      if (together.length === 0) return;
      underWay++;
      void write(together).finally(() => {
        underWay--;
        work();
      });
    }
  }

  return {
    /** Resolves when the row is durable. @throws the error of Postgres, of this row or of all. */
    store(row: Delivery): Promise<Stored> {
      return new Promise((resolve, reject) => {
        let over = false;
        const end = () => {
          over = true;
          clearTimeout(late);
        };
        const late = setTimeout(() => {
          end();
          reject(new Error(READ_TIMEOUT));
        }, ANSWER);
        waiting.push({
          row,
          isOver: () => over,
          settle: (outcome) => {
            end();
            resolve(outcome);
          },
          fail: (error) => {
            end();
            reject(error instanceof Error ? error : new Error(String(error)));
          },
        });
        if (isScheduled || underWay === STATEMENTS) return;
        isScheduled = true;
        // What was read from the sockets in this turn goes along.
        setImmediate(work);
      });
    },
  };
}
