import type { JsonObject } from '../src/json';
import type { Flaw } from './schemas';

interface Documented {
  required: string[];
  optional: string[];
  /** Fixed values. */
  values?: Record<string, string[]>;
}

/** OAuth is not in the OpenAPI document; this is from https://docs.stripe.com/connect/oauth-reference. */
export const OAUTH_PARAMETERS: Record<string, Documented> = {
  'get /oauth/authorize': {
    required: ['client_id', 'response_type'],
    optional: [
      'redirect_uri',
      'scope',
      'state',
      'stripe_landing',
      'always_prompt',
      'stripe_user',
      'suggested_capabilities',
    ],
    values: {
      response_type: ['code'],
      scope: ['read_write', 'read_only'],
      stripe_landing: ['login', 'register'],
      always_prompt: ['true', 'false'],
    },
  },
  'post /oauth/token': {
    required: ['grant_type'],
    optional: ['client_secret', 'code', 'refresh_token', 'scope', 'assert_capabilities'],
    values: {
      grant_type: ['authorization_code', 'refresh_token'],
      scope: ['read_write', 'read_only'],
    },
  },
  'post /oauth/deauthorize': { required: ['client_id', 'stripe_user_id'], optional: ['client_secret'] },
};

/** What a request to OAuth says that is not documented, or leaves out. */
export function oauthFlaws(name: string, params: JsonObject): Flaw[] {
  const documented = OAUTH_PARAMETERS[name];
  if (!documented) return [{ at: '', message: 'is not documented' }];
  const required = [...documented.required];
  if (params['grant_type'] === 'authorization_code') required.push('code');
  if (params['grant_type'] === 'refresh_token') required.push('refresh_token');
  const missing = required.filter((key) => params[key] === undefined);
  const flaws = missing.map((key) => ({ at: `/${key}`, message: 'is required' }));
  for (const [key, value] of Object.entries(params)) {
    if (!documented.required.includes(key) && !documented.optional.includes(key)) {
      flaws.push({ at: `/${key}`, message: 'is not a documented parameter' });
    }
    const allowed = documented.values?.[key];
    if (allowed && !allowed.includes(String(value))) {
      flaws.push({ at: `/${key}`, message: `must be one of ${allowed.join(', ')}` });
    }
  }
  return flaws;
}
