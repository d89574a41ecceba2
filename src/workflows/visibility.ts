import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { BusinessStatus, MemberId, StripeAccountId } from '../messages/search-attributes';

/** What operators see of a run in the Temporal Web UI; search attributes change on transitions only. */
export function createVisibility() {
  let shown = '';
  return (state: {
    status: string;
    waitsFor: string;
    accountId?: string | null;
    memberId?: string | null;
  }): void => {
    const { summary } = workflowInfo().memo ?? {};
    const title = typeof summary === 'string' ? `${summary}: ` : '';
    setCurrentDetails(`${title}**${state.status}** — ${state.waitsFor}`);
    const key = [state.status, state.accountId, state.memberId].join();
    if (key === shown) return;
    shown = key;
    upsertSearchAttributes([
      { key: BusinessStatus, value: state.status },
      ...(state.accountId == null ? [] : [{ key: StripeAccountId, value: state.accountId }]),
      ...(state.memberId == null ? [] : [{ key: MemberId, value: state.memberId }]),
    ]);
  };
}
