import { type Static, Type } from '@sinclair/typebox';
import { callFacts } from '../call/call.events';
import { closed, day, name, reason, reference, scope, slug, subject, uuid, version } from '../event-fields';
import { currency, money, positiveMoney } from '../money';
import { finding } from './finding';

/** One line of the financing plan (Finanzierungsplan). */
const line = closed({
  /** Of the call's vocabulary of cost lines; once for a period. */
  key: slug,
  purpose: name,
  total: positiveMoney,
  /** Of the total, what is asked of the fund. */
  requested: money,
  from: day,
  to: day,
});

/** Free text must not name persons. */
export const application = closed({
  title: name,
  summary: Type.String({ minLength: 1, maxLength: 4000 }),
  ...scope,
  targetGroups: Type.Array(slug, { minItems: 1, maxItems: 20, uniqueItems: true }),
  /** What is done for them: `legal-advice`. */
  service: slug,
  projectFrom: day,
  projectTo: day,
  /** The existing structure that it strengthens. */
  structureId: uuid,
  lines: Type.Array(line, { minItems: 1, maxItems: 50 }),
  otherIncome: Type.Array(closed({ source: slug, amount: positiveMoney }), { maxItems: 20 }),
  documents: Type.Array(closed({ kind: slug, reference, issuedOn: Type.Optional(day) }), { maxItems: 30 }),
});
export type Application = Static<typeof application>;

export const applicationDefinitions = {
  /** The beginning of a grant, with what the call says. */
  GrantDrafted: {
    schema: closed({
      callId: uuid,
      potId: uuid,
      applicantOrganisationId: uuid,
      currency,
      call: callFacts,
      draftedBy: subject,
    }),
  },
  ApplicationRevised: { schema: closed({ application, revisedBy: subject }) },
  ApplicationSubmitted: {
    schema: closed({
      version,
      application,
      /** Sum of what the lines ask of the fund. */
      requested: positiveMoney,
      eligibility: finding,
      /** Why it is no double structure, although others overlap. */
      overlapReason: Type.Optional(reason),
      submittedBy: subject,
    }),
  },
  InformationRequested: {
    schema: closed({
      items: Type.Array(slug, { minItems: 1, maxItems: 30, uniqueItems: true }),
      note: Type.Optional(reason),
      requestedBy: subject,
    }),
  },
  /** Also the consent of a second person where the gate against double structures asks for one. */
  FormalCheckPassed: { schema: closed({ version, eligibility: finding, checkedBy: subject }) },
  /** `notPaidOut`, after the award only, goes back to the pot. */
  GrantWithdrawn: { schema: closed({ reasonCode: slug, notPaidOut: Type.Optional(money), withdrawnBy: subject }) },
};
