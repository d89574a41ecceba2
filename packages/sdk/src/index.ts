export {
  createSessionClient,
  idempotencyKey,
  type SessionClient,
  type SessionClientOptions,
} from './client.ts';
export type { AccessAnswer, AccessOptions, AccessQuestion } from './access.ts';
export { SessionProblem, SessionUnreachable } from './problem.ts';
export type { Send } from './send.ts';
export { signMemberToken, type SigningSecret } from './member-token.ts';
export {
  signWebhook,
  verifyWebhook,
  WebhookVerificationError,
  type WebhookFault,
  type WebhookHeaders,
  type WebhookMessage,
  type WebhookRequest,
} from './webhooks.ts';
export type { DataOf, InitOf, ItemOf, ListPath, Method, PathOf } from './operations.ts';
export type * from './types.ts';
export type { components, paths } from './generated/schema.ts';
