import { z } from 'zod';

/** What is wrong with an `SMTP_URL`; null: nothing. The value itself is never repeated, as it has a password in it. */
function problemOf(text: string): string | null {
  if (!/^smtps?:\/\//i.test(text)) return 'has to begin with smtp:// or smtps://';
  if (!URL.canParse(text) || new URL(text).hostname === '')
    return 'names no host, as in smtp://user:password@mail.example.com:587';
  const { username, password } = new URL(text);
  if ((username === '') !== (password === ''))
    return 'has a user without a password, or a password without a user';
  return null;
}

/** https://nodemailer.com/smtp#general-options */
export const smtpUrl = z.string().superRefine((text, context) => {
  const problem = problemOf(text);
  if (problem !== null) context.addIssue({ code: 'custom', message: problem });
});

export const mailAddress = z.email({
  error: 'is not an e-mail address, as in mails@example.com, without a name',
});
