import { Injectable, RequestMethod, type Type } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { ALLOWED_ROLES, IS_PUBLIC, type Role } from './roles';
import { WAITS_FOR } from './min-position.interceptor';

/** A method of a controller that answers HTTP requests. */
export interface Endpoint {
  readonly controller: Type;
  readonly method: string;
}

type Handler = (...parameters: readonly unknown[]) => unknown;

// Under these names `@Get` and its like note what they were given.
const PATH = 'path';
const METHOD = 'method';

/** All endpoints of the service, and whether each says who may use it. */
@Injectable()
export class Endpoints {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  list(): readonly Endpoint[] {
    const controllers = this.discovery.getControllers().flatMap(({ metatype }) => (metatype ? [metatype as Type] : []));
    return controllers.flatMap((controller) =>
      this.scanner
        .getAllMethodNames(controller.prototype as object)
        .filter((method) => Reflect.hasMetadata(PATH, handlerOf({ controller, method })))
        .map((method) => ({ controller, method })),
    );
  }

  /** Throws naming each endpoint that would be open to no one, or to auditors for writing. */
  requireAccessRules(): void {
    const faults = this.list().flatMap((endpoint) => {
      const fault = this.accessFault(endpoint);
      return fault === undefined ? [] : [`${endpoint.controller.name}.${endpoint.method} ${fault}`];
    });
    if (faults.length > 0) throw new Error(`Access is not settled:\n${faults.join('\n')}`);
  }

  /** Throws naming each query that waits for a projection that is not there. */
  requireProjections(names: readonly string[]): void {
    for (const endpoint of this.list()) {
      const awaited = this.reflector.get<readonly string[] | undefined>(WAITS_FOR, handlerOf(endpoint)) ?? [];
      const unknown = awaited.find((name) => !names.includes(name));
      if (unknown !== undefined) {
        throw new Error(`${endpoint.controller.name}.${endpoint.method} waits for an unknown projection: ${unknown}.`);
      }
    }
  }

  private accessFault(endpoint: Endpoint): string | undefined {
    const handler = handlerOf(endpoint);
    const places = [handler, endpoint.controller];
    if (this.reflector.getAllAndOverride<boolean | undefined>(IS_PUBLIC, places)) return undefined;
    const allowed = this.reflector.getAllAndOverride<readonly Role[] | undefined>(ALLOWED_ROLES, places);
    if (allowed === undefined) return 'has neither @Roles nor @Public.';
    const reads = this.reflector.get<RequestMethod>(METHOD, handler) === RequestMethod.GET;
    return !reads && allowed.includes('auditor') ? 'writes, which auditors never do.' : undefined;
  }
}

function handlerOf({ controller, method }: Endpoint): Handler {
  return (controller.prototype as Record<string, Handler>)[method] as Handler;
}
