import { z } from 'zod';
import { CODE, LONGEST_CODE } from '../../domain/coupons';

/** A word as a coach chooses it, and as a buyer brings it. https://docs.stripe.com/api/promotion_codes/create */
export const promotionCodeWord = z
  .string()
  .min(1, 'must not be empty')
  .max(LONGEST_CODE, `must be at most ${LONGEST_CODE} characters`)
  .regex(CODE, 'must be of letters, digits and dashes')
  .meta({ example: 'SPRING' });
