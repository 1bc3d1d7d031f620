import { describe, expect, it, test } from 'vitest';
import { federatedUserName } from '../../../functions/core/grant/session-name.ts';
import { isSessionOf, type SessionPrincipals } from '../../../functions/core/session-owner.ts';
import { parseTenantId } from '../../../functions/core/tenant-id.ts';
import { RESOURCES, sampleTenant } from './sample.ts';

const { tenantRoleArn, mfaRoleArn, tenantUserArnPrefix, federationUserArn } = RESOURCES;
const PATHED = 'arn:aws:iam::111122223333:role/some/path/pathed';
const principals: SessionPrincipals = {
  roleArns: [tenantRoleArn, mfaRoleArn, PATHED],
  tenantUserArnPrefix,
  federationUserArn,
};
const OWN_ROLE = 'arn:aws:iam::444455556666:role/latchkey-acme';
const acme = sampleTenant({ roles: { app: { roleArn: OWN_ROLE } } });
const prod = sampleTenant({}, { tenantId: 'acme-prod' });

const DIGEST = 'f3XkP0_-3XkP0f3';
const ACCOUNT = 'arn:aws:sts::111122223333:';
const session = (name: string, role = 'latchkey-tenant', account = ACCOUNT) =>
  `${account}assumed-role/${role}/${name}`;
const federated = (tenantId: string, account = ACCOUNT) =>
  `${account}federated-user/${federatedUserName(parseTenantId(tenantId), DIGEST)}`;

describe('a session of the tenant’s', () => {
  test.each([
    ['the tenant role', session(`acme.${DIGEST}`)],
    ['the role for MFA', session(`acme.${DIGEST}`, 'latchkey-mfa')],
    ['a role with a path, which sessions do not show', session(`acme.${DIGEST}`, 'pathed')],
    ['the role in its own account', session(`acme.${DIGEST}`, 'latchkey-acme', 'arn:aws:sts::444455556666:')],
    ['its IAM user', `${tenantUserArnPrefix}acme`],
    ['a federated user', federated('acme')],
  ])('is one of %s', (_what, arn) => {
    expect(isSessionOf(acme, arn, principals)).toBe(true);
  });
});

describe('no session of the tenant’s', () => {
  test.each([
    ['another tenant’s', session(`globex.${DIGEST}`)],
    ['of a tenant whose id begins alike', session(`acme-prod.${DIGEST}`)],
    ['with a part between', session(`acme.x.${DIGEST}`)],
    ['with another name behind', session(`acme.${DIGEST}.x`)],
    ['with a name before', session(`x.acme.${DIGEST}`)],
    ['with a digest that is too short', session(`acme.${DIGEST.slice(1)}`)],
    ['with a digest that is too long', session(`acme.${DIGEST}0`)],
    ['with a character that no digest has', session(`acme.${DIGEST.slice(1)}=`)],
    ['without a digest', session('acme')],
    ['with a line break behind', `${session(`acme.${DIGEST}`)}\n`],
    ['in another case', session(`Acme.${DIGEST}`)],
    [
      'of a foreign account’s role of the same name',
      session(`acme.${DIGEST}`, 'latchkey-tenant', 'arn:aws:sts::999999999999:'),
    ],
    ['of another partition', session(`acme.${DIGEST}`, 'latchkey-tenant', 'arn:aws-cn:sts::111122223333:')],
    ['of a role that others can assume', session(`acme.${DIGEST}`, 'latchkey-federated')],
    ['of a role whose name begins alike', session(`acme.${DIGEST}`, 'latchkey-tenant-2')],
    ['of a role whose name ends alike', session(`acme.${DIGEST}`, 'x-latchkey-tenant')],
    ['of a role with its path', session(`acme.${DIGEST}`, 'some/path/pathed')],
    ['of its own role, but in the deployment’s account', session(`acme.${DIGEST}`, 'latchkey-acme')],
    [
      'of the tenant role, but in its own account',
      session(`acme.${DIGEST}`, 'latchkey-tenant', 'arn:aws:sts::444455556666:'),
    ],
    ['the role itself', tenantRoleArn],
    ['another tenant’s user', `${tenantUserArnPrefix}globex`],
    ['a user whose name begins alike', `${tenantUserArnPrefix}acme-prod`],
    ['a user of the same name elsewhere', 'arn:aws:iam::111122223333:user/acme'],
    [
      'a user of the same name and path in another account',
      `${tenantUserArnPrefix.replace('1111', '9999')}acme`,
    ],
    ['another tenant’s federated user', federated('globex')],
    ['a federated user of another account', federated('acme', 'arn:aws:sts::999999999999:')],
    ['a federated user who has the tenant’s id', `${ACCOUNT}federated-user/acme.${DIGEST}`],
    ['a session with a federated user’s name', session(federated('acme').split('/')[1] ?? '')],
    ['a federated user with a session’s name', `${ACCOUNT}federated-user/latchkey-tenant/acme.${DIGEST}`],
    ['the user who makes federated users', federationUserArn],
    ['nobody', ''],
  ])('is %s', (_what, arn) => {
    expect(isSessionOf(acme, arn, principals)).toBe(false);
  });

  it('is the session of a tenant whose id is the beginning of its own', () => {
    expect(isSessionOf(prod, session(`acme.${DIGEST}`), principals)).toBe(false);
    expect(isSessionOf(prod, session(`acme-prod.${DIGEST}`), principals)).toBe(true);
  });

  it('is of a role that a record names in the deployment’s own account', () => {
    const bold = sampleTenant({ roles: { app: { roleArn: RESOURCES.federatedRoleArn } } });
    expect(isSessionOf(bold, session(`acme.${DIGEST}`, 'latchkey-federated'), principals)).toBe(false);
  });

  it('is of the partition aws, where the deployment is in China', () => {
    const china = { ...principals, roleArns: ['arn:aws-cn:iam::111122223333:role/latchkey-tenant'] };
    expect(isSessionOf(acme, session(`acme.${DIGEST}`), china)).toBe(false);
    expect(isSessionOf(acme, session(`acme.${DIGEST}`).replace('arn:aws:', 'arn:aws-cn:'), china)).toBe(true);
  });

  it('is of another tenant’s account', () => {
    const arn = session(`acme-prod.${DIGEST}`, 'latchkey-acme', 'arn:aws:sts::444455556666:');
    expect(isSessionOf(prod, arn, principals)).toBe(false);
  });

  it('is a user’s where there are no such users', () => {
    const without = { ...principals, tenantUserArnPrefix: undefined, federationUserArn: undefined };
    for (const arn of [`${tenantUserArnPrefix}acme`, federated('acme'), 'undefinedacme', 'acme'])
      expect(isSessionOf(acme, arn, without)).toBe(false);
  });
});
