import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth } from '@nestjs/swagger';
import { ApiProblem } from './problem-body';

/** Who people are to the alliance. A token may carry several. */
export const roles = [
  'coordinator',
  'representative',
  'fund-officer',
  'reviewer',
  'approver',
  'chair',
  'public-contact',
  'auditor',
  'operator',
  'analyst',
] as const;

export type Role = (typeof roles)[number];

export const ALLOWED_ROLES = Symbol('allowed roles');
export const IS_PUBLIC = Symbol('public');

/**
 * Opens an endpoint (or a controller) to these roles; auditors may read it besides. An endpoint with neither `@Roles`
 * nor `@Public` keeps the service from starting.
 */
export function Roles(...allowed: readonly [Role, ...Role[]]): MethodDecorator & ClassDecorator {
  return applyDecorators(
    SetMetadata(ALLOWED_ROLES, allowed),
    ApiBearerAuth(),
    ApiProblem(401, 'No valid bearer token.'),
    ApiProblem(403, `Open to: ${allowed.join(', ')}.`),
  );
}

/** Opens an endpoint to everyone, without a token. */
export function Public(): MethodDecorator & ClassDecorator {
  return SetMetadata(IS_PUBLIC, true);
}

export function isRole(value: unknown): value is Role {
  return roles.some((role) => role === value);
}
