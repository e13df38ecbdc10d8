import type { Actor } from '@alliance/event-sourcing';
import { EventStore } from '@alliance/event-store';
import { KnownOrganisation } from '@alliance/known-organisations';
import { CommandHandler, CurrentActor, Roles, UuidParam } from '@alliance/service-host';
import { Controller, Get, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { DataSource, In } from 'typeorm';
import { demandAccess } from '../grant-by-log.http';
import { grantEvents } from '../grant/grant.events';
import { decisionPaper, organisationsIn, type RecordedGrantEvent } from './decision-paper';
import { markdown } from './markdown';
import type { Block } from './paper-blocks';
import { paperPdf } from './paper-pdf.http';

/** What was decided on a grant and why, by the log, for whoever may see its content. */
@ApiTags('exports')
@Controller('grants/:id')
export class DecisionPaperController {
  constructor(
    private readonly store: EventStore,
    private readonly commands: CommandHandler,
    private readonly database: DataSource,
  ) {}

  @Get('decision-paper.md')
  @Roles('fund-officer', 'approver', 'coordinator')
  @ApiOperation({ summary: 'The decision paper of a grant, as Markdown.' })
  @ApiProduces('text/markdown')
  async asMarkdown(@UuidParam('id') id: string, @CurrentActor() actor: Actor): Promise<StreamableFile> {
    const { blocks } = await this.paper(id, actor);
    return fileOf(Buffer.from(markdown(blocks)), 'text/markdown; charset=utf-8', `decision-paper-${id}.md`);
  }

  /** The same bytes as long as nothing happens to the grant. */
  @Get('decision-paper.pdf')
  @Roles('fund-officer', 'approver', 'coordinator')
  @ApiOperation({ summary: 'The decision paper of a grant, as PDF.' })
  @ApiProduces('application/pdf')
  async asPdf(@UuidParam('id') id: string, @CurrentActor() actor: Actor): Promise<StreamableFile> {
    const { blocks, asOf } = await this.paper(id, actor);
    return fileOf(await paperPdf(blocks, asOf), 'application/pdf', `decision-paper-${id}.pdf`);
  }

  private async paper(id: string, actor: Actor): Promise<{ readonly blocks: readonly Block[]; readonly asOf: Date }> {
    await demandAccess(this.commands, this.database.manager, actor, id);
    const events: RecordedGrantEvent[] = [];
    for await (const event of this.store.readStream(grantEvents.category.streamName(id), grantEvents)) {
      events.push(event as RecordedGrantEvent);
    }
    const known = await this.database.manager.findBy(KnownOrganisation, { id: In([...organisationsIn(events)]) });
    const names = new Map(known.map((organisation) => [organisation.id, organisation.name]));
    const asOf = new Date(events.at(-1)?.metadata.occurredAt ?? 0);
    return { blocks: decisionPaper(id, events, names), asOf };
  }
}

function fileOf(bytes: Buffer, type: string, name: string): StreamableFile {
  return new StreamableFile(bytes, { type, disposition: `attachment; filename="${name}"`, length: bytes.length });
}
