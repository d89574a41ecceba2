import type { Story } from '../stage';
import { catalog } from './catalog';
import { proration, schedule } from './changes';
import { errors, session } from './edges';
import { coupon, invoiceItems } from './invoicing';
import { currency, failure, refund } from './money';
import { renewal, subscription, trial } from './subscription';

/** What is compared, in the order of a run. Each story needs nothing of another. */
export const stories: Story[] = [
  catalog,
  subscription,
  trial,
  renewal,
  failure,
  refund,
  schedule,
  proration,
  coupon,
  invoiceItems,
  currency,
  session,
  errors,
];
