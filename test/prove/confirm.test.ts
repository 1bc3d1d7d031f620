import { expect, test } from 'vitest';
import type { ProfileDefinition } from '../../functions/core/profile/profile-definition.ts';
import { readClaims } from '../../prove/claims.ts';
import { type ConcreteRequest, confirm } from '../../prove/confirm.ts';
import { readLayers } from '../../prove/session-layers.ts';
import { BUCKET, documentOf, ID, read } from './trial.ts';
import { readUnchecked } from './unchecked-profile.ts';

const definition = { name: 'p', description: 'p', roleArn: 'r', policy: documentOf([read(`${BUCKET}/*`)]) };
const profile = readUnchecked(definition as unknown as ProfileDefinition, {});
const role = { identityPolicies: { own: documentOf([read('*')]) } };
const ownership = { owned: [{ name: 'objects', resource: `${BUCKET}/${ID}/*` }], shared: [] };
const claims = readClaims(ownership, {});
const trial = { profile, role, claims, layers: readLayers({ profile, role, ownership, resources: {} }) };
const [reach] = claims.reaches;

const request = (resource: string, action = 's3:GetObject'): ConcreteRequest => ({
  session: { tenantId: 'acme', attributes: {}, scope: {} },
  action,
  resource: `${BUCKET}/${resource}`,
  keys: {},
  claimed: { 'latchkey:tenant.id': 'acme', 'latchkey:other.id': 'globex' },
});

test.each<[string, ConcreteRequest, boolean, boolean]>([
  ['what is another’s', request('globex/x'), true, true],
  ['what is the tenant’s own', request('acme/x'), false, false],
  ['what is nobody’s', request('_/x'), false, true],
  ['what is not allowed', request('globex/x', 's3:PutObject'), false, false],
])('%s is confirmed as what it is', (_, asked, crosses, undeclared) => {
  if (reach === undefined) throw new Error('claims: got none, expected one');
  expect(confirm(trial, asked, { reaches: reach.statement }) !== undefined).toBe(crosses);
  expect(confirm(trial, asked, { undeclared: true }) !== undefined).toBe(undeclared);
});
