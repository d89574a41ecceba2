import { z } from 'zod';
import { email } from '../http/schemas';

/** Who a link is to be mailed to, and in which language. */
export const emailCredentials = z.strictObject({ email, language: z.enum(['en', 'de']).optional() });

/** What signs in to the console: an API key, as it was pasted. */
export const credentials = z.strictObject({ key: z.string().trim().max(200) });
