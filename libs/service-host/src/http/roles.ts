import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiResponse } from '@nestjs/swagger';
import { ProblemBody } from './problem-body';

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
    ApiResponse({ status: 401, description: 'No valid bearer token.', type: ProblemBody }),
    ApiResponse({ status: 403, description: `Open to: ${allowed.join(', ')}.`, type: ProblemBody }),
  );
}

/** Opens an endpoint to everyone, without a token. */
export function Public(): MethodDecorator & ClassDecorator {
  return SetMetadata(IS_PUBLIC, true);
}

export function isRole(value: unknown): value is Role {
  return roles.some((role) => role === value);
}
