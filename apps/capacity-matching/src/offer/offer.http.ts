import { addWeeks, berlinDayOf, weekOf } from '@alliance/calendar';
import type { Actor, CommandContext } from '@alliance/event-sourcing';
import {
  ApiCommand,
  ApiPaged,
  CommandHandler,
  commandReply,
  Context,
  created,
  CurrentActor,
  type FieldFault,
  IfMatch,
  invalidRequest,
  newId,
  notFound,
  type Paged,
  parseSort,
  ReceivedAt,
  Roles,
  UuidParam,
  WaitsFor,
} from '@alliance/service-host';
import { Body, Controller, Get, Post, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiProperty, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { MatchingSettings } from '../capacity-matching.config';
import { actingFor, demandOwn, everyIdOf, isOwn } from '../own-organisation.http';
import { type Mention, vocabularyFaults } from '../vocabulary.http';
import { offerFaults } from './offer-facts';
import { offer, type OfferCommand } from './offer.decider';
import type { OfferFacts } from './offer.events';
import { findOffers, OfferRow, weeksOfOffers } from './offer-register.read-model';
import { OfferDto, OffersQuery, ProofDto, ReasonDto, WeeksQuery } from './offer-requests.http';
import { OfferView, offerView } from './offer-views.http';

class OfferId {
  @ApiProperty({ format: 'uuid' })
  readonly offerId: string;
}

const DAY_MS = 86_400_000;

/** Time that supporting organisations offer. */
@ApiTags('offers')
@Controller('offers')
export class OfferController {
  constructor(
    private readonly commands: CommandHandler,
    private readonly database: DataSource,
    private readonly settings: MatchingSettings,
  ) {}

  /** By a representative of an organisation that the registry has admitted, for that organisation. */
  @Post()
  @Roles('representative')
  @ApiCommand({ status: 201, type: OfferId })
  async publish(@Body() facts: OfferDto, @Context() context: CommandContext) {
    const offerId = newId(context, 'offer');
    const organisationId = await actingFor(this.database.manager, context.actor);
    await this.demandFacts(facts, context.at);
    const command: OfferCommand = { type: 'PublishOffer', data: { organisationId, facts }, context };
    const accepted = await this.commands.handle(offer, offerId, command, { startsStream: true });
    return created(accepted, `/capacity-matching/offers/${offerId}`, { offerId });
  }

  /** All of its facts in place of what they were. What is taken of it stays. */
  @Put(':id')
  @Roles('representative')
  @ApiCommand({ status: 204 })
  async revise(
    @UuidParam('id') id: string,
    @Body() facts: OfferDto,
    @Context() context: CommandContext,
    @IfMatch() expectedRevision: bigint | undefined,
  ) {
    await this.demandOwnOffer(id, context.actor);
    await this.demandFacts(facts, context.at);
    return this.command(id, { type: 'ReviseOffer', data: { facts }, context }, expectedRevision);
  }

  /** Says that it still holds; one that was paused because nobody said so is open again. */
  @Post(':id/assurance')
  @Roles('representative', 'coordinator')
  @ApiCommand({ status: 204 })
  async assure(@UuidParam('id') id: string, @Context() context: CommandContext) {
    await this.demandOwnOffer(id, context.actor);
    return this.command(id, { type: 'AssureOffer', data: {}, context });
  }

  /** Nothing new is taken of it until it is resumed; what a coordinator has paused, by a coordinator. */
  @Post(':id/pause')
  @Roles('representative', 'coordinator')
  @ApiCommand({ status: 204 })
  async pause(@UuidParam('id') id: string, @Context() context: CommandContext) {
    await this.demandOwnOffer(id, context.actor);
    return this.command(id, { type: 'PauseOffer', data: pauseOf(context.actor), context });
  }

  @Post(':id/resumption')
  @Roles('representative', 'coordinator')
  @ApiCommand({ status: 204 })
  async resume(@UuidParam('id') id: string, @Context() context: CommandContext) {
    await this.demandOwnOffer(id, context.actor);
    return this.command(id, { type: 'ResumeOffer', data: pauseOf(context.actor), context });
  }

  /** For good. What is taken of it stays. */
  @Post(':id/withdrawal')
  @Roles('representative', 'coordinator')
  @ApiCommand({ status: 204 })
  async withdraw(@UuidParam('id') id: string, @Body() data: ReasonDto, @Context() context: CommandContext) {
    await this.demandOwnOffer(id, context.actor);
    return this.command(id, { type: 'WithdrawOffer', data, context });
  }

  /** A coordinator has seen proof of a qualification that hard safety rules ask for. */
  @Post(':id/qualifications')
  @Roles('coordinator')
  @ApiCommand({ status: 204 })
  async prove(@UuidParam('id') id: string, @Body() data: ProofDto, @Context() context: CommandContext) {
    return this.command(id, { type: 'ProveQualification', data, context });
  }

  @Get()
  @Roles('coordinator', 'representative')
  @WaitsFor('offer-register')
  @ApiPaged(OfferView)
  async list(
    @Query() query: OffersQuery,
    @CurrentActor() actor: Actor,
    @ReceivedAt() at: string,
  ): Promise<Paged<OfferView>> {
    const { organisationId, field, region, reach, skill, language, status, freshness, sort, limit, cursor } = query;
    const tx = this.database.manager;
    const { freeMinutes: minutes } = query;
    const staleBefore = this.staleBefore(at);
    const page = await findOffers(tx, {
      organisationIds: organisationId === undefined ? undefined : await everyIdOf(tx, organisationId),
      scope: { fieldKey: field, regionKey: region, reach },
      ...{ skillKey: skill, languageTag: language, status, limit, cursor },
      free: minutes === undefined ? undefined : { minutes, ...weeksShown(query, at) },
      assured: freshness === undefined ? undefined : { since: staleBefore, isSince: freshness === 'fresh' },
      order: parseSort(sort, ['publishedAt', 'assuredAt', 'minutesPerWeek', 'availableFrom', 'availableUntil']),
    });
    return { ...page, items: await this.views(page.items, query, actor, at) };
  }

  @Get(':id')
  @Roles('coordinator', 'representative')
  @WaitsFor('offer-register')
  @ApiOkResponse({ type: OfferView })
  async one(
    @UuidParam('id') id: string,
    @Query() query: WeeksQuery,
    @CurrentActor() actor: Actor,
    @ReceivedAt() at: string,
  ): Promise<OfferView> {
    const found = await this.database.manager.findBy(OfferRow, { id });
    const [view] = await this.views(found, query, actor, at);
    if (view === undefined) throw unknown();
    return view;
  }

  private async views(offers: readonly OfferRow[], query: WeeksQuery, actor: Actor, at: string): Promise<OfferView[]> {
    const tx = this.database.manager;
    const byOffer = await weeksOfOffers(
      tx,
      offers.map(({ id }) => id),
      weeksShown(query, at),
    );
    const seesAll = actor.roles.includes('coordinator') || actor.roles.includes('auditor');
    const staleBefore = this.staleBefore(at);
    return Promise.all(
      offers.map(async (one) => {
        const isInside = seesAll || (await isOwn(tx, actor, one.organisationId));
        return offerView(one, byOffer.get(one.id) ?? [], { isInside, staleBefore });
      }),
    );
  }

  private staleBefore(at: string): Date {
    return new Date(Date.parse(at) - this.settings.offerStaleDays * DAY_MS);
  }

  private async demandOwnOffer(id: string, actor: Actor): Promise<void> {
    const { state } = await this.commands.load(offer, id);
    if (state.stage === 'none') throw unknown();
    await demandOwn(this.database.manager, actor, state.organisationId);
  }

  private async demandFacts(facts: OfferFacts, at: string): Promise<void> {
    const today = berlinDayOf(at);
    const own = offerFaults(facts, today).map((fault): FieldFault => ({ ...fault, reason: 'invalid' }));
    const faults = [...own, ...(await vocabularyFaults(this.database.manager, mentionsOf(facts), today))];
    if (faults.length > 0) throw invalidRequest(faults);
  }

  private async command(id: string, command: OfferCommand, expectedRevision?: bigint) {
    return commandReply(await this.commands.handle(offer, id, command, { expectedRevision }));
  }
}

function weeksShown({ fromWeek, weeks }: WeeksQuery, at: string): { readonly from: string; readonly to: string } {
  const from = fromWeek ?? weekOf(berlinDayOf(at));
  return { from, to: addWeeks(from, weeks - 1) };
}

/** Each lifts what was its own: a rule's pause ends by the rule, a coordinator's by a coordinator. */
function pauseOf({ roles }: Actor): { readonly reasonCode: string } {
  return { reasonCode: roles.includes('coordinator') ? 'by-coordinator' : 'by-organisation' };
}

function mentionsOf({ skills, fieldKeys, regionKeys }: OfferFacts): readonly Mention[] {
  return [
    ...skills.map(({ key }, at): Mention => ({ field: `skills[${at}].key`, names: 'skill', key })),
    ...fieldKeys.map((key, at): Mention => ({ field: `fieldKeys[${at}]`, names: 'field', key })),
    ...regionKeys.map((key, at): Mention => ({ field: `regionKeys[${at}]`, names: 'region', key })),
  ];
}

function unknown() {
  return notFound('OFFER_UNKNOWN', 'There is no offer with this id.');
}
