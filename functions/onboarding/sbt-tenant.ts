import * as z from 'zod/mini';
import { ConfigurationError } from '../core/errors.ts';
import { parse } from '../core/parse.ts';
import { parseTemplate } from '../core/profile/template.ts';
import { parseTenantDefinition, type TenantDefinition } from '../core/tenant/tenant-definition.ts';
import { parseTenantId, type TenantId } from '../core/tenant-id.ts';

/** Makes the definition of a tenant from what the toolkit's event says of it. Throws `ConfigurationError`. */
export type SbtTenant = (tenantId: TenantId, detail: Readonly<Record<string, unknown>>) => TenantDefinition;

const SAMPLE_ID = parseTenantId('00000000-0000-4000-8000-000000000000');
const TENANT_ID = 'tenantId';
const DETAIL = /^detail\.([a-zA-Z0-9-]+)$/;

/** Members that may quote the event. What binds a tenant or grants it something is not up to whoever filled in a registration. */
const QUOTING = ['displayName', 'attributes'];

/**
 * The template in a written tenant definition. `{{tenantId}}` may stand in every text, `{{detail.tier}}`, a text of the event's
 * detail, in `displayName` and `attributes`. Without a `displayName` it is the event's `tenantName` or else the id. Throws
 * `ConfigurationError` for what could not become a tenant.
 */
export function parseSbtTenant(written: unknown): SbtTenant {
  const members = Object.entries(parse(z.record(z.string(), z.unknown()), written, 'tenant'));
  const define = (tenantId: TenantId, textOf: (member: string) => string | undefined) => {
    const rendered = members.map(([name, value]) => {
      const quoted = QUOTING.includes(name) ? textOf : undefined;
      return [name, renderValue(value, (placeholder) => textFor(placeholder, tenantId, quoted))];
    });
    return parseTenantDefinition({
      displayName: textOf('tenantName') ?? tenantId,
      ...Object.fromEntries(rendered),
    });
  };
  // Tried out, so that what is wrong with it is said at the start and not of every tenant.
  define(SAMPLE_ID, () => 'text');
  return (tenantId, detail) => define(tenantId, (member) => ownText(detail, member));
}

function renderValue(value: unknown, read: (placeholder: string) => string): unknown {
  if (typeof value === 'string') {
    const pieces = parseTemplate(value, () => true);
    return pieces.map((piece) => (typeof piece === 'string' ? piece : read(piece.placeholder))).join('');
  }
  if (Array.isArray(value)) return value.map((element) => renderValue(element, read));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, renderValue(member, read)]));
}

function textFor(
  placeholder: string,
  tenantId: TenantId,
  textOf: ((member: string) => string | undefined) | undefined,
): string {
  if (placeholder === TENANT_ID) return tenantId;
  const member = textOf && DETAIL.exec(placeholder)?.[1];
  if (member === undefined) {
    throw new ConfigurationError(
      `tenant: got {{${placeholder}}}, expected {{${TENANT_ID}}}, or in ${QUOTING.join(' and ')} {{detail.x}}`,
    );
  }
  const text = textOf?.(member);
  if (text !== undefined) return text;
  throw new ConfigurationError(
    `detail.${member}: got no text, expected one: the tenant's template quotes it`,
  );
}

function ownText(detail: Readonly<Record<string, unknown>>, member: string): string | undefined {
  const value = Object.hasOwn(detail, member) ? detail[member] : undefined;
  return typeof value === 'string' ? value : undefined;
}
