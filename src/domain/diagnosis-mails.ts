import type { DiagnosisFacts } from './diagnosis-facts';
import { type Finding, finding } from './finding';

/** Whether mails go out; said only where there is something to say. Without a mail server nothing is wrong: it was chosen so. */
export function mailFindings({ mails }: DiagnosisFacts): Finding[] {
  if (mails === undefined) return [];
  const { sends, unclear } = mails;
  if (!sends)
    return [
      finding('mail', 'server', {
        status: 'ok',
        title: 'No mails are sent',
        detail: 'This installation has no mail server: neither you nor your members are written to.',
        operatorTodo: 'To have mails sent, set SMTP_URL and MAIL_FROM.',
      }),
    ];
  if (unclear === 0) return [];
  return [
    finding('mail', 'unclear', {
      status: 'attention',
      title: 'Mails of which nobody knows whether they arrived',
      detail: `${unclear} of the last seven days: the mail server took them and gave no answer. They are not sent again by themselves.`,
      todo: 'Look at GET /v1/mails?status=unclear, or at Settings > E-mails, and ask the members.',
      operatorTodo: 'See why the mail server breaks off.',
    }),
  ];
}
