import { ConfigError } from './environment';

/** @throws ConfigError when one of the two is there without the other */
export function mailServerOf(env: {
  SMTP_URL?: string | undefined;
  MAIL_FROM?: string | undefined;
}): { url: string; from: string } | null {
  const { SMTP_URL: url, MAIL_FROM: from } = env;
  if (url === undefined && from === undefined) return null;
  if (url === undefined)
    throw new ConfigError('SMTP_URL: is missing, and MAIL_FROM is of no use without a mail server');
  if (from === undefined)
    throw new ConfigError('MAIL_FROM: is missing, and SMTP_URL needs an address that mails are from');
  return { url, from };
}
