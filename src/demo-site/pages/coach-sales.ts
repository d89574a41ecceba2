import { type Html, html } from '../../api/http/html';
import { formatMoney } from '../../domain/money';
import type { Checkout, Member, Membership, Mode, Product } from '../../session-client/types';
import { dateTime, nextInWords, words } from '../format';
import { runUrl, type Site } from '../site';
import { action } from './coach-frame';

export interface SalesFacts {
  mode: Mode;
  site: Site;
  memberships: Membership[];
  checkouts: Checkout[];
  members: ReadonlyMap<string, Member>;
  products: ReadonlyMap<string, Product>;
  /** The present time of the coach's account; null when it cannot be moved. */
  clock: string | null;
}

/** Who has bought what, what happens next, and what the coach can do about it. */
export function salesPage(facts: SalesFacts): Html {
  return html`${facts.clock === null ? null : clockCard(facts.mode, facts.clock)}
    <section class="card">
      <h2>Memberships</h2>
      ${
        facts.memberships.length === 0
          ? html`<p class="soft">Nobody has bought anything yet.</p>`
          : html`<ul class="list">
              ${facts.memberships.map((membership) => membershipLine(facts, membership))}
            </ul>`
      }
    </section>
    <section class="card">
      <h2>Checkouts</h2>
      ${
        facts.checkouts.length === 0
          ? html`<p class="soft">No checkout was opened yet.</p>`
          : html`<ul class="list">
              ${facts.checkouts.map((checkout) => checkoutLine(facts, checkout))}
            </ul>`
      }
    </section>`;
}

function clockCard(mode: Mode, clock: string): Html {
  const move = (days: string, label: string) =>
    action(`/${mode}/coach/time`, label, { kind: 'quiet small', fields: { days } });
  return html`<section class="card">
    <h2>Time travel</h2>
    <p>For this Stripe account it is ${dateTime(clock)}. The emulated Stripe and Session move on together.</p>
    <div class="row">
      ${move('1', 'A day later')} ${move('7', 'A week later')} ${move('31', 'A month later')}
    </div>
  </section>`;
}

const LOOKS: Partial<Record<Membership['status'], string>> = {
  past_due: 'wait',
  canceling: 'wait',
  suspended: 'bad',
  ended: 'bad',
};

function membershipLine(facts: SalesFacts, membership: Membership): Html {
  const { mode, site } = facts;
  const address = `/${mode}/coach/memberships/${membership.id}`;
  // Without a connection nothing can be changed at Stripe.
  const living =
    membership.kind === 'subscription' &&
    membership.status !== 'ended' &&
    membership.reason !== 'disconnected';
  const next = membership.next;
  return html`<li>
    <div class="line">
      <strong>${who(facts, membership.memberId)}</strong> ${facts.products.get(membership.productId)?.name}
      <span class="state ${LOOKS[membership.status] ?? ''} push">${words(membership.status)}</span>
    </div>
    <p>${membership.reasonInWords} ${next === null ? null : nextInWords(next)}</p>
    ${
      membership.duplicate
        ? html`<p class="notice">
            This member holds another purchase of the same product: look whether one is to be refunded.
          </p>`
        : null
    }
    <div class="line">
      ${
        living && membership.status !== 'canceling'
          ? action(`${address}/cancel`, 'Cancel at period end', {
              kind: 'quiet small',
              fields: { at: 'period_end' },
            })
          : null
      }
      ${
        living && membership.status === 'canceling'
          ? action(`${address}/resume`, 'Resume', { kind: 'quiet small' })
          : null
      }
      ${living ? action(`${address}/cancel`, 'Cancel now', { kind: 'bad small', fields: { at: 'now' } }) : null}
      ${membership.kind === 'subscription' ? runLink(site, `membership/${membership.id}`) : null}
    </div>
  </li>`;
}

function checkoutLine(facts: SalesFacts, checkout: Checkout): Html {
  const under = checkout.status === 'open' || checkout.status === 'opening';
  const look = checkout.status === 'completed' ? '' : under || checkout.status === 'pending' ? 'wait' : 'bad';
  return html`<li>
    <div class="line">
      <span
        >${checkout.memberId === null ? 'A visitor' : who(facts, checkout.memberId)},
        ${facts.products.get(checkout.productId)?.name},
        ${formatMoney(checkout.unitAmount, checkout.currency)}</span
      >
      <span class="state ${look} push">${words(checkout.status)}</span>
    </div>
    ${checkout.failure === null ? null : html`<p>${checkout.failure.message}</p>`}
    <div class="line soft">
      ${dateTime(checkout.createdAt)}
      ${
        under
          ? action(`/${facts.mode}/coach/checkouts/${checkout.id}/cancel`, 'Cancel', { kind: 'quiet small' })
          : null
      }
      ${runLink(facts.site, `checkout/${checkout.id}`)}
    </div>
  </li>`;
}

function who({ members }: SalesFacts, memberId: string): string {
  const member = members.get(memberId);
  return member?.externalId ?? member?.email ?? memberId;
}

function runLink(site: Site, workflowId: string): Html | null {
  const url = runUrl(site, workflowId);
  return url === null ? null : html`<a class="soft" href="${url}">Its run in Temporal</a>`;
}
