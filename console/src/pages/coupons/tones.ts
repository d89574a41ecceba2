import type { Coupon } from '../../api/types';
import type { Tone } from '../../ui';

export const TONES: Record<Coupon['status'], Tone> = {
  active: 'good',
  pending: 'busy',
  failed: 'bad',
  archived: 'quiet',
};
