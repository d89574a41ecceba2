import type { StripeEvent, WebhookEndpoint } from '../objects/event';
import type { Space } from '../space';

/**
 * The endpoints that hear of an event: the account's own, and the platform's Connect endpoints while the account is
 * connected. An endpoint that is disabled misses what happens meanwhile. Live Connect endpoints hear of test events too: https://docs.stripe.com/connect/webhooks
 */
export function* listeners(
  space: Space,
  event: Pick<StripeEvent, 'type'>,
): Iterable<[owner: Space, endpoint: WebhookEndpoint]> {
  const wants = (endpoint: WebhookEndpoint): boolean =>
    endpoint.status === 'enabled' &&
    (endpoint.enabled_events.includes('*') || endpoint.enabled_events.includes(event.type));
  for (const endpoint of space.list('webhook_endpoint')) {
    if (!endpoint._emu.connect && wants(endpoint)) yield [space, endpoint];
  }
  if (space.isPlatform) return;
  const connected = space.emulator.reaches(space.accountId, space.livemode);
  if (!connected && event.type !== 'account.application.deauthorized') return;
  const owners = [space.emulator.platform(space.livemode)];
  if (!space.livemode && space.emulator.settings.testEventsToLiveConnect)
    owners.push(space.emulator.platform(true));
  for (const owner of owners) {
    for (const endpoint of owner.list('webhook_endpoint')) {
      if (endpoint._emu.connect && wants(endpoint)) yield [owner, endpoint];
    }
  }
}
