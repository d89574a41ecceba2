import type { WholeMember } from '../../api/types';
import { usePageTexts } from '../../texts/texts';
import { Tag, type Tone } from '../../ui';
import { MEMBER } from './member-texts';

const TONES: Record<WholeMember['status'], Tone> = {
  overdue: 'bad',
  suspended: 'bad',
  canceling: 'warn',
  trial: 'busy',
  active: 'good',
  paused: 'warn',
  owned: 'good',
  gift: 'good',
  free: 'good',
  ended: 'quiet',
  none: 'quiet',
};

/** A member in one word. */
export function MemberTag({ status }: Pick<WholeMember, 'status'>) {
  const words = usePageTexts(MEMBER);
  return <Tag tone={TONES[status]}>{words.status[status]}</Tag>;
}
