import { randomUUID } from 'node:crypto';
import type { CommandContext, LogPosition, RecordedEvent } from '@alliance/event-sourcing';
import { type Accepted, EventStore } from '@alliance/event-store';
import { CommandHandler, RefusedError } from '@alliance/service-host';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { representedBy } from '../organisation/survivors.read-model';
import { type ActingRight, contact, type ContactCommand, DATA_SUBJECT_REQUEST } from './contact.decider';
import { type ContactEvent, contactEvents } from './contact.events';
import { type ContactExport, erasureViewOf, type ErasureView, historyItemOf } from './contact-views.http';
import { settleErasure } from './erasure.reactor';
import { type PersonalData, PersonalDataVault } from './personal-data.vault';

type Erasing = Extract<ContactCommand, { type: 'WithdrawConsent' | 'EraseContact' }>;

/** An answer, and where the log stands with it. */
interface Answered<Body> {
  readonly revision: bigint | undefined;
  readonly position: LogPosition | undefined;
  readonly body: Body;
}

/** Reading, exporting and erasing what is held of a person: as one contact, or as all contacts that the person is. */
@Injectable()
export class DataSubjectRights {
  constructor(
    private readonly commands: CommandHandler,
    private readonly store: EventStore,
    private readonly database: DataSource,
    private readonly vault: PersonalDataVault,
  ) {}

  /** What is held, given out after the log knows of it; `undefined` when there is nothing. Throws `RefusedError`. */
  async read(contactId: string, purpose: string, context: CommandContext): Promise<Answered<PersonalData | undefined>> {
    const { revision, position } = await this.recordRead(contactId, purpose, context);
    return { revision, position, body: await this.vault.read(contactId) };
  }

  /** All that is held as this contact and what was done with it, the reading for the export included. */
  async exportContact(contactId: string, context: CommandContext): Promise<Answered<ContactExport>> {
    const { body: person, ...read } = await this.read(contactId, DATA_SUBJECT_REQUEST, context);
    const events: (RecordedEvent & ContactEvent)[] = [];
    const streamName = contactEvents.category.streamName(contactId);
    for await (const event of this.store.readStream(streamName, contactEvents)) {
      // The codec has checked type and data against the catalogue, whose events these are.
      events.push(event as RecordedEvent & ContactEvent);
    }
    const [first] = events;
    if (first?.type !== 'ContactRecorded') throw new Error(`${streamName} does not begin with ContactRecorded.`);
    const { organisationId } = first.data;
    return { ...read, body: { contactId, organisationId, person, history: events.map(historyItemOf) } };
  }

  /** The contacts under this address, each exported. What is about to be erased is not among them any more. */
  async exportPerson(email: string, context: CommandContext): Promise<Answered<readonly ContactExport[]>> {
    const exports: Answered<ContactExport>[] = [];
    for (const contactId of await this.vault.contactsOf(email)) {
      const exported = await this.exportContact(contactId, context).catch(unlessErased);
      if (exported !== undefined) exports.push(exported);
    }
    return together(exports);
  }

  /** For whom the actor acts, as the directory knows it. */
  async actingRight({ actor }: CommandContext): Promise<ActingRight> {
    return { represented: await representedBy(this.database.manager, actor) };
  }

  /** Decides, erases, and tells what was erased where. The reactor finishes what breaks off after the decision. */
  async eraseContact(contactId: string, command: Erasing, expectedRevision?: bigint): Promise<Answered<ErasureView>> {
    await this.commands.handle(contact, contactId, command, { expectedRevision });
    return this.settle(contactId, command.context);
  }

  /** The same for all contacts under this address: first all are decided, so that none is left out by a crash between. */
  async erasePerson(email: string, command: Erasing): Promise<Answered<readonly ErasureView[]>> {
    const contactIds = await this.vault.contactsOf(email);
    for (const contactId of contactIds) await this.commands.handle(contact, contactId, command);
    const erasures: Answered<ErasureView>[] = [];
    for (const contactId of contactIds) erasures.push(await this.settle(contactId, command.context));
    return together(erasures);
  }

  private async recordRead(contactId: string, purpose: string, context: CommandContext): Promise<Accepted> {
    // Each read is one of its own, also when a request comes again under its key: the data may be others by now.
    const own = { ...context, commandId: randomUUID(), causationId: context.commandId };
    const data = { purpose, ...(await this.actingRight(context)) };
    return this.commands.handle(contact, contactId, { type: 'ReadPersonalData', data, context: own });
  }

  private async settle(contactId: string, context: CommandContext): Promise<Answered<ErasureView>> {
    const { state, last } = await settleErasure(this.commands, this.vault, contactId, context);
    return { revision: last?.revision, position: last?.position, body: erasureViewOf(contactId, state) };
  }
}

function unlessErased(error: unknown): undefined {
  if (error instanceof RefusedError && error.code === 'CONTACT_ERASED') return undefined;
  throw error;
}

/** One after the other, so the last stands farthest in the log. */
function together<Body>(answers: readonly Answered<Body>[]): Answered<readonly Body[]> {
  return { revision: undefined, position: answers.at(-1)?.position, body: answers.map(({ body }) => body) };
}
