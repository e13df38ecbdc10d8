import { type CommandContext, refuse } from '@alliance/event-sourcing';
import { Body, Controller, type DynamicModule, Get, Module, Post, Query, type Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Type as TypeOf } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsInt, IsOptional, IsString, Length, ValidateNested } from 'class-validator';
import { ProjectionProgress } from '@alliance/read-models';
import { TokenVerifier } from '../identity/token-verifier';
import { Context, IfMatch, newId } from './command-context';
import { ApiCommand, created } from './command-reply';
import { PageQuery, parseSort } from './paging';
import { RefusedError } from './problem';
import { Public, Roles } from './roles';
import { AcceptsLongJson, AcceptsUpload } from './upload';
import { UuidParam } from './uuid-param';
import { WaitsFor } from './waits-for';

// Endpoints that show what stands between a request and a slice; there is no log and no database behind them.

class Identifier {
  @Length(2, 20)
  readonly scheme: string;

  @IsString()
  readonly value: string;
}

class Application {
  @Length(1, 100)
  readonly name: string;

  @IsOptional()
  @IsInt()
  readonly members?: number;

  @IsArray()
  @ArrayMaxSize(5)
  @ValidateNested({ each: true })
  @TypeOf(() => Identifier)
  @ApiProperty({ type: [Identifier] })
  readonly identifiers: readonly Identifier[];

  @IsOptional()
  @ValidateNested()
  @TypeOf(() => Identifier)
  readonly main?: Identifier;

  @IsOptional()
  @IsString({ each: true })
  readonly tags?: readonly string[];
}

class ThingsQuery extends PageQuery {
  @IsOptional()
  @IsString()
  readonly sort?: string;
}

@Controller('things')
export class ThingsController {
  @Post()
  @Roles('coordinator')
  @ApiCommand({ status: 201 })
  apply(@Body() body: Application, @Context() context: CommandContext, @IfMatch() ifMatch: bigint | undefined) {
    const accepted = { revision: 3n, position: { commit: 7n, prepare: 8n }, events: [] };
    return created(accepted, '/sample/things/1', {
      body,
      context,
      id: newId(context, 'thing'),
      ifMatch: String(ifMatch),
    });
  }

  @Get()
  @Roles('coordinator')
  @WaitsFor('thing-list')
  list(@Query() query: ThingsQuery) {
    return { limit: query.limit, sort: parseSort(query.sort, ['name', 'admittedAt']) };
  }

  @Get('counted')
  @Roles('coordinator')
  @WaitsFor('thing-list', 'thing-count')
  count() {
    return { things: 0 };
  }

  @Get('refused')
  @Roles('coordinator')
  refuse(): never {
    throw new RefusedError(refuse('forbidden', 'THING_NOT_YOURS', 'It is not yours.', { owner: 'o-1' }));
  }

  @Get('outdated')
  @Roles('coordinator')
  outdated(): never {
    const versions = { seenVersion: 1, presentVersion: 2 };
    throw new RefusedError(refuse('outdated', 'THING_OUTDATED', 'It has changed since; look at it again.', versions));
  }

  @Get('broken')
  @Public()
  broken(): never {
    throw new TypeError('secret internals');
  }

  @Post('import')
  @Roles('coordinator')
  @AcceptsUpload({ mediaTypes: ['text/csv'], maxBytes: 1_000_000 })
  import(@Body() file: Buffer) {
    return { bytes: file.length };
  }

  @Post('long')
  @Roles('coordinator')
  @AcceptsLongJson(1_000_000)
  long(@Body() { tags = [] }: Application) {
    return { tags: tags.length };
  }

  @Get(':id')
  @Public()
  one(@UuidParam('id') id: string) {
    return { id };
  }
}

/** Says nothing of who may use it. */
@Controller('forgotten')
export class ForgottenController {
  @Get()
  all() {
    return [];
  }
}

@Controller('wrong')
export class AuditorWritesController {
  @Post()
  @Roles('auditor')
  write() {
    return {};
  }
}

@Module({})
export class Root {
  static with(
    controllers: Type[],
    providers: DynamicModule['providers'],
    imports: DynamicModule['imports'],
  ): DynamicModule {
    return {
      module: Root,
      global: true,
      controllers,
      providers,
      imports,
      exports: [TokenVerifier, ProjectionProgress],
    };
  }
}
