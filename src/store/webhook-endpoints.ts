import type { WebhookEndpoint } from '../db/generated/client';

/** What an endpoint's secrets are encrypted under: they cannot be opened as another row's. */
export const webhookSecretContext = ({ id }: Pick<WebhookEndpoint, 'id'>) => `webhook-endpoint/${id}`;

/** Endpoints of a coach in one mode. */
export const MOST_WEBHOOK_ENDPOINTS = 20;
