// Compiled in a project that has nothing but the packed SDK, as an ES module and as CommonJS: test/e2e/packages.test.ts.
import {
  createSessionClient,
  SessionProblem,
  verifyWebhook,
  type AccessAnswer,
  type Price,
} from '@session/sdk';

const session = createSessionClient({ url: 'http://127.0.0.1:4000', key: 'sk_test_1', retries: undefined });

export async function use(body: string, headers: Headers): Promise<void> {
  const product = await session.post('/v1/products', { body: { name: 'Yoga' } });
  const id: string = product.id;
  const price: Price = await session.post('/v1/products/{id}/prices', {
    params: { path: { id } },
    body: { unitAmount: 4900 },
  });
  for await (const member of session.list('/v1/members', { params: { query: { search: 'a' } } })) {
    const externalId: string | null = member.externalId;
    console.log(externalId, price.id);
  }
  const answer: AccessAnswer = await session.access({ member: 'user-42', product: id });
  if (answer.from === 'unreachable') console.error(answer.error.message);
  else console.log(answer.detail.until);
  const { type, data } = await verifyWebhook({ body, headers, secret: 'whsec_x' });
  if (type === 'access.granted' && data.present?.object === 'access') console.log(data.present.until);

  // @ts-expect-error: no such address
  await session.get('/v1/nothing');
  // @ts-expect-error: a parameter is missing
  await session.get('/v1/products/{id}');
  // @ts-expect-error: a field too many
  await session.post('/v1/products', { body: { name: 'Yoga', colour: 'red' } });
  // @ts-expect-error: no such field in the answer
  console.log(product.colour);
  // @ts-expect-error: not a list
  session.list('/v1/settings');
  // @ts-expect-error: no such type of event
  if (type === 'access.taken') console.log(new SessionProblem('', {} as never).code);
}
