import { Button } from '@mantine/core';
import type { ComponentProps } from 'react';
import { useAction } from '../../api/resource';
import type { Mail } from '../../api/types';
import { useFormat } from '../../format/format';
import { usePageTexts } from '../../texts/texts';
import { More, ProblemAlert, Section, Tag, type Tone, useNotify } from '../../ui';
import { MAILS } from './texts';

const TONES: Record<Mail['status'], Tone> = {
  queued: 'busy',
  sending: 'busy',
  sent: 'good',
  unclear: 'warn',
  stale: 'quiet',
  suppressed: 'quiet',
  failed: 'bad',
};

/** What was mailed, or not, and why; the newest first. */
export function SentMails({
  mails: all,
  query,
}: {
  mails: Mail[];
  query: ComponentProps<typeof More>['query'];
}) {
  const mails = usePageTexts(MAILS);
  return (
    <Section title={mails.listTitle} lead={mails.listLead}>
      {all.length === 0 ? (
        <p className="soft">{mails.none}</p>
      ) : (
        <ul className="rows">
          {all.map((mail) => (
            <OneMail key={mail.id} mail={mail} />
          ))}
        </ul>
      )}
      <More query={query} />
    </Section>
  );
}

function OneMail({ mail }: { mail: Mail }) {
  const mails = usePageTexts(MAILS);
  const format = useFormat();
  const notify = useNotify();
  const again = useAction('post', '/v1/mails/{id}/send-again');
  const send = () =>
    again.mutate(
      { params: { path: { id: mail.id } }, body: {} },
      { onSuccess: () => notify({ text: mails.sentAgain }) },
    );
  return (
    <li>
      <div className="grow">
        <p className="row-title">{mails.kinds[mail.kind]}</p>
        <p className="soft small">
          {format.dateTime(mail.createdAt)}
          {mail.reason !== null && ` · ${mails.reasons[mail.reason]}`}
          {mail.nextTryAt !== null && ` · ${mails.nextTry(format.dateTime(mail.nextTryAt))}`}
        </p>
        <ProblemAlert problem={again.error} />
      </div>
      <Tag tone={TONES[mail.status]}>{mails.statuses[mail.status]}</Tag>
      {again.isAllowed && (mail.status === 'unclear' || mail.status === 'failed') && (
        <Button size="xs" variant="default" loading={again.isPending} onClick={send}>
          {mails.sendAgain}
          <span className="sr-only">: {mails.kinds[mail.kind]}</span>
        </Button>
      )}
    </li>
  );
}
