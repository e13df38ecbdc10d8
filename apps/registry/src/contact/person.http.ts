import type { CommandContext } from '@alliance/event-sourcing';
import { ApiCommand, type CommandReply, commandReply, Context, Roles } from '@alliance/service-host';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { PersonErasureDto, PersonQueryDto } from './contact-requests.http';
import { PersonErasure, PersonExport } from './contact-views.http';
import { DataSubjectRights } from './data-subject-rights.http';

/**
 * One person may be a contact of several organisations. These are found by the e-mail address, which comes in the body
 * and stays out of URLs and logs; what is held without one is found by the contact only.
 */
@ApiTags('contacts')
@Controller('persons')
export class PersonController {
  constructor(private readonly rights: DataSubjectRights) {}

  /** Recorded as a read of each contact. Nobody of that address: an empty list. */
  @Post('export')
  @HttpCode(200)
  @Roles('coordinator')
  @ApiCommand({ status: 200, type: PersonExport })
  async export(
    @Body() { email }: PersonQueryDto,
    @Context() context: CommandContext,
  ): Promise<CommandReply<PersonExport>> {
    const { body, ...at } = await this.rights.exportPerson(email, context);
    return commandReply({ ...at, events: [] }, { contacts: body });
  }

  /** Answers with what was erased where; a repeat, with what was still there. */
  @Post('erasure')
  @HttpCode(200)
  @Roles('coordinator')
  @ApiCommand({ status: 200, type: PersonErasure })
  async erase(
    @Body() { email, reason }: PersonErasureDto,
    @Context() context: CommandContext,
  ): Promise<CommandReply<PersonErasure>> {
    const data = { reason, ...(await this.rights.actingRight(context)) };
    const command = { type: 'EraseContact', data, context } as const;
    const { body, ...at } = await this.rights.erasePerson(email, command);
    return commandReply({ ...at, events: [] }, { contacts: body });
  }
}
