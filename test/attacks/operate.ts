import { createRequestSigner, type UnsignedRequest } from '../../cli/operators/sign-request.ts';
import { REGION } from '../../local/account.ts';
import type { Target } from './target.ts';

/** A request to the operators' API, signed as an operator would. */
export async function operate(
  { facts, aws }: Pick<Target, 'facts' | 'aws'>,
  method: UnsignedRequest['method'],
  path: readonly string[],
  body?: unknown,
): Promise<Response> {
  const target = { endpoint: new URL(facts.operatorApi), region: REGION };
  const sign = createRequestSigner(target, async () => aws.operatorCredentials);
  const text = body === undefined ? undefined : JSON.stringify(body);
  const signed = await sign({ method, path, headers: { 'Content-Type': 'application/json' }, body: text });
  return fetch(signed.url, { method, headers: signed.headers, body: signed.body });
}

/** Puts a tenant that may use these profiles of its own; throws unless it is taken. */
export async function putTenant(
  target: Target,
  tenantId: string,
  definition: Readonly<Record<string, unknown>>,
): Promise<void> {
  const response = await putTenantAnswer(target, tenantId, definition);
  if (response.status === 201) return;
  throw new Error(`got ${response.status} for ${tenantId}: ${await response.text()}, expected 201`);
}

/** What putting it is answered. */
export function putTenantAnswer(
  target: Target,
  tenantId: string,
  definition: Readonly<Record<string, unknown>>,
): Promise<Response> {
  const usual = { displayName: tenantId, profiles: ['app'], defaultProfile: 'app' };
  return operate(target, 'PUT', ['tenants', tenantId], { ...usual, ...definition });
}
