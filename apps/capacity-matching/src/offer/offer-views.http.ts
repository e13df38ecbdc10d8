import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { OfferFacts } from './offer.events';
import { OfferDto } from './offer-requests.http';
import type { OfferRow, OfferWeek } from './offer-register.read-model';

export class OfferWeekView {
  @ApiProperty({ example: '2026-W15' })
  readonly week: string;
  @ApiProperty({ type: 'integer', description: 'In minutes, as all of these; by the facts as they are now.' })
  readonly offered: number;
  @ApiProperty({ type: 'integer', description: 'For allocations that both sides have yet to accept.' })
  readonly held: number;
  @ApiProperty({ type: 'integer' })
  readonly confirmed: number;
  @ApiProperty({ type: 'integer', description: 'offered − held − confirmed; nothing as long as the offer is not open' })
  readonly free: number;
}

class QualificationView {
  @ApiProperty()
  readonly key: string;
  @ApiProperty({ format: 'date' })
  readonly validUntil: string;
}

export class OfferView {
  @ApiProperty({ format: 'uuid' })
  readonly id: string;
  @ApiProperty({ format: 'uuid' })
  readonly organisationId: string;
  @ApiProperty({ enum: ['open', 'paused', 'withdrawn'] })
  readonly status: 'open' | 'paused' | 'withdrawn';
  @ApiProperty({ type: [String], description: 'Codes of the reasons for which nothing new is taken of it.' })
  readonly pausedFor: readonly string[];
  @ApiProperty({ type: OfferDto, description: 'The exclusions are left out for other organisations.' })
  readonly facts: Omit<OfferFacts, 'excludedOrganisationIds'> & Partial<OfferFacts>;
  @ApiProperty({ type: [QualificationView], description: 'Proofs that a coordinator has seen.' })
  readonly qualifications: readonly QualificationView[];
  @ApiProperty({ format: 'date-time' })
  readonly publishedAt: string;
  @ApiProperty({ format: 'date-time', description: 'When somebody last said that it holds.' })
  readonly assuredAt: string;
  @ApiProperty({ description: 'Nobody has assured for long that it still holds.' })
  readonly isStale: boolean;
  @ApiProperty({
    type: [OfferWeekView],
    description: 'Of the weeks that were asked for, those that it has minutes in.',
  })
  readonly weeks: readonly OfferWeekView[];
  @ApiPropertyOptional({ type: 'integer', description: 'The least that is free in one of these weeks.' })
  readonly leastFree?: number;
}

/** `isInside`: for the own side, coordinators and auditors. */
export function offerView(
  offer: OfferRow,
  weeks: readonly OfferWeek[],
  { isInside, staleBefore }: { readonly isInside: boolean; readonly staleBefore: Date },
): OfferView {
  const { excludedOrganisationIds, ...facts } = offer.facts;
  const status = offer.isWithdrawn ? 'withdrawn' : offer.pausedFor.length > 0 ? 'paused' : 'open';
  const shown = weeks.map(({ week, offered, held, confirmed }) => ({
    ...{ week, offered, held, confirmed },
    free: status === 'open' ? offered - held - confirmed : 0,
  }));
  return {
    id: offer.id,
    organisationId: offer.organisationId,
    status,
    pausedFor: offer.pausedFor,
    facts: { ...facts, ...(isInside && { excludedOrganisationIds }) },
    qualifications: Object.entries(offer.qualifications).map(([key, validUntil]) => ({ key, validUntil })),
    publishedAt: offer.publishedAt.toISOString(),
    assuredAt: offer.assuredAt.toISOString(),
    isStale: offer.assuredAt < staleBefore,
    weeks: shown,
    ...(shown.length > 0 && { leastFree: Math.min(...shown.map(({ free }) => free)) }),
  };
}
