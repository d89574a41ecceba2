import type { Db } from '../../db/client';
import type { Mode } from '../../domain/mode';
import { inkOn } from '../../mail/colour';
import type { SettingsChoices } from '../settings';

/** What of the coach's own the purchase page wears. */
export interface Look {
  logoUrl: string | null;
  /** `#rrggbb`, that of the coach's mails; null: ours. */
  colour: string | null;
}

export async function lookOf(
  db: Db,
  { coachId, mode }: { coachId: string; mode: Mode },
  { logoUrl }: Pick<SettingsChoices, 'logoUrl'>,
): Promise<Look> {
  const mails = await db.mailSettings.findUnique({ where: { coachId_mode: { coachId, mode } } });
  return { logoUrl, colour: mails?.colour ?? null };
}

/** The styles of a look: whatever the colour, what is written on it can be read, in both schemes. */
export function styleOf({ colour }: Look): string {
  const logo =
    '.currencies{display:flex;flex-wrap:wrap;gap:.25rem;margin:.5rem 0;padding:0;list-style:none}.currencies>*>*{display:inline-flex;align-items:center;min-height:44px;padding:0 .75rem;border:1px solid var(--line);border-radius:.5rem}.currencies [aria-current]{font-weight:600;border-color:currentColor}' +
    '.logo{display:block;max-height:4rem;max-width:100%;margin:0 0 1rem}h2{font-size:1rem;margin:1.25rem 0 .25rem}ul{margin:.25rem 0;padding-left:1.25rem}' +
    '.sums{margin:1.25rem 0 0;padding:.75rem 0 0;border-top:1px solid var(--line)}.sums div{display:flex;flex-wrap:wrap;gap:0 1rem;justify-content:space-between}.sums dt{color:var(--soft)}.sums dd{margin:0;font-weight:600}';
  if (colour === null) return logo;
  const ink = inkOn(colour);
  return `${logo}:root{--go:${colour};--on-go:${ink}}@media(prefers-color-scheme:dark){:root{--go:${colour};--on-go:${ink}}}`;
}
