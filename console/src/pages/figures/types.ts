import type { DataOf } from '../../api/resource';

/** The figures of one currency, and one month of them. */
export type CurrencyFigures = DataOf<'get', '/v1/figures'>['currencies'][number];
export type MonthFigures = CurrencyFigures['months'][number];
