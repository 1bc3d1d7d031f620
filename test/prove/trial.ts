import type { ProfileDefinition } from '../../functions/core/profile/profile-definition.ts';
import type { Ownership } from '../../prove/ownership.ts';
import type { Proof, RolePolicies } from '../../prove/proof.ts';
import { proveProfile } from '../../prove/prove-profile.ts';
import { readUnchecked } from './unchecked-profile.ts';

export const BUCKET = 'arn:aws:s3:::data';
export const TABLE = 'arn:aws:dynamodb:eu-west-1:111122223333:table/data';
export const ID = '{{tenant.id}}';
export const TAG = '${aws:PrincipalTag/TenantId}';
export const KEY = 'dynamodb:LeadingKeys';
export const OWN_TAG = 'aws:ResourceTag/TenantId';

export const OWNERSHIP: Ownership = {
  owned: [
    { name: 'objects', resource: `${BUCKET}/${ID}/*` },
    {
      name: 'lists',
      resource: BUCKET,
      actions: ['s3:ListBucket'],
      by: { key: 's3:prefix', value: `${ID}/*`, reach: 'listing' },
    },
    { name: 'items', resource: TABLE, by: { key: KEY, value: ID } },
    { name: 'machines', resource: 'arn:aws:ec2:*:*:instance/*', by: { key: OWN_TAG, value: ID } },
  ],
  shared: [
    { actions: ['s3:GetObject'], resource: `${BUCKET}/_public/*`, why: 'published' },
    { actions: ['dynamodb:GetItem'], resource: TABLE, by: { key: KEY, value: '_plans' }, why: 'price list' },
  ],
};

/** A statement as it is written; an Allow, unless it says so. */
export interface StatementText {
  readonly Effect?: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: object;
}

export const ANYTHING: StatementText = { Action: '*', Resource: '*' };

/** What is not as usual. */
export interface Options extends Partial<Pick<ProfileDefinition, 'scope' | 'tags' | 'policyArns'>> {
  readonly role?: readonly StatementText[];
  readonly boundary?: readonly StatementText[];
  readonly roleTags?: RolePolicies['tags'];
  readonly managedPolicies?: Readonly<Record<string, unknown>>;
  readonly ownership?: Ownership;
  readonly stepBudget?: number;
}

export const documentOf = (statements: readonly StatementText[]) => ({
  Version: '2012-10-17',
  Statement: statements.map((each) => ({ Effect: 'Allow', ...each })),
});

/** Proves a session policy. By default the role allows everything: the session policy alone is on trial. */
export function prove(session: readonly StatementText[], options: Options = {}): Proof {
  const {
    role = [ANYTHING],
    boundary,
    roleTags,
    ownership = OWNERSHIP,
    managedPolicies,
    stepBudget,
  } = options;
  const { scope = {}, tags = {}, policyArns = [] } = options;
  const definition = {
    ...{ name: 'trial', description: 'on trial', roleArn: 'arn:aws:iam::111122223333:role/tenant' },
    ...{ policy: documentOf(session), scope, tags, policyArns },
  };
  return proveProfile({
    profile: readUnchecked(definition as unknown as ProfileDefinition, {}),
    role: {
      identityPolicies: { own: documentOf(role) },
      ...(boundary && { boundary: documentOf(boundary) }),
      ...(roleTags && { tags: roleTags }),
    },
    ownership,
    resources: {},
    ...(managedPolicies && { managedPolicies }),
    ...(stepBudget && { stepBudget }),
  });
}

export const verdicts = (proof: Proof) => proof.rows.map(({ verdict }) => verdict);
export const read = (resource: string, Condition?: object): StatementText => ({
  Action: 's3:GetObject',
  Resource: resource,
  ...(Condition && { Condition }),
});
export const list = (Condition?: object): StatementText => ({
  ...read(BUCKET, Condition),
  Action: 's3:ListBucket',
});
export const items = (Condition?: object, Action = 'dynamodb:GetItem'): StatementText => ({
  ...read(TABLE, Condition),
  Action,
});
export const machines = (Condition?: object): StatementText => ({
  ...read('arn:aws:ec2:*:*:instance/*', Condition),
  Action: 'ec2:StartInstances',
});
export const PRESENT = { Null: { [KEY]: 'false' } };
export const EACH_OWN = { 'ForAllValues:StringEquals': { [KEY]: ID } };
