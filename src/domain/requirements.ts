import type { Requirements } from './connection';

/** What Stripe wants now, each field once, the overdue ones first. */
export function dueNow(requirements: Requirements): string[] {
  return [...new Set([...requirements.pastDue, ...requirements.currentlyDue])];
}

const WORDS: Record<string, string> = {
  external_account: 'a bank account for payouts',
  'tos_acceptance.date': 'acceptance of Stripe’s terms',
  'tos_acceptance.ip': 'acceptance of Stripe’s terms',
  'business_profile.url': 'the website of the business',
  'business_profile.mcc': 'the kind of business',
  'individual.dob.day': 'the date of birth',
  'individual.dob.month': 'the date of birth',
  'individual.dob.year': 'the date of birth',
  head_office: 'the address of your head office',
  'individual.verification.document': 'an identity document',
  'individual.verification.additional_document': 'a second identity document',
  'company.verification.document': 'a document about the company',
};

/** Stripe's field names as a person reads them. */
export function inWords(fields: string[]): string {
  return [...new Set(fields.map((field) => WORDS[field] ?? field.replaceAll(/[._]/g, ' ')))].join(', ');
}

/** The field that {@link inWords} gave these words; null where it has none of its own. */
export function fieldInEnglish(words: string): string | null {
  const known = Object.entries(WORDS).find(([, english]) => english === words);
  return known === undefined ? null : known[0];
}
