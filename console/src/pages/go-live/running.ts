import type { LiveCopy } from '../../api/types';

/** Whether a copying is under way. */
export const isRunning = ({ status }: LiveCopy) => status === 'running' || status === 'cancelling';
