import { type Static, Type } from '@sinclair/typebox';
import { closed, day } from './event-fields';

/** Simple interest a year in ten-thousandths, from that day on until the next period begins. */
export const ratePeriod = closed({ validFrom: day, basisPoints: Type.Integer({ minimum: 0, maximum: 10_000 }) });

/** What a grant is given on. Those of a call hold for its grants unless a decision says otherwise; an award freezes them. */
export const terms = closed({
  /** Months after the end of the project until the proof of use is due. */
  proofDueMonths: Type.Integer({ minimum: 1, maximum: 60 }),
  /** Without it there are no interim reports. */
  interimReportEveryMonths: Type.Optional(Type.Integer({ minimum: 1, maximum: 60 })),
  /** By how much a line of the financing plan may be exceeded when others make up for it. */
  lineTolerancePercent: Type.Integer({ minimum: 0, maximum: 100 }),
  /** Money is called for payments due within so many days. */
  needWindowDays: Type.Integer({ minimum: 1, maximum: 366 }),
  spendWithinYears: Type.Integer({ minimum: 1, maximum: 10 }),
  /** On repayments; none means that no interest is asked for. */
  interest: Type.Array(ratePeriod, { maxItems: 20 }),
});
export type Terms = Static<typeof terms>;
