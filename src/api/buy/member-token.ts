import { errors, jwtVerify } from 'jose';
import { z } from 'zod';
import { ProblemError } from '../../domain/problem';
import type { Seconds } from '../../domain/time';
import type { Mode } from '../../domain/mode';
import type { ApiDeps } from '../deps';
import { email, externalId } from '../http/schemas';
import { createSigningSecrets } from '../platform/signing-secrets';

/** Seconds ahead that a token may end: a link is made for a click, not to be kept. */
const LONGEST = 24 * 3600;

const claims = z.object({ sub: externalId, exp: z.int(), email: email.optional() });

/** Who the coach's server says is buying. */
export interface SignedMember {
  externalId: string;
  email?: string;
}

const invalid = (why: string) => new ProblemError('member_token_invalid', why);

/** What is wrong with a token, for whoever wrote the site that signed it. */
function refusalOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof errors.JWTExpired) return invalid('The token is over: its "exp" has passed.');
  if (error instanceof errors.JWTClaimValidationFailed)
    return invalid(`The claim "${error.claim}" of the token is missing or wrong.`);
  if (error instanceof errors.JOSEAlgNotAllowed) return invalid('The token is not signed with HS256.');
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return invalid('The signature is not made with the secret that "kid" names.');
  if (error instanceof errors.JOSEError) return invalid('This is not a JSON Web Token.');
  throw error;
}

/**
 * Reads the token of a purchase link: a JSON Web Token, HS256, with `kid` (the id of a signing secret of the coach in
 * this mode) in its header, `sub` (the coach's id for the member), `exp` (at most 24 hours ahead) and, if wanted,
 * `email`. https://datatracker.ietf.org/doc/html/rfc8725
 * @param secretOf the signing secret of an id; null: this coach has none of that id, or no longer
 * @param now seconds, UTC, the system's clock
 * @throws ProblemError `member_token_outdated` for one that is signed as was done with API keys, else `member_token_invalid`
 */
export async function readMemberToken(
  token: string,
  secretOf: (id: string) => Promise<string | null>,
  now: Seconds,
): Promise<SignedMember> {
  const keyOf = async ({ kid }: { kid?: string | undefined }) => {
    if (typeof kid !== 'string')
      throw new ProblemError(
        'member_token_outdated',
        'The token does not name its signing secret in its header ("kid"); tokens that are signed with an API key are not taken any more.',
      );
    const secret = await secretOf(kid);
    if (secret === null)
      throw invalid('The signing secret that "kid" names is not of this coach and mode, or has ended.');
    return new TextEncoder().encode(secret);
  };
  const { payload } = await jwtVerify(token, keyOf, {
    algorithms: ['HS256'],
    requiredClaims: ['sub', 'exp'],
    currentDate: new Date(now * 1000),
  }).catch((error: unknown) => {
    throw refusalOf(error);
  });
  const read = claims.safeParse(payload);
  if (!read.success)
    throw invalid(`The claim "${read.error.issues[0]?.path.join('.') ?? ''}" of the token is wrong.`);
  const { sub, exp, email: address } = read.data;
  if (exp > now + LONGEST) throw invalid('The claim "exp" of the token is more than 24 hours ahead.');
  return { externalId: sub, ...(address === undefined ? {} : { email: address }) };
}

/** Reads the tokens that links and buttons carry. The reader throws what {@link readMemberToken} throws. */
export function createMemberTokens({ db, config }: Pick<ApiDeps, 'db' | 'config'>) {
  const secretsOf = createSigningSecrets(db, config.encryptionKey);
  return (owner: { coachId: string; mode: Mode }, token: string): Promise<SignedMember> =>
    readMemberToken(token, secretsOf(owner), Math.floor(Date.now() / 1000));
}
