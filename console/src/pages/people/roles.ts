import type { components } from '@api/schema';

export type Person = components['schemas']['Person'];
export type Role = Person['role'];
export type OwnKey = components['schemas']['ApiKey'];
export type Scope = OwnKey['scope'];

export const ROLES: readonly Role[] = ['owner', 'finance', 'support', 'read_only'];
export const SCOPES: readonly Scope[] = ['read_only', 'support', 'finance', 'full'];

/** Of a choice in a list, which the browser answers as text. */
export const roleOf = (value: string): Role => ROLES.find((role) => role === value) ?? 'read_only';
export const scopeOf = (value: string): Scope => SCOPES.find((scope) => scope === value) ?? 'read_only';
