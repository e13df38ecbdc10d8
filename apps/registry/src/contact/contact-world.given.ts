import { randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '@alliance/event-sourcing';
import { DataSource } from 'typeorm';
import { checks, tafel } from '../organisation/organisation.given';
import { type Answer, type Caller } from '@alliance/service-world';
import { coordinator, RegistryWorld, representative } from '../registry.given';
import { contactEvents } from './contact.events';
import { consent, kaethe } from './contact.given';

/** What a contact is held by, of this person. */
export const holding = (person: object = kaethe) => ({ purposes: ['coordination'], consent, person });
/** A person whom no other test knows. */
export const someone = () => ({ ...kaethe, email: `${randomUUID()}@example.org` });
export const codeOf = ({ status, body }: Answer) => [status, body.code];

/** The registry at work, with two organisations that have applied, and who speaks for them. */
export class ContactWorld {
  readonly own: Caller;
  readonly foreign: Caller;

  private constructor(
    readonly world: RegistryWorld,
    readonly organisationId: string,
    readonly otherOrganisationId: string,
  ) {
    this.own = { ...representative, organisationId };
    this.foreign = { ...representative, subject: 'representative-2', organisationId: otherOrganisationId };
  }

  static async start(
    settings: Readonly<Record<string, string>> = {},
    clock: Clock = systemClock,
  ): Promise<ContactWorld> {
    const world = await RegistryWorld.start(settings, clock);
    const apply = async (name: string) => {
      const { body } = await world.post('/organisations', { ...tafel, name, identifiers: [] }, representative);
      return String(body.organisationId);
    };
    return new ContactWorld(world, await apply('Tafel'), await apply('Brücke'));
  }

  stop(): Promise<void> {
    return this.world.stop();
  }

  /** An organisation that has been admitted. */
  async member(number: string): Promise<string> {
    const identifiers = [{ scheme: 'vereinsregister', court: 'München', number }];
    const { body } = await this.world.post('/organisations', { ...tafel, identifiers }, representative);
    const id = String(body.organisationId);
    await this.world.post(`/organisations/${id}/verification`, { checks }, coordinator);
    expect((await this.world.post(`/organisations/${id}/admission`, undefined, coordinator)).status).toBe(204);
    return id;
  }

  contactOf(person: object = kaethe, of: string = this.organisationId) {
    return { organisationId: of, ...holding(person) };
  }

  /** The id of a contact that has been recorded. */
  async recorded(person: object = kaethe, by: Caller = this.own, of: string = this.organisationId): Promise<string> {
    const { status, body } = await this.world.post('/contacts', this.contactOf(person, of), by);
    expect({ status, body }).toEqual({ status: 201, body: { contactId: expect.any(String) } });
    return body.contactId;
  }

  disclosed(id: string, by: Caller, purpose = 'coordination'): Promise<Answer> {
    return this.world.post(`/contacts/${id}/disclosure`, { purpose }, by);
  }

  async typesOf(id: string): Promise<readonly string[]> {
    return (await this.world.events(contactEvents, id)).map(({ type }) => type);
  }

  /** What the table of the vault has of the contact. */
  async vaultRow(id: string): Promise<Record<string, unknown> | undefined> {
    const database = await new DataSource({ type: 'postgres', url: this.world.database.url }).initialize();
    try {
      const sql = 'SELECT * FROM personal_data WHERE contact_id = $1';
      const [row] = await database.query<Record<string, unknown>[]>(sql, [id]);
      return row;
    } finally {
      await database.destroy();
    }
  }
}
