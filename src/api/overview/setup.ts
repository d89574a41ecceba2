import type { Db } from '../../db/client';
import { findConnected } from '../connection/connected-account';
import type { CoachAuth } from '../http/route';
import { readSettings } from '../settings';

/** The way from nothing to the first sale, in its order. */
export const SETUP_STEPS = [
  'connect',
  'verify',
  'create_product',
  'add_price',
  'set_origin',
  'first_sale',
] as const;

/** How far a coach has come, and the first step that is missing. */
export async function readSetup(db: Db, { coachId, mode }: Pick<CoachAuth, 'coachId' | 'mode'>) {
  const ours = { coachId, mode };
  const [connection, product, price, settings, sale] = await Promise.all([
    findConnected(db, coachId, mode),
    db.product.findFirst({ where: { ...ours, status: 'active' }, select: { id: true } }),
    db.price.findFirst({
      where: { ...ours, status: 'active', product: { status: 'active' } },
      select: { id: true },
    }),
    readSettings(db, coachId, mode),
    db.checkout.findFirst({ where: { ...ours, status: 'completed' }, select: { id: true } }),
  ]);
  const done = {
    connected: connection !== null,
    chargesEnabled: connection?.chargesEnabled ?? false,
    hasProduct: product !== null,
    hasActivePrice: price !== null,
    hasOrigin: settings.origins.length > 0,
    hasSale: sale !== null,
  };
  const isDone = {
    connect: done.connected,
    verify: done.chargesEnabled,
    create_product: done.hasProduct,
    add_price: done.hasActivePrice,
    set_origin: done.hasOrigin,
    first_sale: done.hasSale,
  };
  return { ...done, next: SETUP_STEPS.find((step) => !isDone[step]) ?? null };
}
