import type { Actor, CommandContext } from '@alliance/event-sourcing';
import { EventStore } from '@alliance/event-store';
import {
  ApiCommand,
  ApiPaged,
  CommandHandler,
  type CommandReply,
  commandReply,
  Context,
  created,
  CurrentActor,
  IfMatch,
  newId,
  notFound,
  type Paged,
  parseSort,
  RefusedError,
  Roles,
  UuidParam,
  WaitsFor,
} from '@alliance/service-host';
import { Body, Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { organisationEvents } from '../organisation/organisation.events';
import { RegistrySettings } from '../registry.config';
import { contact, contactErased, type Grounds } from './contact.decider';
import { findContact, findContacts } from './contact-list.read-model';
import { ContactDto, ContactPageQuery, DisclosureDto, ErasureQuery, HoldingDto } from './contact-requests.http';
import {
  ContactExport,
  ContactId,
  ContactView,
  contactViewOf,
  DisclosureView,
  ErasureView,
} from './contact-views.http';
import { DataSubjectRights } from './data-subject-rights.http';
import { type PersonalData, PersonalDataVault } from './personal-data.vault';

/**
 * Contact persons of organisations. That there is one, and for what, is seen by more than who it is: the person is given
 * out by commands only (`disclosure`, `export`), to coordinators and to representatives of that organisation, and each
 * time the log knows of it first. What was merged into an organisation counts as it until that is undone.
 */
@ApiTags('contacts')
@Controller('contacts')
export class ContactController {
  constructor(
    private readonly commands: CommandHandler,
    private readonly store: EventStore,
    private readonly database: DataSource,
    private readonly vault: PersonalDataVault,
    private readonly rights: DataSubjectRights,
    private readonly settings: RegistrySettings,
  ) {}

  @Post()
  @Roles('representative', 'coordinator')
  @ApiCommand({ status: 201, type: ContactId })
  async record(@Body() body: ContactDto, @Context() context: CommandContext): Promise<CommandReply<ContactId>> {
    const organisationId = body.organisationId.toLowerCase();
    await this.requireOrganisation(organisationId);
    const contactId = newId(context, 'contact');
    const data = { contactId, organisationId, ...this.groundsOf(body), ...(await this.rights.actingRight(context)) };
    const command = { type: 'RecordContact', data, context } as const;
    const accepted = await this.commands.handle(contact, contactId, command, { startsStream: true });
    await this.keep(contactId, accepted.revision, body.person);
    return created(accepted, `/registry/contacts/${contactId}`, { contactId });
  }

  /** Replaces grounds and person as a whole; the day of the review is counted anew. */
  @Post(':id/revision')
  @Roles('representative', 'coordinator')
  @ApiCommand({ status: 204 })
  async revise(
    @UuidParam('id') id: string,
    @Body() body: HoldingDto,
    @Context() context: CommandContext,
    @IfMatch() expectedRevision: bigint | undefined,
  ) {
    const data = { ...this.groundsOf(body), ...(await this.rights.actingRight(context)) };
    const command = { type: 'ReviseContact', data, context } as const;
    const accepted = await this.commands.handle(contact, id, command, { expectedRevision });
    await this.keep(id, accepted.revision, body.person);
    return commandReply(accepted);
  }

  /** Gives out the person for one of the purposes that the data are held for. Every request is recorded as a read. */
  @Post(':id/disclosure')
  @HttpCode(200)
  @Roles('representative', 'coordinator')
  @ApiCommand({ status: 200, type: DisclosureView })
  async disclose(
    @UuidParam('id') contactId: string,
    @Body() { purpose }: DisclosureDto,
    @Context() context: CommandContext,
  ): Promise<CommandReply<DisclosureView>> {
    const { revision, position, body: person } = await this.rights.read(contactId, purpose, context);
    if (person === undefined) {
      throw notFound('PERSONAL_DATA_MISSING', 'Nothing came to be held of this contact; revise it to say who it is.');
    }
    return commandReply({ revision, position, events: [] }, { contactId, person });
  }

  /** For the person who asks what is held of them, and what was done with it. Recorded as a read. */
  @Post(':id/export')
  @HttpCode(200)
  @Roles('representative', 'coordinator')
  @ApiCommand({ status: 200, type: ContactExport })
  async export(@UuidParam('id') id: string, @Context() context: CommandContext): Promise<CommandReply<ContactExport>> {
    const { body, ...at } = await this.rights.exportContact(id, context);
    return commandReply({ ...at, events: [] }, body);
  }

  /** Erases at once what was held by the consent. */
  @Post(':id/consent-withdrawal')
  @HttpCode(200)
  @Roles('representative', 'coordinator')
  @ApiCommand({ status: 200, type: ErasureView })
  async withdrawConsent(
    @UuidParam('id') id: string,
    @Context() context: CommandContext,
    @IfMatch() expectedRevision: bigint | undefined,
  ): Promise<CommandReply<ErasureView>> {
    const command = { type: 'WithdrawConsent', data: await this.rights.actingRight(context), context } as const;
    const { body, ...at } = await this.rights.eraseContact(id, command, expectedRevision);
    return commandReply({ ...at, events: [] }, body);
  }

  /** Answers with what was erased where; so does a repeat. */
  @Delete(':id')
  @Roles('representative', 'coordinator')
  @ApiCommand({ status: 200, type: ErasureView })
  async erase(
    @UuidParam('id') id: string,
    @Query() { reason }: ErasureQuery,
    @Context() context: CommandContext,
    @IfMatch() expectedRevision: bigint | undefined,
  ): Promise<CommandReply<ErasureView>> {
    const data = { reason, ...(await this.rights.actingRight(context)) };
    const command = { type: 'EraseContact', data, context } as const;
    const { body, ...at } = await this.rights.eraseContact(id, command, expectedRevision);
    return commandReply({ ...at, events: [] }, body);
  }

  /** Without the persons; for representatives the contacts of those whom they act for. */
  @Get()
  @Roles('coordinator', 'representative', 'fund-officer', 'chair')
  @WaitsFor('contact-list')
  @ApiPaged(ContactView)
  async list(@Query() query: ContactPageQuery, @CurrentActor() actor: Actor): Promise<Paged<ContactView>> {
    const { sort, ...filters } = query;
    const order = parseSort(sort, ['recordedAt', 'reviewOn']);
    const page = await findContacts(this.database, { ...filters, order }, actor);
    return { ...page, items: page.items.map(contactViewOf) };
  }

  @Get(':id')
  @Roles('coordinator', 'representative', 'fund-officer', 'chair')
  @WaitsFor('contact-list')
  @ApiOkResponse({ type: ContactView })
  async one(@UuidParam('id') id: string, @CurrentActor() actor: Actor): Promise<ContactView> {
    const row = await findContact(this.database, id, actor);
    if (row === undefined) throw notFound('CONTACT_UNKNOWN', 'There is no such contact.');
    return contactViewOf(row);
  }

  private groundsOf({ purposes, consent }: HoldingDto): Grounds {
    const { contactPurposes, contactReviewMonths } = this.settings;
    return { purposes, consent, permittedPurposes: contactPurposes, reviewMonths: contactReviewMonths };
  }

  /** From the log, since a read model may not know yet of an organisation that has just applied. */
  private async requireOrganisation(id: string): Promise<void> {
    for await (const _ of this.store.readStream(organisationEvents.category.streamName(id), organisationEvents)) return;
    throw notFound('ORGANISATION_UNKNOWN', 'There is no such organisation.');
  }

  /** After the event at that revision: the row never is without one. The client is answered when both are durable. */
  private async keep(contactId: string, revision: bigint | undefined, person: PersonalData): Promise<void> {
    if (revision === undefined) throw new Error(`Nothing was recorded of contact ${contactId}.`);
    const name = person.name.normalize('NFC').trim();
    const kept = await this.vault.keep(contactId, revision, { ...person, name });
    if (kept === 'erased') throw new RefusedError(contactErased());
  }
}
