import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useLanguage, usePageTexts } from '../texts/texts';
import { ProblemAlert } from '../ui/ProblemAlert';
import { useMailLink } from './session';

const en = {
  lead: 'Were you invited? Then sign in with your e-mail address.',
  email: 'E-mail address',
  submit: 'Send me a link',
  sent: (email: string) =>
    `If ${email} was invited here, a link is on its way. It works once, for 15 minutes. Open it in this browser.`,
};
const de: typeof en = {
  lead: 'Wurden Sie eingeladen? Dann melden Sie sich mit Ihrer E-Mail-Adresse an.',
  email: 'E-Mail-Adresse',
  submit: 'Link zusenden',
  sent: (email) =>
    `Falls ${email} hier eingeladen ist, ist ein Link unterwegs. Er gilt einmal, 15 Minuten lang. Öffnen Sie ihn in diesem Browser.`,
};
const EMAIL_SIGN_IN = { en, de };

/** A link by mail for people. What it says is the same for every address. */
export function EmailSignIn() {
  const words = usePageTexts(EMAIL_SIGN_IN);
  const { language } = useLanguage();
  const send = useMailLink();
  const [email, setEmail] = useState('');
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate({ email: email.trim(), language });
  };
  return (
    <form onSubmit={onSubmit} className="stack" noValidate>
      <p className="soft">{words.lead}</p>
      <TextInput
        type="email"
        label={words.email}
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        autoComplete="email"
      />
      <ProblemAlert problem={send.error} />
      <Button type="submit" variant="default" loading={send.isPending} disabled={email.trim() === ''}>
        {words.submit}
      </Button>
      <p role="status">{send.isSuccess && words.sent(send.variables.email)}</p>
    </form>
  );
}
