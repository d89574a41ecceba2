import { endSubscription } from '../billing/cancellation';
import { announceUpcoming, finalizeDueInvoice, renewSubscription } from '../billing/cycle';
import { answerEvidence, disputeByCard, disputeDue } from '../billing/disputes';
import { collectInvoice } from '../billing/invoices';
import { invoiceOverdue } from '../billing/outcomes';
import { advanceSchedule, startSchedule } from '../billing/schedule-run';
import { settlePayment } from '../billing/settlement';
import { expireIncomplete } from '../billing/subscriptions';
import { expireSession } from '../checkout/expiry';
import type { Space } from '../space';
import type { JobKind } from './jobs';

/** What each kind of job does to its object. */
export const jobHandlers: Record<JobKind, (space: Space, object: string) => void> = {
  'subscription.renew': renewSubscription,
  'subscription.cancel': (space, id) => {
    endSubscription(space, id, 'cancellation_requested');
  },
  'subscription.trial_will_end': (space, id) => {
    const subscription = space.find('subscription', id);
    if (subscription?.status === 'trialing') space.emit('customer.subscription.trial_will_end', subscription);
  },
  'subscription.expire_incomplete': expireIncomplete,
  'subscription.resume_collection': (space, id) => {
    space.change(
      'subscription',
      id,
      'customer.subscription.updated',
      (draft) => (draft.pause_collection = null),
    );
  },
  'invoice.upcoming': announceUpcoming,
  'invoice.finalize': finalizeDueInvoice,
  'invoice.overdue': invoiceOverdue,
  'invoice.retry': (space, id) => {
    collectInvoice(space, id, { offSession: true });
  },
  'schedule.start': startSchedule,
  'schedule.advance': advanceSchedule,
  'schedule.expiring': (space, id) => {
    const schedule = space.find('subscription_schedule', id);
    if (schedule?.status === 'active') space.emit('subscription_schedule.expiring', schedule);
  },
  'charge.dispute': disputeByCard,
  'dispute.answer': answerEvidence,
  'dispute.due': disputeDue,
  'session.expire': expireSession,
  'payment.settle': (space, id) => {
    const intent = space.find('payment_intent', id);
    const method = intent?.payment_method ? space.find('payment_method', intent.payment_method) : undefined;
    settlePayment(space, id, method?._emu.behavior !== 'delayed_failure' && !method?._emu.failing);
  },
};
