import { z } from 'zod';
import { lockProduct } from '../../store/catalog-lock';
import type { Db } from '../../db/client';
import type { Product } from '../../db/generated/client';
import { ProblemError } from '../../domain/problem';
import { isoTime, isoTimeOrNull } from '../../domain/time';
import { isTaxCode } from '../../stripe/products';
import { findConnected } from '../connection/connected-account';
import { atStripe } from '../http/stripe-call';
import { syncAtStripe } from './sync';
import type { ApiDeps } from '../deps';
import { pageArgs, pageOf } from '../http/paging';
import { answer, type CoachAuth, route, type Route } from '../http/route';
import { id, listOf, nothing, page, text, time } from '../http/schemas';

const productSchema = z
  .object({
    id: z.string().meta({ example: 'pdt_3kTMd0fWbJ9xQeN4vYzA' }),
    name: z.string(),
    description: z.string().nullable(),
    features: z.array(z.string()),
    taxCode: z.string().nullable(),
    status: z.enum(['active', 'archived']),
    createdAt: time,
    updatedAt: time,
    archivedAt: time.nullable(),
  })
  .meta({ id: 'Product' });

const view = (product: Product) => ({
  id: product.id,
  name: product.name,
  description: product.description,
  features: product.features,
  taxCode: product.taxCode,
  status: product.status,
  createdAt: isoTime(product.createdAt),
  updatedAt: isoTime(product.updatedAt),
  archivedAt: isoTimeOrNull(product.archivedAt),
});

const name = text(200).meta({ example: 'Morning yoga', description: 'As members read it at Stripe' });
const description = text(1000).nullable();
const features = z
  .array(text(200))
  .max(20)
  .meta({
    description: 'What is included, a line each, as the purchase page says it',
    example: ['Two live classes a week', 'Every recording'],
  });
const taxCode = z
  .string()
  .regex(/^txcd_\d{8}$/, 'must be one of Stripe’s product tax codes, such as txcd_20060045')
  .nullable()
  .meta({
    example: 'txcd_20060045',
    description:
      'Stripe’s product tax code, for Stripe Tax (https://docs.stripe.com/tax/tax-codes); null: the one that your Stripe account has for what has none',
  });

/** The coach's product. @throws ProblemError `not_found` */
export async function expectProduct(db: Db, auth: CoachAuth, productId: string): Promise<Product> {
  const product = await db.product.findFirst({
    where: { id: productId, coachId: auth.coachId, mode: auth.mode },
  });
  if (product === null) throw noProduct();
  return product;
}

/**
 * Asks Stripe whether it has a tax code; without a connected account nobody can be asked, and the first price says so.
 * @throws ProblemError `invalid_request`, or that Stripe could not be asked
 */
async function expectTaxCode(
  { db, stripe }: ApiDeps,
  { coachId, mode }: Pick<CoachAuth, 'coachId' | 'mode'>,
  code: string | null,
): Promise<void> {
  const connection = code === null ? null : await findConnected(db, coachId, mode);
  if (code === null || connection === null) return;
  const client = { stripe: stripe.of(mode), accountId: connection.accountId };
  if (!(await atStripe(() => isTaxCode(client, code))))
    throw new ProblemError('invalid_request', `Stripe has no tax code ${code}.`, { field: 'taxCode' });
}

export const noProduct = () =>
  new ProblemError('not_found', 'There is no product with this id.', { field: 'productId' });

/** What a coach sells. Stripe gets a product with its first price, and every change after that. */
export function productRoutes(deps: ApiDeps): Route[] {
  const { db } = deps;
  const params = z.strictObject({ id: id('pdt') });
  return [
    route({
      method: 'post',
      path: '/v1/products',
      tag: 'Products and prices',
      auth: 'coach',
      summary: 'Create a product',
      body: z.strictObject({
        name,
        description: description.default(null),
        features: features.default([]),
        taxCode: taxCode.default(null),
      }),
      answers: { 201: { description: 'The product', schema: productSchema } },
      async handler({ auth: { coachId, mode }, body, newId }) {
        await expectTaxCode(deps, { coachId, mode }, body.taxCode);
        const productId = newId('product');
        const product = await db.product.upsert({
          where: { id: productId },
          create: { id: productId, coachId, mode, ...body },
          update: {},
        });
        return answer(201, view(product));
      },
    }),
    route({
      method: 'get',
      path: '/v1/products',
      tag: 'Products and prices',
      auth: 'coach',
      summary: 'List the products',
      query: z.strictObject({ ...page, status: z.enum(['active', 'archived']).optional() }),
      answers: { 200: { description: 'A page of products', schema: listOf(productSchema) } },
      async handler({ auth: { coachId, mode }, query }) {
        const { after, order } = pageArgs(query);
        const status = query.status === undefined ? {} : { status: query.status };
        const rows = await db.product.findMany({ where: { coachId, mode, ...status, ...after }, ...order });
        return answer(200, pageOf(rows, query.limit, view));
      },
    }),
    route({
      method: 'get',
      path: '/v1/products/{id}',
      tag: 'Products and prices',
      auth: 'coach',
      summary: 'Read a product',
      params,
      answers: { 200: { description: 'The product', schema: productSchema } },
      handler: async ({ auth, params }) => answer(200, view(await expectProduct(db, auth, params.id))),
    }),
    route({
      method: 'patch',
      path: '/v1/products/{id}',
      tag: 'Products and prices',
      auth: 'coach',
      summary: 'Edit a product',
      description: 'Changes what members read, here and at Stripe. Fields that are left out stay.',
      params,
      body: z
        .strictObject({
          name: name.optional(),
          description: description.optional(),
          features: features.optional(),
          taxCode: taxCode.optional(),
        })
        .refine((body) => Object.keys(body).length > 0, 'must change something')
        .meta({ minProperties: 1 }),
      answers: { 200: { description: 'The product now', schema: productSchema } },
      problems: ['product_archived'],
      async handler({ auth, params, body, log }) {
        const present = await expectProduct(db, auth, params.id);
        if (present.status === 'archived')
          throw new ProblemError('product_archived', 'An archived product is not edited.');
        await expectTaxCode(deps, auth, body.taxCode ?? null);
        const product = await db.product.update({
          where: { id: params.id },
          data: {
            ...(body.name === undefined ? {} : { name: body.name }),
            ...(body.description === undefined ? {} : { description: body.description }),
            ...(body.features === undefined ? {} : { features: body.features }),
            ...(body.taxCode === undefined ? {} : { taxCode: body.taxCode }),
          },
        });
        await syncAtStripe(deps, auth, { kind: 'product', id: product.id }, log);
        return answer(200, view(product));
      },
    }),
    route({
      method: 'post',
      path: '/v1/products/{id}/archive',
      tag: 'Products and prices',
      auth: 'coach',
      summary: 'Archive a product and its prices',
      description: 'Nobody can buy it any more. Memberships of it go on as they are.',
      params,
      body: nothing,
      answers: { 200: { description: 'The product, archived', schema: productSchema } },
      async handler({ auth, params, log }) {
        await expectProduct(db, auth, params.id);
        const archivedAt = new Date();
        const prices = await db.$transaction(async (tx) => {
          // The same lock as a new price takes, so that no price is left active.
          await lockProduct(tx, params.id);
          await tx.product.updateMany({
            where: { id: params.id, status: 'active' },
            data: { status: 'archived', archivedAt },
          });
          return tx.price.updateManyAndReturn({
            where: {
              productId: params.id,
              coachId: auth.coachId,
              mode: auth.mode,
              status: { not: 'archived' },
            },
            data: { status: 'archived', archivedAt, revision: { increment: 1 } },
            select: { id: true },
          });
        });
        await syncAtStripe(deps, auth, { kind: 'product', id: params.id }, log);
        for (const price of prices) await syncAtStripe(deps, auth, { kind: 'price', id: price.id }, log);
        return answer(200, view(await expectProduct(db, auth, params.id)));
      },
    }),
  ];
}
