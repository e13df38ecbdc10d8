import type { Blocker } from './blocker';
import type { GrantEvent } from './grant/grant.events';
import { inWords, minus, type Money, sum } from './money';
import { type AwardedProof, evolveProof, type ProofState } from './proof-of-use/proof-state';
import { demandSums, unspent } from './proof-of-use/repayment-sums';
import { type AwardedState, evolveTranches, noTranches, type TranchesState } from './tranche/tranche-state';

/** What was paid of a grant, and what has become of it: upon this depends how the grant can end. */
export interface GrantAccount {
  readonly tranches: TranchesState;
  readonly proof: ProofState;
}

export const noAccount: GrantAccount = { tranches: noTranches, proof: { stage: 'none' } };

export function evolveAccount({ tranches, proof }: GrantAccount, event: GrantEvent): GrantAccount {
  return { tranches: evolveTranches(tranches, event), proof: evolveProof(proof, event) };
}

/** What goes back to the pot when the grant ends: awarded, and neither paid nor with the bank, which may still pay it. */
export function notPaidOut(account: GrantAccount): Money {
  const { awarded, tranches } = sinceAward(account).tranches;
  const ordered = [...tranches.values()].filter(({ stage }) => stage === 'ordered' || stage === 'paid');
  return minus(
    awarded,
    sum(
      ordered.map(({ amount }) => amount),
      awarded.currency,
    ),
  );
}

/** The use that is proved, and what came back without interest. */
export function provedUse(account: GrantAccount): { readonly spent: Money; readonly returned: Money } {
  const { tranches, proof } = sinceAward(account);
  const final = [...proof.reports.values()].find(({ kind, accepted }) => kind === 'final' && accepted !== undefined);
  return { spent: final?.accepted?.spent ?? nothingOf(tranches.awarded), returned: tranches.returned };
}

/** All that is still owed on that day, by either side; a grant is closed when it is nothing. */
export function closingBlockers(account: GrantAccount, on: string): readonly Blocker[] {
  const { tranches, proof } = sinceAward(account);
  return [...ofTranches(tranches), ...ofProof(proof), ...ofRepayments(proof, on)];
}

function ofTranches({ tranches }: AwardedState): readonly Blocker[] {
  return [...tranches.values()]
    .filter(({ stage }) => !['paid', 'failed', 'cancelled'].includes(stage))
    .map(({ amount, dueOn, stage }) => ({
      code: 'TRANCHE_OPEN',
      words: `The tranche of ${inWords(amount)} due on ${dueOn} is ${stage}.`,
    }));
}

function ofProof(proof: AwardedProof): readonly Blocker[] {
  const toGiveBack = unspent(proof);
  if (toGiveBack === undefined) {
    return [{ code: 'FINAL_REPORT_NOT_ACCEPTED', words: 'No final report on the use of the money has been accepted.' }];
  }
  const demanded = sum(
    [...proof.demands.values()].map(({ principal }) => principal),
    toGiveBack.currency,
  );
  if (demanded.cents >= toGiveBack.cents) return [];
  const words = `Of what was paid ${inWords(minus(toGiveBack, demanded))} were not used and have not been demanded back.`;
  return [{ code: 'UNSPENT_NOT_DEMANDED', words }];
}

function ofRepayments({ demands }: AwardedProof, on: string): readonly Blocker[] {
  return [...demands.values()].flatMap((demand) => {
    const { principalOpen, interestOpen } = demandSums(demand, on);
    if (principalOpen.cents + interestOpen.cents === 0) return [];
    const words = `Of the repayment due on ${demand.dueOn}, ${inWords(principalOpen)} and ${inWords(interestOpen)} of interest are open.`;
    return [{ code: 'REPAYMENT_OPEN', words }];
  });
}

/** Both know of the award by the same event. Throws before it, which is a bug. */
function sinceAward({ tranches, proof }: GrantAccount): {
  readonly tranches: AwardedState;
  readonly proof: AwardedProof;
} {
  if (tranches.stage === 'none' || proof.stage === 'none' || proof.stage === 'unawarded') {
    throw new Error('There is no account of a grant before its award.');
  }
  return { tranches, proof };
}

function nothingOf({ currency }: Money): Money {
  return { cents: 0, currency };
}
