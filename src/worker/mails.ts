import type { Db } from '../db/client';
import { eachBounded } from '../domain/bounded';
import type { Log } from '../log';
import { claimMails, type ClaimedMail, markMailSending, suppressDueMails } from '../store/mails';
import { wordsOf } from '../stripe/errors';
import type { WorkflowClient } from '../temporal/workflow-client';
import { type Rounds, startRounds } from './rounds';

export interface MailDeps {
  db: Db;
  workflows: WorkflowClient;
  log: Log;
  /** False: no mail server is configured. */
  sends: boolean;
}

/** Rows of one claim, and starts at once. */
const BATCH = 100;
const AT_ONCE = 10;
/** Milliseconds for Temporal to take a start; what it has not taken is taken again when its lease has lapsed. */
const TEMPORAL_TIMEOUT_MS = 10_000;

/** Gives each mail that is due and has no run its run; without a mail server, notes that none is sent. Answers how many there were. */
export async function startMails(deps: MailDeps): Promise<number> {
  if (!deps.sends) return suppressDueMails(deps.db, BATCH);
  const claimed = await claimMails(deps.db, BATCH);
  await eachBounded(claimed, AT_ONCE, (mail) => startMail(deps, mail));
  return claimed.length;
}

async function startMail({ db, workflows, log }: MailDeps, claimed: ClaimedMail): Promise<void> {
  const { coachId, mode, mailId, memberId } = claimed;
  try {
    await workflows.withDeadline(TEMPORAL_TIMEOUT_MS, () =>
      workflows.mailChanged({ coachId, mode, mailId }, memberId),
    );
    // Only now: a row that has a run, whoever dies in between, is one that Temporal knows of.
    await markMailSending(db, claimed);
  } catch (error) {
    log.warn({ mailId, why: wordsOf(error) }, 'A mail could not be started; it stays in line');
  }
}

/** The part of the relay that brings mails to their runs. */
export const startMailRelay = (deps: MailDeps & Pick<Rounds, 'databaseUrl' | 'pollSeconds'>) =>
  startRounds({
    ...deps,
    channel: 'mail',
    name: 'mails',
    round: async () => (await startMails(deps)) === BATCH,
  });
