import type { Membership } from '../../api/types';
import { useFormat } from '../../format/format';
import { usePageTexts } from '../../texts/texts';
import { Facts, Tag, type Tone } from '../../ui';
import { COMPARISON } from './comparison-texts';

type Compared = NonNullable<Membership['comparison']>;
type Side = NonNullable<Compared['found']>['differences'][number]['here'];

const TONES: Record<Compared['state'], Tone> = { in_order: 'good', repaired: 'busy', differs: 'warn' };
const IS_TIME = /^\d{4}-\d{2}-\d{2}T/;

/** Whether a membership is as Stripe has it; if not, or the last time that it was not, what differed. */
export function ComparedWithStripe({ comparison }: { comparison: Membership['comparison'] }) {
  const words = usePageTexts(COMPARISON);
  const format = useFormat();
  if (comparison === null) return null;
  const { at, state, found } = comparison;
  const side = (value: Side): string =>
    value === null || value === '' ? words.none : IS_TIME.test(value) ? format.dateTime(value) : value;
  return (
    <div className="tight">
      <Facts
        facts={[
          [
            words.label,
            <span key="state" className="tags">
              <Tag tone={TONES[state]}>{words.states[state]}</Tag>
              <span className="soft small">{format.dateTime(at)}</span>
            </span>,
          ],
        ]}
      />
      {found !== null && (
        <>
          {state === 'in_order' && <p className="soft small">{words.before(format.dateTime(found.at))}</p>}
          <ul className="plain-list small">
            {found.differences.map(({ field, here, stripe }) => (
              <li key={field}>
                {words.fields[field]}: {words.sides(side(here), side(stripe))}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
