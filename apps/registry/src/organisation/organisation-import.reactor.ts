import { type CommandContext, isRefusal, type Refusal } from '@alliance/event-sourcing';
import { type Accepted, deriveId } from '@alliance/event-store';
import type { CommandHandler, Reactor } from '@alliance/service-host';
import { piecesOf } from '../pieces';
import { organisation } from './organisation.decider';
import { organisationImport, type OrganisationImportCommand } from './organisation-import.decider';
import { type JudgedRow, type OrganisationImportEvent, organisationImportEvents } from './organisation-import.events';
import { applyAfter, type ApplyForImported } from './organisation-import.policy';

type Commands = Pick<CommandHandler, 'decide' | 'load'>;

/** Fills the log's group commit without taking it from others. */
const APPLICATIONS_AT_A_TIME = 32;

/** Makes the accepted rows of an import applications for membership; a repeat after a crash changes nothing. */
export const organisationImportReactor: Reactor<ApplyForImported> = {
  name: 'organisation-import',
  catalogues: [organisationImportEvents],
  policy: applyAfter,
  execute: (wanted, context, commands) => applyForImported(wanted, context, commands),
};

/** The organisation that a row of an import becomes. */
export function importedOrganisationId(importId: string, line: number): string {
  return deriveId(importId, `organisation ${line}`);
}

/** Lists the rows piece by piece and then accepts them as a whole. The same import again takes up where it stopped. */
export async function acceptImport(
  commands: Commands,
  importId: string,
  { rows, minimumOperatingMonths }: { readonly rows: readonly JudgedRow[]; readonly minimumOperatingMonths: number },
  cause: CommandContext,
): Promise<Accepted<OrganisationImportEvent> | Refusal> {
  const step = (name: string): CommandContext => ({
    ...cause,
    commandId: deriveId(importId, name),
    causationId: cause.commandId,
  });
  let listedBefore = 0;
  for (const piece of piecesOf(rows)) {
    const data = { rows: piece, listedBefore };
    const command: OrganisationImportCommand = { type: 'ListRows', data, context: step(`list from ${listedBefore}`) };
    const listed = await commands.decide(organisationImport, importId, command, { startsStream: listedBefore === 0 });
    if (isRefusal(listed)) return listed;
    listedBefore += piece.length;
  }
  const data = { rows: rows.length, minimumOperatingMonths };
  const accept: OrganisationImportCommand = { type: 'AcceptOrganisationImport', data, context: step('accept') };
  return commands.decide(organisationImport, importId, accept);
}

/** As `execute` of the reactor does it. */
export async function applyForImported(
  { target: importId, data }: ApplyForImported,
  cause: CommandContext,
  commands: Commands,
): Promise<void> {
  const { state } = await commands.load(organisationImport, importId);
  const accepted = state.rows.filter((row) => row.verdict === 'accepted');
  for (let at = 0; at < accepted.length; at += APPLICATIONS_AT_A_TIME) {
    const some = accepted.slice(at, at + APPLICATIONS_AT_A_TIME);
    await Promise.all(some.map((row) => apply(row, importId, data, cause, commands)));
  }
}

async function apply(
  { line, organisationId, facts }: Extract<JudgedRow, { verdict: 'accepted' }>,
  importId: string,
  { appliedBy, at, minimumOperatingMonths }: ApplyForImported['data'],
  cause: CommandContext,
  commands: Commands,
): Promise<void> {
  const commandId = deriveId(importId, `row ${line}`);
  const context = { ...cause, commandId, causationId: cause.commandId, actor: appliedBy, at };
  const data = { organisationId, facts, minimumOperatingMonths };
  const command = { type: 'ApplyForMembership', data, context } as const;
  const applied = await commands.decide(organisation, organisationId, command, { startsStream: true });
  if (isRefusal(applied)) throw new Error(`Line ${line} of import ${importId} was refused: ${applied.code}.`);
}
