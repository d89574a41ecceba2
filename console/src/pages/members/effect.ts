import type { Format } from '../../format/create-format';
import type { Texts } from '../../texts/en';

/** The API's sentences about what a change did to access. */
const GIVEN = /^(Access given|Access unchanged|Access goes on), (without an end|until (\S+Z))\.$/;

const AHEAD = /^Access begins (\S+Z)(?:, as before)?\.$/;

/** What a change did to access, in the viewer's language and zone; the API's own words where they are new here. */
export function effectInWords(effect: string, texts: Texts, format: Format): string {
  const { effects } = texts.members.timeline;
  const whole: Record<string, string> = {
    'No access, as before.': effects.none,
    'Access ended.': effects.ended,
    'No access given.': effects.notGiven,
    'Access waits for the payment.': effects.waits,
    'Access is as it was.': effects.asItWas,
    'Access will not begin.': effects.never,
  };
  const known = whole[effect];
  if (known !== undefined) return known;
  const begins = AHEAD.exec(effect)?.[1];
  if (begins !== undefined) return effects.begins(format.dateTime(begins));
  const [, what, , until] = GIVEN.exec(effect) ?? [];
  if (what === undefined) return format.sentence(effect);
  const end = until === undefined ? effects.noEnd : effects.until(format.dateTime(until));
  if (what === 'Access given') return effects.given(end);
  return what === 'Access goes on' ? effects.goesOn(end) : effects.unchanged(end);
}
