import type { MatchingProblem } from './matching-problem';
import type { ShouldStop } from './transport/primal-simplex';
import { NONE } from './transport/transport-graph';
import { TransportNetwork } from './transport/transport-network';

/** Of each pair, what a minute gains, and what decides among optima. */
export interface PairValues {
  readonly gains: Float64Array;
  readonly ties: Float64Array;
}

/** Whether the pair's offer can help its need in that week. */
export function isWithin({ pairFirstWeek, pairLastWeek }: MatchingProblem, pair: number, week: number): boolean {
  return (pairFirstWeek[pair] as number) <= week && week <= (pairLastWeek[pair] as number);
}

/** One week of a problem as a transport, whose pairs can be given up and taken back in place. */
export class WeekNetwork {
  /** Of each pair, by the last solve. */
  minutes: Float64Array;
  /** The pairs that carry some, in no order that matters. */
  carrying: readonly number[] = [];
  /** Of each pair: 1 where it may carry nothing. */
  givenUp: Uint8Array;
  /** How many there are between a need and an offer with minutes for each other, no less than the offer's minimum block. */
  pairs = 0;
  private readonly network: TransportNetwork;
  private readonly needs: readonly number[];
  private readonly offers: readonly number[];
  /** The arc of each of these pairs, and the pair of each arc. */
  private readonly arcs: Int32Array;
  private readonly pairOf: Int32Array;

  constructor(
    problem: MatchingProblem,
    week: number,
    private readonly values: PairValues,
  ) {
    const { wanted, free, block, weeks, needIds, offerIds, pairNeed, pairOffer } = problem;
    const of = (amounts: Float64Array, row: number) => amounts[row * weeks.length + week] as number;
    const nodes = needIds.length + offerIds.length;
    this.network = new TransportNetwork({ nodes, pairs: pairNeed.length });
    this.needs = needIds.map((_, need) => this.network.addNeed(of(wanted, need)));
    this.offers = offerIds.map((_, offer) => this.network.addOffer(of(free, offer)));
    this.minutes = new Float64Array(pairNeed.length);
    this.givenUp = new Uint8Array(pairNeed.length);
    this.arcs = new Int32Array(pairNeed.length).fill(NONE);
    this.pairOf = new Int32Array(nodes + pairNeed.length);
    for (let pair = 0; pair < pairNeed.length; pair += 1) {
      const [need, offer] = [pairNeed[pair] as number, pairOffer[pair] as number];
      const most = Math.min(of(wanted, need), of(free, offer));
      if (most === 0 || !isWithin(problem, pair, week)) continue;
      if (most < of(block, offer)) this.givenUp[pair] = 1;
      else this.addPair(pair, this.needs[need] as number, this.offers[offer] as number);
    }
  }

  /** Finds the optimum of the pairs that are not given up; false where it was stopped before. `hint`: see `basisPairs`. */
  solve(shouldStop: ShouldStop | undefined, hint: Iterable<number> = []): boolean {
    const arcsOfHint = Array.from(hint, (pair) => this.arcs[pair] as number).filter((arc) => arc !== NONE);
    const { isOptimal } = this.network.solve({ shouldStop, hint: arcsOfHint });
    for (const pair of this.carrying) this.minutes[pair] = 0;
    const arcs = this.network.carrying();
    this.carrying = arcs.map((arc) => this.pairOf[arc] as number);
    for (const arc of arcs) this.minutes[this.pairOf[arc] as number] = this.network.minutesOf(arc);
    return isOptimal;
  }

  /** The pairs in the basis, from which another week can begin. */
  basisPairs(): Int32Array {
    return Int32Array.from(this.network.basisPairs(), (arc) => this.pairOf[arc] as number);
  }

  /** From the next solve on the pair carries nothing. */
  giveUp(pair: number): void {
    this.givenUp[pair] = 1;
    this.network.closePair(this.arcs[pair] as number);
  }

  /** From the next solve on the pair may carry minutes again. */
  takeBack(pair: number): void {
    this.givenUp[pair] = 0;
    this.network.setGain(this.arcs[pair] as number, this.values.gains[pair] as number);
  }

  assignment(): Pick<WeekNetwork, 'minutes' | 'carrying' | 'givenUp'> {
    return { minutes: this.minutes.slice(), carrying: this.carrying, givenUp: this.givenUp.slice() };
  }

  /** Tells of an earlier assignment again, when nothing will be solved any more. */
  restore(assignment: Pick<WeekNetwork, 'minutes' | 'carrying' | 'givenUp'>): void {
    Object.assign(this, assignment);
  }

  /** The pairs carry nothing as of now, and nobody has their minutes instead, when nothing will be solved any more. */
  drop(pairs: readonly number[]): void {
    for (const pair of pairs) {
      this.givenUp[pair] = 1;
      this.minutes[pair] = 0;
    }
    this.carrying = this.carrying.filter((pair) => this.minutes[pair] !== 0);
  }

  /** False where it is sure that nothing would be gained by taking the pair back. */
  couldGain(pair: number): boolean {
    return this.network.couldGain(this.arcs[pair] as number, this.values.gains[pair] as number);
  }

  /** The pairs that could be taken back. */
  pairsGivenUp(): readonly number[] {
    const found: number[] = [];
    this.givenUp.forEach((isGivenUp, pair) => {
      if (isGivenUp === 1 && this.arcs[pair] !== NONE) found.push(pair);
    });
    return found;
  }

  /** What is gained in all. */
  objective(): number {
    const { gains } = this.values;
    return this.carrying.reduce((sum, pair) => sum + (this.minutes[pair] as number) * (gains[pair] as number), 0);
  }

  /** More cannot be gained over the pairs that are not given up, whether or not a solve was stopped. */
  bound(): number {
    return this.network.bound();
  }

  /** The prices of needs and of offers that prove the optimum; see `dualPrices`. */
  prices(): { readonly needPrices: Float64Array; readonly offerPrices: Float64Array } {
    const prices = this.network.dualPrices();
    const at = (node: number) => prices[node] as number;
    return { needPrices: Float64Array.from(this.needs, at), offerPrices: Float64Array.from(this.offers, at) };
  }

  private addPair(pair: number, need: number, offer: number): void {
    const { gains, ties } = this.values;
    const arc = this.network.addPair(need, offer, gains[pair] as number, ties[pair] as number);
    this.arcs[pair] = arc;
    this.pairOf[arc] = pair;
    this.pairs += 1;
  }
}
