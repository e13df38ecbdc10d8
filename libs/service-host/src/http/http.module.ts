import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { AccessGuard } from './access.guard';
import { Endpoints } from './endpoints';
import { ProblemFilter } from './problem.filter';
import type { RouteTable } from './route-table';
import { ValidationPipe } from './validation';

/** What stands between a request and a slice: who may, in what shape, and how it is answered. */
@Module({})
export class HttpModule {
  static with(routes: RouteTable): DynamicModule {
    return {
      module: HttpModule,
      imports: [DiscoveryModule],
      providers: [
        Endpoints,
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_PIPE, useClass: ValidationPipe },
        { provide: APP_FILTER, useValue: new ProblemFilter(routes) },
      ],
    };
  }
}
