import MailComposer from 'nodemailer/lib/mail-composer';
import type { Envelope } from './smtp';
import type { RenderedMail } from './render';

/** Who writes to whom. */
export interface Addresses {
  /** The platform's address, under the coach's name. */
  from: { name: string; address: string };
  replyTo: string | null;
  to: string;
}

/**
 * A mail as the wire has it. Its Message-ID is always the same for an id: whoever has it twice after all, by a coach who had it sent
 * again, knows it. https://www.rfc-editor.org/rfc/rfc5322#section-3.6.4
 * @param unsubscribeUrl where one request unsubscribes, as mail programs do it: https://www.rfc-editor.org/rfc/rfc8058
 */
export async function compose(
  id: string,
  { from, replyTo, to }: Addresses,
  mail: RenderedMail,
  unsubscribeUrl: string | null,
): Promise<Envelope> {
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  const composer = new MailComposer({
    messageId: `<${id}@${domain}>`,
    from,
    to: { name: '', address: to },
    ...(replyTo === null ? {} : { replyTo: { name: '', address: replyTo } }),
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    headers: {
      // No answer of a machine is wanted. https://www.rfc-editor.org/rfc/rfc3834
      'Auto-Submitted': 'auto-generated',
      ...(unsubscribeUrl === null
        ? {}
        : {
            'List-Unsubscribe': `<${unsubscribeUrl}>`,
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          }),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return { from: from.address, to, message: await composer.compile().build() };
}
