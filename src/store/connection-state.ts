import type { Connection } from '../db/generated/client';
import { businessStatus, waitsFor } from '../domain/selling';
import {
  type ConnectionFacts,
  type ConnectionStatus,
  isEnded,
  type Requirements,
} from '../domain/connection';
import { type Seconds, toSeconds } from '../domain/time';
import type { ConnectionView } from '../messages/messages';

/** What a run needs to know of its row. Times in seconds, UTC. */
export interface ConnectionState extends ConnectionView {
  status: ConnectionStatus;
  /** Nothing more will happen to this row. */
  ended: boolean;
  businessStatus: string;
  /** What it waits for, in words for an operator. */
  waitsFor: string;
  deadline: Seconds | null;
  now: Seconds;
}

/** The part of the row that the rules look at. */
export function connectionFacts(
  row: Pick<Connection, 'status' | 'flow' | 'chargesEnabled' | 'requirements' | 'endReason'>,
): ConnectionFacts {
  return {
    status: row.status,
    flow: row.flow,
    chargesEnabled: row.chargesEnabled,
    // Written by connection.ts of this folder only.
    requirements: row.requirements as Requirements | null,
    endReason: row.endReason,
  };
}

/** Until the coach is connected the attempt's expiry is the deadline, after that the next look at Stripe. */
export function connectionState(row: Connection, now: Seconds): ConnectionState {
  const facts = connectionFacts(row);
  const waitsForCoach = row.status === 'authorizing' || row.status === 'returned';
  const at = waitsForCoach ? row.expiresAt : row.nextDeadlineAt;
  const deadline = at === null ? null : toSeconds(at);
  return {
    connectionId: row.id,
    status: row.status,
    accountId: row.accountId,
    chargesEnabled: row.chargesEnabled,
    ended: isEnded(row.status),
    businessStatus: businessStatus(facts),
    waitsFor: waitsFor(facts, deadline),
    deadline,
    now,
  };
}
