import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** How an operator finds a run in the Temporal Web UI: from the coach, the account, the member or the state. */
export const CoachId = defineSearchAttributeKey('CoachId', SearchAttributeType.KEYWORD);
export const StripeAccountId = defineSearchAttributeKey('StripeAccountId', SearchAttributeType.KEYWORD);
export const ModeAttribute = defineSearchAttributeKey('Mode', SearchAttributeType.KEYWORD);
export const MemberId = defineSearchAttributeKey('MemberId', SearchAttributeType.KEYWORD);
export const BusinessStatus = defineSearchAttributeKey('BusinessStatus', SearchAttributeType.KEYWORD);
