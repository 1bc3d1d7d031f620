import { expect, test } from 'vitest';
import type { AccessRequest } from '../../policy/access-request.ts';
import { createContext } from '../../policy/context.ts';
import type { Decision } from '../../policy/evaluate.ts';
import { evaluateAccess } from '../../policy/evaluate-access.ts';
import { parsePolicy } from '../../policy/parse-policy.ts';
import type { Policy } from '../../policy/policy.ts';
import type { RequestPrincipal } from '../../policy/principals.ts';

/** The account of whoever asks, and another one. */
export const [HOME, AWAY] = ['111122223333', '444455556666'] as const;
export const ROLE = `arn:aws:iam::${HOME}:role/examplerole`;
export const SESSION = `arn:aws:sts::${HOME}:assumed-role/examplerole/examplerolesessionname`;
export const USER = `arn:aws:iam::${HOME}:user/exampleuser`;
export const FEDERATED = `arn:aws:sts::${HOME}:federated-user/exampleuser`;
const OBJECT = 'arn:aws:s3:::data/acme/x';
export const KEY = `arn:aws:kms:eu-west-1:${HOME}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
export const OTHER_ROLE = (account: string) => `arn:aws:iam::${account}:role/tenant`;

export const session: RequestPrincipal = { type: 'roleSession', roleArn: ROLE, sessionArn: SESSION };
export const user: RequestPrincipal = { type: 'user', arn: USER };
export const federated: RequestPrincipal = { type: 'federatedUser', userArn: USER, sessionArn: FEDERATED };
export const service: RequestPrincipal = { type: 'service', name: 'sns.amazonaws.com' };
export const provider: RequestPrincipal = { type: 'federated', provider: 'accounts.google.com' };
export const anonymous: RequestPrincipal = { type: 'anonymous' };

export const parse = (statement: object) =>
  parsePolicy({ Version: '2012-10-17', Statement: statement }, 'policy');
/** Identity-based policies; `other` says nothing of what rows ask. */
export const allow = parse({ Effect: 'Allow', Action: '*', Resource: '*' });
export const deny = parse({ Effect: 'Deny', Action: '*', Resource: '*' });
export const other = parse({ Effect: 'Allow', Action: 'sqs:*', Resource: '*' });
/** A resource-based policy of one statement on everything. */
export const names = (principal: unknown, effect = 'Allow') =>
  parse({ Effect: effect, Action: '*', Principal: principal });
/** A resource-based policy that allows everybody and denies all but those listed. */
export const denyExcept = (...ids: readonly string[]) =>
  parse([
    { Effect: 'Allow', Action: '*', Principal: '*' },
    { Effect: 'Deny', Action: '*', NotPrincipal: { AWS: ids } },
  ]);
/** A resource control policy. */
export const controls = (effect: string, action: string) =>
  parse({ Effect: effect, Action: action, Principal: '*', Resource: '*' });
/** An identity-based or service control policy. */
export const permits = (...actions: readonly string[]) =>
  parse({ Effect: 'Allow', Action: actions, Resource: '*' });

/** A request as a role session of the resource's account makes it, without any policy, and what a row says otherwise. */
export interface AccessRow {
  readonly by?: RequestPrincipal;
  readonly in?: string;
  readonly action?: string;
  readonly resource?: string;
  readonly policy?: Policy;
  readonly identity?: Policy;
  readonly boundary?: Policy;
  readonly session?: Policy;
  readonly scps?: readonly (readonly Policy[])[];
  readonly rcps?: readonly (readonly Policy[])[];
}

/** Fills in what a row does not say. */
export function accessRequest({ by = session, ...row }: AccessRow): AccessRequest {
  const hasPolicies = ['roleSession', 'user', 'federatedUser'].includes(by.type);
  const side = {
    serviceControl: row.scps ?? [],
    identityPolicies: row.identity === undefined ? [] : [row.identity],
    boundary: row.boundary,
    sessionPolicies: row.session && [row.session],
  };
  return {
    action: row.action ?? 's3:GetObject',
    resource: row.resource ?? OBJECT,
    context: createContext({ values: {} }),
    principal: by,
    principalSide: hasPolicies ? side : undefined,
    resourceSide: { account: row.in ?? HOME, policy: row.policy, resourceControl: row.rcps ?? [] },
  };
}

/** A row and what AWS decides: the effect, and which kind of policy decides it. */
export type DecidedRow = readonly [
  page: string,
  name: string,
  row: AccessRow,
  effect: Decision['effect'],
  kind?: Decision['kind'],
];

/** Evaluates each row and compares. */
export function decides(rows: readonly DecidedRow[]) {
  for (const [page, name, row, effect, kind] of rows) {
    test(`${page}: ${name}`, () => {
      const decision = evaluateAccess(accessRequest(row));
      expect([decision.effect, kind && decision.kind]).toEqual([effect, kind]);
    });
  }
}
