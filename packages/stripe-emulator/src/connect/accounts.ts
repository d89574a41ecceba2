import type { Emulator } from '../emulator';
import { ONBOARDING_REQUIREMENTS, requirementsOf, UNNAMED_BUSINESS, type Account } from '../objects/account';

/**
 * Tells the platform about a changed account, in every mode in which it may act on the account: as an event of the account,
 * and as one of the platform's own, which names the account in `data.object` only. The second is what integrations report;
 * https://docs.stripe.com/connect/webhooks promises the first. Whoever needs `account` there would miss nothing by ignoring it.
 */
export function emitAccountUpdated(emulator: Emulator, before: Account, after: Account): void {
  const isPlatform = after.id === emulator.platformId;
  for (const livemode of [false, true]) {
    if (!isPlatform && !emulator.reaches(after.id, livemode)) continue;
    if (!isPlatform) emulator.space(after.id, livemode).emitChange('account.updated', before, after);
    emulator.platform(livemode).emitChange('account.updated', before, after);
  }
}

/** The owner has given everything that Stripe asked for. */
export function completeVerification(emulator: Emulator, id: string): Account {
  return emulator.updateAccount(id, (draft) => {
    setCapabilities(draft, 'active');
    draft.charges_enabled = true;
    draft.payouts_enabled = true;
    draft.details_submitted = true;
    draft.requirements = requirementsOf([], null);
    draft.tos_acceptance.date ??= Math.floor(Date.now() / 1000);
    draft.business_profile.url ??= 'https://example.com';
    nameBusiness(draft);
  });
}

/** Stripe asks for something more; the account can go on until it is overdue. */
export function askForVerification(emulator: Emulator, id: string): Account {
  return emulator.updateAccount(id, (draft) => {
    const due = draft.details_submitted ? ['individual.verification.document'] : ONBOARDING_REQUIREMENTS;
    const overdue = !draft.details_submitted;
    draft.requirements = {
      ...requirementsOf(due, overdue ? 'requirements.past_due' : null),
      past_due: overdue ? due : [],
    };
    draft.requirements.current_deadline = overdue ? null : Math.floor(Date.now() / 1000) + 14 * 86_400;
  });
}

/** Stripe stops the account: no charges, no payouts. */
export function restrictAccount(emulator: Emulator, id: string): Account {
  return emulator.updateAccount(id, (draft) => {
    setCapabilities(draft, 'inactive');
    draft.charges_enabled = false;
    draft.payouts_enabled = false;
    draft.requirements = requirementsOf(['individual.verification.document'], 'requirements.past_due');
  });
}

/** The platform turns an account away: https://docs.stripe.com/api/account/reject */
export function rejectAccount(emulator: Emulator, id: string, reason: string): Account {
  return emulator.updateAccount(id, (draft) => {
    setCapabilities(draft, 'inactive');
    draft.charges_enabled = false;
    draft.payouts_enabled = false;
    draft.requirements = requirementsOf([], `rejected.${reason}`);
  });
}

/** The owner has filled in the form, but Stripe wants to see a document before anything can be charged. */
export function submitWithDocumentDue(emulator: Emulator, id: string): Account {
  return emulator.updateAccount(id, (draft) => {
    draft.details_submitted = true;
    draft.tos_acceptance.date ??= Math.floor(Date.now() / 1000);
    nameBusiness(draft);
    draft.requirements = requirementsOf(['individual.verification.document'], 'requirements.past_due');
  });
}

/** Stripe's form asks what the business is called. */
function nameBusiness(account: Account): void {
  account.business_profile.name ??= UNNAMED_BUSINESS;
  account.settings.dashboard.display_name ??= account.business_profile.name;
}

function setCapabilities(account: Account, status: 'active' | 'inactive'): void {
  for (const name of Object.keys(account.capabilities)) account.capabilities[name] = status;
}
