import { type Command, Argument } from 'commander';
import type { SessionClient } from '@session/sdk';
import type { Context, Run } from '../context.ts';
import { CommandError, EXIT } from '../exit.ts';
import { payAtLocalStripe } from '../sandbox.ts';

interface TriggerFlags {
  member?: string;
  product?: string;
  endpoint?: string;
}

/** What makes an event happen: by its type, what is done for it. Real things are done, so further events come with it. */
const TRIGGERS: Record<string, (context: Context, flags: TriggerFlags) => Promise<object>> = {
  'access.granted': ({ session }, flags) => give(session, flags),
  async 'access.ended'({ session }, flags) {
    const { id } = await give(session, flags);
    return session.post('/v1/grants/{id}/revoke', { params: { path: { id } }, body: {} });
  },
  async 'checkout.opened'({ session }, flags) {
    return openCheckout(session, flags);
  },
  async 'checkout.completed'({ place, session }, flags) {
    const local = place.expectLocal('A checkout is paid without a browser');
    const { id, url } = await openCheckout(session, flags);
    if (url !== null) await payAtLocalStripe(local, url);
    return session.get('/v1/checkouts/{id}', { params: { path: { id }, query: { wait: 20 } } });
  },
  'webhook_endpoint.test'({ session }, { endpoint }) {
    if (endpoint === undefined) throw new CommandError('Which one? Give --endpoint.', EXIT.usage);
    return session.post('/v1/webhook-endpoints/{id}/test', { params: { path: { id: endpoint } }, body: {} });
  },
};

export function triggerCommand(program: Command, run: Run): void {
  program
    .command('trigger')
    .description('makes an event happen, in test mode, by doing what it is of')
    .addArgument(new Argument('<type>', 'the event').choices(Object.keys(TRIGGERS)))
    .option('--member <member>', 'your id for the member; a new one unless told')
    .option('--product <product>', 'a new one unless told')
    .option('--endpoint <endpoint>', 'of webhook_endpoint.test')
    .action((type: string, flags: TriggerFlags) =>
      run(async (context) => {
        if (context.place.key.startsWith('ses_live_'))
          throw new CommandError('Nothing is triggered in live mode: use a key for test mode.', EXIT.usage);
        const done = await TRIGGERS[type]?.(context, flags);
        context.out.answer(done, [`${type} ${(done as { id?: string }).id ?? ''}`.trimEnd()]);
      }),
    );
}

const someMember = () => `triggered-${crypto.randomUUID().slice(0, 8)}`;

async function give(session: SessionClient, { member = someMember(), product }: TriggerFlags) {
  const productId = product ?? (await newProduct(session));
  return session.post('/v1/grants', { body: { member: { externalId: member }, productId } });
}

async function openCheckout(session: SessionClient, { member = someMember(), product }: TriggerFlags) {
  const productId = product ?? (await newProduct(session));
  const { id } = await session.post('/v1/products/{id}/prices', {
    params: { path: { id: productId } },
    body: { unitAmount: 4900 },
  });
  const price = await session.get('/v1/prices/{id}', { params: { path: { id }, query: { wait: 20 } } });
  if (price.status !== 'active')
    throw new CommandError(
      `The price is ${price.status}: ${price.failure?.message ?? 'look at it again later'}`,
    );
  return session.post('/v1/checkouts', { body: { priceId: id, member } });
}

const newProduct = async (session: SessionClient) =>
  (await session.post('/v1/products', { body: { name: 'Triggered' } })).id;
