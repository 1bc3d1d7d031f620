import { RESOURCES } from '../../local/account.ts';
import type { RequestContext } from '../../policy/context.ts';
import { evaluatePolicies } from '../../policy/evaluate.ts';
import { parsePolicy } from '../../policy/parse-policy.ts';
import type { Policy } from '../../policy/policy.ts';

/** Something that somebody could ask of AWS. */
export interface AwsRequest {
  readonly action: string;
  readonly resource: string;
  readonly keys: Readonly<Record<string, string | readonly string[]>>;
}

/** Tenants whose names begin, end and continue each other. */
export const NEIGHBOURS = ['acme', 'acme-prod', 'acme2', 'acm', 'prod', 'globex', 'initech'];

const { tenantBucketArn: BUCKET, tenantTableArn: TABLE } = RESOURCES;
const ITEM_ACTIONS = ['dynamodb:GetItem', 'dynamodb:BatchWriteItem'];

/**
 * A request for what is not the tenant's that a session policy allows by itself; undefined if none of those that are tried.
 * `hints`: texts that were put into the policy, or might have been.
 */
export function findCrossing(
  policy: Policy,
  tenant: string,
  hints: readonly string[],
): AwsRequest | undefined {
  return requestsFor(tenant, hints).find((request) => !isOwn(request, tenant) && isAllowed(policy, request));
}

/** Whether a policy by itself allows it; what the request does not say is absent. */
export function isAllowed(policy: Policy, { action, resource, keys }: AwsRequest): boolean {
  return evaluatePolicies([policy], { action, resource, context: contextOf(keys) }).effect === 'allowed';
}

export function readPolicy(text: string): Policy {
  return parsePolicy(JSON.parse(text), 'session policy');
}

/** Whose it is goes by where it lies, and nothing else: `acme/…`, lists below `acme/`, items under the key `acme`. */
export function isOwn({ action, resource, keys }: AwsRequest, tenant: string): boolean {
  if (resource === BUCKET && action.startsWith('s3:ListBucket'))
    return String(keys['s3:prefix'] ?? '').startsWith(`${tenant}/`);
  if (resource === TABLE) {
    const leading = [keys['dynamodb:LeadingKeys'] ?? []].flat();
    return leading.length > 0 && leading.every((key) => key === tenant);
  }
  return resource.startsWith(`${BUCKET}/${tenant}/`);
}

function requestsFor(tenant: string, hints: readonly string[]): readonly AwsRequest[] {
  const others = NEIGHBOURS.filter((other) => other !== tenant);
  const names = [...others, ...hints.slice(0, 4), '', `${tenant}2`, tenant.slice(0, -1)];
  const paths = names.flatMap((name) => [name, `${name}/${tenant}/x`]);
  const objects = ['s3:GetObject', 's3:PutObject'].flatMap((action) =>
    [...paths, tenant].map((path) => ({ action, resource: `${BUCKET}/${path || 'x'}`, keys: {} })),
  );
  const lists = [...paths, tenant].map((prefix) => ({
    action: 's3:ListBucket',
    resource: BUCKET,
    keys: { 's3:prefix': prefix },
  }));
  const leading = [...names, `${tenant}#x`].map((key) => ({ 'dynamodb:LeadingKeys': [key] }));
  const mixed = { 'dynamodb:LeadingKeys': [tenant, 'globex'] };
  const items = ITEM_ACTIONS.flatMap((action) =>
    [...leading, mixed, {}].map((keys) => ({ action, resource: TABLE, keys })),
  );
  const rest = [
    { action: 's3:ListBucket', resource: BUCKET, keys: {} },
    { action: 's3:GetObject', resource: 'arn:aws:s3:::other-bucket/x', keys: {} },
    { action: 'dynamodb:Scan', resource: TABLE, keys: {} },
    { action: 'dynamodb:Query', resource: `${TABLE}/index/i`, keys: { 'dynamodb:LeadingKeys': ['globex'] } },
    { action: 'iam:CreateUser', resource: '*', keys: {} },
  ];
  return [...objects, ...lists, ...items, ...rest];
}

function contextOf(keys: AwsRequest['keys']): RequestContext {
  const values = new Map(Object.entries(keys).map(([key, value]) => [key.toLowerCase(), value]));
  return {
    look(key) {
      const value = values.get(key.toLowerCase());
      if (value === undefined) return { state: 'absent' };
      return typeof value === 'string' ? { state: 'single', value } : { state: 'multiple', values: value };
    },
  };
}
