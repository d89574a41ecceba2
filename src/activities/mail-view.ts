import type { SealedMail } from '../domain/mail-data';
import { type MailKind, termsOfMail } from '../domain/mails';
import { toSeconds, toSecondsOrNull } from '../domain/time';
import { decideBy } from '../domain/withdrawal';
import type { Mode } from '../domain/mode';
import type { MailSubject, MailView } from '../mail/content';
import { type MailAbout, nowOrLater } from '../store/mail-subject';

/** The member's own page with a coach (src/api/account). */
export const accountUrlOf = (publicUrl: string, coachId: string, mode: Mode) =>
  `${publicUrl}/account/${coachId}${mode === 'test' ? '/test' : ''}`;

/** What a mail says, from what it is about. */
export function mailViewOf(
  kind: MailKind,
  mode: Mode,
  about: MailAbout,
  sealed: SealedMail | null,
  publicUrl: string,
): MailView {
  return {
    ...subjectOf(kind, mode, about, publicUrl),
    ...(sealed === null ? {} : { [kind]: sealed.data }),
  };
}

function subjectOf(kind: MailKind, mode: Mode, about: MailAbout, publicUrl: string): MailSubject {
  const { now, coach, product, price, checkout, membership, openInvoice, access } = about;
  // What a chosen price is, the checkout knows; what the price is since, the membership.
  const sold = checkout ?? (price === null ? null : { ...price, quantity: membership?.quantity ?? 1 });
  const renews = membership?.kind === 'subscription' && ['active', 'trialing'].includes(membership.status);
  const trialEnd = membership?.status === 'trialing' ? nowOrLater(membership.trialEnd, now) : null;
  return {
    mode,
    coachName: coach.name,
    accountUrl: accountUrlOf(publicUrl, coach.id, mode),
    productName: product?.name ?? '',
    price:
      sold === null || sold.unitAmount === 0
        ? null
        : {
            amount: sold.unitAmount * sold.quantity,
            currency: sold.currency,
            interval: price?.interval ?? null,
            intervalCount: price?.intervalCount ?? null,
            installments: price?.installments ?? null,
          },
    beside: (checkout?.beside ?? []).map(({ product: { name }, unitAmount }) => ({
      productName: name,
      amount: unitAmount,
      currency: checkout?.currency ?? '',
    })),
    open:
      openInvoice === null
        ? null
        : {
            amount: openInvoice.amountRemaining,
            currency: openInvoice.currency,
            payUrl: openInvoice.url,
            nextAttemptAt: openInvoice.nextAttemptAt,
          },
    hasAccess: access.access,
    beginsAt: access.begins ?? null,
    until: access.until,
    renewsAt: renews && membership.cancelAt === null ? nowOrLater(membership.paidThrough, now) : null,
    trialEnd,
    refund: refundOf(about),
    memberName:
      termsOfMail(kind).to === 'coach' ? (about.member?.email ?? about.member?.externalId ?? null) : null,
    isFirst: about.isFirst,
    evidenceDueAt: toSecondsOrNull(membership?.evidenceDueAt ?? null),
    day: about.day,
    cardExpiresAt: toSecondsOrNull(membership?.cardExpiresAt ?? null),
    withdrawal: withdrawalOf(about),
    consoleUrl: `${publicUrl}/console`,
    reason: membership?.reason ?? null,
  };
}

function withdrawalOf({ withdrawal }: MailAbout): MailSubject['withdrawal'] {
  if (withdrawal === null) return null;
  const { status, statedAt, overdueAt, refundAmount, currency, failureCode } = withdrawal;
  return {
    status,
    statedAt: toSeconds(statedAt),
    decideBy: decideBy(toSeconds(statedAt)),
    isOverdue: overdueAt !== null,
    goesBack: refundAmount === null || currency === null ? null : { amount: refundAmount, currency },
    failureCode,
  };
}

function refundOf({ about: { amount, amountRefunded, currency } }: MailAbout): MailSubject['refund'] {
  if (amount === undefined || amountRefunded === undefined || currency === undefined) return null;
  return { amount: amountRefunded, currency, of: amount };
}
