import { describe, expect, it, test } from 'vitest';
import type { Proof, RolePolicies } from '../../prove/proof.ts';
import { proveRole } from '../../prove/prove-role.ts';
import { renderProof } from '../../prove/render-proof.ts';
import {
  ANYTHING,
  BUCKET,
  documentOf,
  items,
  KEY,
  list,
  machines,
  OWN_TAG,
  OWNERSHIP,
  PRESENT,
  read,
  type StatementText,
  TAG,
  verdicts,
} from './trial.ts';

const tag = (key: string) => `\${aws:PrincipalTag/${key}}`;
const OWN = `${BUCKET}/${TAG}/*`;
/** Everything but the tenant's own, unless the condition spares it. */
const denyOthers = (Condition?: object): StatementText => ({
  Effect: 'Deny',
  Action: 's3:*',
  NotResource: OWN,
  ...(Condition && { Condition }),
});

function proveAlone(
  role: readonly StatementText[],
  {
    boundary,
    tags,
  }: { readonly boundary?: readonly StatementText[]; readonly tags?: RolePolicies['tags'] } = {},
): Proof {
  return proveRole({
    profile: 'trial',
    role: {
      identityPolicies: { own: documentOf(role) },
      ...(boundary && { boundary: documentOf(boundary) }),
      ...(tags && { tags }),
    },
    ownership: OWNERSHIP,
    resources: {},
  });
}

describe('a role that stands alone', () => {
  test.each<[string, readonly StatementText[]]>([
    ['objects by the tag', [read(OWN)]],
    ['lists by the tag', [list({ StringLike: { 's3:prefix': `${TAG}/*` } })]],
    ['items by the tag', [items({ 'ForAllValues:StringEquals': { [KEY]: TAG }, ...PRESENT })]],
    ['machines by the tag', [machines({ StringEquals: { [OWN_TAG]: TAG } })]],
    ['all objects, and none but its own', [read(`${BUCKET}/*`), denyOthers()]],
    [
      'its own, for those whose other tag is right',
      [read(OWN, { StringEquals: { 'aws:PrincipalTag/Plan': 'gold' } })],
    ],
    ['a folder below its own, by another tag', [read(`${BUCKET}/${TAG}/${tag('Folder')}/*`)]],
    [
      "one tenant's objects, for that tenant",
      [read(`${BUCKET}/globex/*`, { StringEquals: { 'aws:PrincipalTag/TenantId': 'globex' } })],
    ],
  ])('is proved: %s', (_, role) => {
    expect(renderProof(proveAlone(role))).toMatch(/^trial, by its role alone: proved/);
  });

  it('is proved by its boundary', () => {
    const open = [read(`${BUCKET}/*`)];
    expect(proveAlone(open, { boundary: [read(OWN)] }).passed).toBe(true);
    expect(proveAlone(open, { boundary: [ANYTHING] }).passed).toBe(false);
  });
});

describe('a role that leans on the session policy', () => {
  test.each<[string, readonly StatementText[]]>([
    ['all objects', [read(`${BUCKET}/*`)]],
    ['objects behind the tag without a delimiter', [read(`${BUCKET}/${TAG}*`)]],
    ['objects behind a wildcard', [read(`${BUCKET}/*/${TAG}/*`)]],
    ['lists of the bare tag', [list({ StringLike: { 's3:prefix': `${TAG}*` } })]],
    ['lists', [list()]],
    ['items, and requests without a key', [items({ 'ForAllValues:StringEquals': { [KEY]: TAG } })]],
    ['what any other tag names', [read(`${BUCKET}/${tag('Folder')}/*`)]],
    [
      'what the tag names, or another',
      [list({ StringLike: { 's3:prefix': [`${TAG}/*`, `${tag('Other')}/*`] } })],
    ],
    [
      'all objects, for those with a tag',
      [read(`${BUCKET}/*`, { StringEquals: { 'aws:PrincipalTag/Plan': 'gold' } })],
    ],
    [
      'all objects, for those without a tag',
      [read(`${BUCKET}/*`, { Null: { 'aws:PrincipalTag/Plan': 'true' } })],
    ],
    [
      'a Deny that a tag switches off',
      [read(`${BUCKET}/*`), denyOthers({ StringNotEquals: { 'aws:PrincipalTag/Kind': 'staff' } })],
    ],
    [
      'a Deny that an absent tag switches off',
      [read(`${BUCKET}/*`), denyOthers({ StringEquals: { 'aws:PrincipalTag/Kind': 'app' } })],
    ],
    ["what the token's subject names", [read(`${BUCKET}/\${saml:sub}/*`)]],
  ])('is refused: %s', (_, role) => {
    const proof = proveAlone(role);
    expect([proof.passed, verdicts(proof).includes('crosses')]).toEqual([false, true]);
  });

  it('is told by a request without a session policy, with the tags that were made up for it', () => {
    const proof = proveAlone([read(`${BUCKET}/${tag('Folder')}/*`)]);
    expect(proof.rows[0]?.counterexample).toMatchObject({
      tenantId: 'acme',
      otherTenantId: 'globex',
      action: 's3:getobject',
      context: { 'aws:principaltag/folder': 'globex' },
      allowedBy: [{ kind: 'identity', policy: 'own', statement: 'Statement[0]' }],
      cure: expect.stringContaining(`put ${TAG} into`),
    });
  });

  it('is not proved by a tag of its own, which a session can bring another value of', () => {
    const proof = proveAlone([read(`${BUCKET}/${tag('Folder')}/*`)], { tags: { Folder: '_public' } });
    expect(verdicts(proof)).toEqual(['crosses']);
  });

  it('is told by the tag that is left out as well, and what stands in for it', () => {
    const stoodInFor = read(`${BUCKET}/\${aws:PrincipalTag/Folder, 'globex'}/*`, {
      Null: { 'aws:PrincipalTag/Folder': 'true' },
    });
    expect(verdicts(proveAlone([stoodInFor]))).toEqual(['crosses']);
  });

  it('is not proved when it opens what nobody declared', () => {
    const proof = proveAlone([
      read(OWN),
      { Action: 'sns:Publish', Resource: 'arn:aws:sns:eu-west-1:111122223333:news' },
    ]);
    expect([proof.passed, verdicts(proof)]).toEqual([false, ['own', 'undeclared']]);
    expect(renderProof(proof)).toContain('out of the role');
  });

  it('is not proved when it cannot be read, or opens nothing', () => {
    expect(proveAlone([{ ...ANYTHING, Condition: { StringIs: { a: 'b' } } }]).passed).toBe(false);
    expect(proveAlone([denyOthers()]).passed).toBe(false);
  });
});
