import { UNNAMED_BUSINESS } from '../objects/account';
import type { Emulator } from '../emulator';
import { html, layout, type Html } from './html';

/** A valid authorize request. */
export interface AuthorizeRequest {
  clientId: string;
  livemode: boolean;
  redirectUri: string;
  scope: 'read_write' | 'read_only';
  state: string | undefined;
}

const COUNTRIES = ['US', 'GB', 'DE', 'AT', 'CH', 'FR', 'ES', 'IT', 'NL', 'IE', 'CA', 'AU', 'JP', 'SE', 'PL'];
const CURRENCIES = ['usd', 'eur', 'gbp', 'chf', 'cad', 'aud', 'jpy', 'sek', 'pln'];

/** Stripe's page on which an owner connects an account to the platform. */
export function authorizePage(emulator: Emulator, request: AuthorizeRequest, error: string | null): string {
  const platform = emulator.account(emulator.platformId)?.business_profile.name ?? 'The platform';
  const accounts = emulator.accounts().filter(({ id }) => id !== emulator.platformId);
  const body = html`<div class="card narrow">
    <h1>Connect your account to ${platform}</h1>
    <p class="soft">
      ${platform} wants to
      ${request.scope === 'read_write' ? 'create charges and manage products, prices and subscriptions' : 'read data'}
      on your Stripe account.
    </p>
    ${error ? html`<p class="error" role="alert">${error}</p>` : null}
    <form method="post" action="/oauth/authorize">
      <input type="hidden" name="response_type" value="code" />
      <input type="hidden" name="client_id" value="${request.clientId}" />
      <input type="hidden" name="redirect_uri" value="${request.redirectUri}" />
      <input type="hidden" name="scope" value="${request.scope}" />
      ${request.state === undefined ? null : html`<input type="hidden" name="state" value="${request.state}" />`}
      <fieldset>
        <legend>Account</legend>
        ${accounts.map(
          (account) =>
            html`<label class="choice"
              ><input type="radio" name="account" value="${account.id}" />
              <span
                >${account.business_profile.name ?? account.email ?? account.id}
                <span class="soft small"
                  >${account.id}, ${account.country},
                  ${account.charges_enabled ? 'verified' : 'verification due'}</span
                ></span
              ></label
            >`,
        )}
        <label class="choice"
          ><input type="radio" name="account" value="new" checked /> <span>Create a new account</span></label
        >
      </fieldset>
      <fieldset>
        <legend>New account</legend>
        <label for="business_name">Business name</label
        ><input
          id="business_name"
          name="business_name"
          autocomplete="organization"
          value="${UNNAMED_BUSINESS}"
        />
        <label for="email">E-mail</label><input id="email" name="email" type="email" autocomplete="email" />
        <div class="row">
          <div>
            <label for="country">Country</label
            ><select id="country" name="country">
              ${options(COUNTRIES, 'US')}
            </select>
          </div>
          <div>
            <label for="currency">Currency</label
            ><select id="currency" name="currency">
              <option value="">usual one</option>
              ${options(CURRENCIES, '')}
            </select>
          </div>
        </div>
        <label class="choice"
          ><input type="radio" name="verification" value="complete" checked />
          <span>Verification complete</span></label
        >
        <label class="choice"
          ><input type="radio" name="verification" value="due" /> <span>Verification still due</span></label
        >
      </fieldset>
      <div class="buttons">
        <button type="submit" name="action" value="approve">Connect my Stripe account</button>
        <button type="submit" name="action" value="deny" class="plain">Deny</button>
      </div>
    </form>
  </div>`;
  return layout({ title: `Connect to ${platform}`, livemode: request.livemode }, body);
}

/** A request that cannot be answered with a redirect. */
export function oauthProblemPage(problem: string): string {
  return layout(
    { title: 'Connect', livemode: null },
    html`<div class="card narrow">
      <h1>This link does not work</h1>
      <p>${problem}</p>
    </div>`,
  );
}

function options(values: string[], chosen: string): Html[] {
  return values.map(
    (value) => html`<option value="${value}" ${value === chosen ? html` selected` : null}>${value}</option>`,
  );
}
