import type { Request } from 'express';
import type { Offer } from '../catalog/offered-price';
import { CODE_REFUSALS } from '../../domain/coupons';
import { ProblemError } from '../../domain/problem';
import { email as emailAddress, webAddress } from '../http/schemas';
import type { Consent } from '../checkout/opening';
import { promotionCodeWord } from '../coupons/word';
import { noteReminder } from './buy-reminder';
import type { Form } from './buy-view';

/** Only these of the address matter; they travel on with the form. */
export function parameter(
  req: Request,
  name: 'member' | 'successUrl' | 'cancelUrl' | 'code' | 'currency',
): string | undefined {
  const value = req.query[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string' || value.length > 4000)
    throw new ProblemError('invalid_request', `The parameter ${name} is not valid.`, { field: name });
  return value;
}

export function addressParameter(req: Request, name: 'successUrl' | 'cancelUrl'): string | undefined {
  const parsed = webAddress.optional().safeParse(parameter(req, name));
  if (!parsed.success)
    throw new ProblemError('invalid_request', `The parameter ${name} is not an address.`, { field: name });
  return parsed.data;
}

/** What the buyer has ticked. @throws ProblemError `invalid_request` where the page asks for it and it is not there */
export function givenConsent(req: Request, form: Form): Consent | null {
  if (form.consent === null) return null;
  const { consent } = (req.body ?? {}) as { consent?: unknown };
  if (consent !== form.consent.kind)
    throw new ProblemError('invalid_request', 'The buyer has not agreed.', { field: 'consent' });
  const { kind, text } = form.consent;
  return { kind, text };
}

/** How many the buyer wants; one where the page does not ask. @throws ProblemError `invalid_request` */
export function chosenQuantity(
  req: Request,
  form: Form,
  { maxQuantity }: Pick<Offer, 'maxQuantity'>,
): number {
  const { quantity = '1' } = (req.body ?? {}) as { quantity?: unknown };
  form.quantity = typeof quantity === 'string' ? quantity.slice(0, 9) : '1';
  const chosen = /^\d{1,3}$/.test(form.quantity) ? Number(form.quantity) : 0;
  if (chosen < 1 || chosen > maxQuantity)
    throw new ProblemError('invalid_request', `The quantity must be from 1 to ${maxQuantity}.`, {
      field: 'quantity',
    });
  return chosen;
}

/**
 * Whether the buyer wants to see what it comes to, and not to buy yet; what they have filled in stays.
 * @throws ProblemError `invalid_request` for a quantity that is none
 */
export function isTotalAsked(req: Request, form: Form, offer: Pick<Offer, 'maxQuantity'>): boolean {
  const { show, code, consent } = (req.body ?? {}) as { show?: unknown; code?: unknown; consent?: unknown };
  if (show !== 'total') return false;
  form.code = typeof code === 'string' ? code.trim().slice(0, 64) : form.code;
  form.isAgreed = consent === form.consent?.kind;
  noteReminder(req, form.reminder);
  chosenQuantity(req, form, offer);
  return true;
}

/** The promotion code that was typed, else the link's. @throws ProblemError `promotion_code_refused` for no word at all */
export function givenCode(req: Request, form: Form): string | null {
  const { code } = (req.body ?? {}) as { code?: unknown };
  form.code = typeof code === 'string' ? code.trim().slice(0, 200) : form.code;
  if (form.code === '') return null;
  const parsed = promotionCodeWord.safeParse(form.code);
  if (!parsed.success)
    throw new ProblemError('promotion_code_refused', CODE_REFUSALS.not_active, {
      field: 'promotionCode',
      reason: 'not_active',
    });
  return parsed.data;
}

/** What the browser typed; it joins what is free to a member, and never says who the browser is. */
export function typedEmail(req: Request, form: Form): string {
  const { email } = (req.body ?? {}) as { email?: unknown };
  form.email = typeof email === 'string' ? email.slice(0, 254) : '';
  const parsed = emailAddress.safeParse(email);
  if (!parsed.success)
    throw new ProblemError('invalid_request', 'That is not an e-mail address.', { field: 'email' });
  return parsed.data;
}
