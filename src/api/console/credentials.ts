import { z } from 'zod';

/** What signs in to the console: an API key, as it was pasted. */
export const credentials = z.strictObject({ key: z.string().trim().max(200) });
