import { DoubleStructureGate, OverlapsQuery, OverlapsView, overlapsView, ScopeDto } from '@alliance/double-structures';
import { Roles, WaitsFor } from '@alliance/service-host';
import { Body, Controller, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RegisterKeys } from './register-keys.http';

/** The gate over the register itself. */
@ApiTags('structures')
@Controller('overlaps')
export class RegisterOverlapsController {
  constructor(
    private readonly gate: DoubleStructureGate,
    private readonly keys: RegisterKeys,
  ) {}

  @Post()
  @HttpCode(200)
  @Roles('coordinator', 'representative', 'fund-officer', 'reviewer', 'approver', 'chair', 'public-contact')
  @WaitsFor('structure-register')
  @ApiOperation({ summary: 'The existing structures that overlap with a proposal, and what going on would need.' })
  @ApiOkResponse({ type: OverlapsView })
  async ask(@Body() proposal: ScopeDto, @Query() { limit }: OverlapsQuery): Promise<OverlapsView> {
    await this.keys.require(proposal);
    return overlapsView(await this.gate.ask(proposal, { limit }));
  }
}
