import type { Actor } from '@alliance/event-sourcing';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { InvalidToken, TokenVerifier } from '../identity/token-verifier';
import { ProblemError } from './problem';
import './request';
import { ALLOWED_ROLES, IS_PUBLIC, type Role } from './roles';

const BEARER = /^Bearer ([A-Za-z0-9._~+/-]+=*)$/i;
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Deny by default: an endpoint is open to the roles it names, to auditors for reading, and to no one else. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: TokenVerifier,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const places = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(IS_PUBLIC, places)) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    request.actor = await this.authenticate(request);
    const allowed = this.reflector.getAllAndOverride<readonly Role[] | undefined>(ALLOWED_ROLES, places) ?? [];
    if (!mayUse(request.actor, allowed, SAFE_METHODS.has(request.method))) {
      throw new ProblemError(403, 'FORBIDDEN', `This is open to: ${allowed.join(', ')}.`);
    }
    return true;
  }

  private async authenticate(request: FastifyRequest): Promise<Actor> {
    const [, token] = BEARER.exec(request.headers.authorization ?? '') ?? [];
    if (token === undefined) throw unauthenticated('A bearer token is needed.', 'Bearer');
    try {
      return await this.tokens.verify(token);
    } catch (error) {
      if (error instanceof InvalidToken) throw unauthenticated(error.message, 'Bearer error="invalid_token"');
      throw error;
    }
  }
}

/** Auditors read all and write nothing, whatever other roles they have. */
function mayUse(actor: Actor, allowed: readonly Role[], reading: boolean): boolean {
  if (actor.roles.includes('auditor')) return reading;
  return allowed.some((role) => actor.roles.includes(role));
}

function unauthenticated(detail: string, challenge: string): ProblemError {
  return new ProblemError(401, 'UNAUTHENTICATED', detail, { headers: { 'www-authenticate': challenge } });
}
