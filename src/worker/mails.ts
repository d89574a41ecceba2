import type { Db } from '../db/client';
import type { Log } from '../log';
import { claimMails, markMailSending, suppressDueMails } from '../store/mails';
import type { WorkflowClient } from '../temporal/workflow-client';
import { type Rounds, startRounds } from './rounds';
import { BATCH, startClaimed } from './start-claimed';

export interface MailDeps {
  db: Db;
  workflows: WorkflowClient;
  log: Log;
  /** False: no mail server is configured. */
  sends: boolean;
}

/** Gives each mail that is due and has no run its run; without a mail server, notes that none is sent. Answers how many there were. */
export async function startMails(deps: MailDeps): Promise<number> {
  if (!deps.sends) return suppressDueMails(deps.db, BATCH);
  const { db, workflows, log } = deps;
  return startClaimed(workflows, await claimMails(db, BATCH), {
    start: ({ coachId, mode, mailId, memberId }) =>
      workflows.mailChanged({ coachId, mode, mailId }, memberId),
    note: (mail) => markMailSending(db, mail),
    failed: ({ mailId }, why) => log.warn({ mailId, why }, 'A mail could not be started; it stays in line'),
  });
}

/** The part of the relay that brings mails to their runs. */
export const startMailRelay = (deps: MailDeps & Pick<Rounds, 'databaseUrl' | 'pollSeconds'>) =>
  startRounds({
    ...deps,
    channel: 'mail',
    name: 'mails',
    round: async () => (await startMails(deps)) === BATCH,
  });
