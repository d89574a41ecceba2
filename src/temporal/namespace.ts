import type { ConnectionLike } from '@temporalio/client';
import {
  BusinessStatus,
  CoachId,
  MemberId,
  ModeAttribute,
  StripeAccountId,
} from '../messages/search-attributes';

/** `INDEXED_VALUE_TYPE_KEYWORD` of Temporal's API. */
const KEYWORD = 2;

/** Names of the search attributes by which operators find a run. All are keywords. */
export const SEARCH_ATTRIBUTES = [CoachId, StripeAccountId, ModeAttribute, MemberId, BusinessStatus].map(
  ({ name }) => name,
);

/** Which of ours the namespace lacks. A run that sets an unknown one cannot start. */
export async function missingSearchAttributes(
  connection: ConnectionLike,
  namespace: string,
): Promise<string[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return SEARCH_ATTRIBUTES.filter((name) => customAttributes?.[name] === undefined);
}

/**
 * Registers what the namespace lacks. Needs the right to do so: on Temporal Cloud, register them in its console instead.
 * https://docs.temporal.io/search-attribute
 */
export async function registerSearchAttributes(
  connection: ConnectionLike,
  namespace: string,
): Promise<string[]> {
  const missing = await missingSearchAttributes(connection, namespace);
  if (missing.length > 0) {
    const searchAttributes = Object.fromEntries(missing.map((name) => [name, KEYWORD]));
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  }
  return missing;
}
