import { describe, expect, test } from 'vitest';
import { createContext } from '../../policy/context.ts';
import { evaluateResourcePolicy } from '../../policy/evaluate.ts';
import { PolicyError } from '../../policy/policy-error.ts';
import type { RequestPrincipal } from '../../policy/principals.ts';
import { parse } from './small-world.ts';

const context = createContext({ values: {} });

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html and …_notprincipal.html
describe('a resource-based policy', () => {
  const session: RequestPrincipal = {
    type: 'roleSession',
    roleArn: 'arn:aws:iam::111122223333:role/service/vend',
    sessionArn: 'arn:aws:sts::111122223333:assumed-role/vend/latchkey',
  };
  const lambda: RequestPrincipal = { type: 'service', name: 'lambda.amazonaws.com' };
  const user: RequestPrincipal = { type: 'user', arn: 'arn:aws:iam::111122223333:user/ann' };
  const google: RequestPrincipal = { type: 'federated', provider: 'accounts.google.com' };
  const anonymous: RequestPrincipal = { type: 'anonymous' };
  const broker: RequestPrincipal = {
    type: 'federatedUser',
    userArn: 'arn:aws:iam::111122223333:user/ann',
    sessionArn: 'arn:aws:sts::111122223333:federated-user/bob',
  };
  const role = 'arn:aws:iam::999999999999:role/tenant';
  const decide = (principal: RequestPrincipal, ...statements: readonly object[]) =>
    evaluateResourcePolicy(parse(statements), {
      action: 'sts:AssumeRole',
      resource: role,
      context,
      principal,
    }).effect;

  test.each<[unknown, RequestPrincipal, string]>([
    ['*', session, 'allowed'],
    ['*', google, 'allowed'],
    [{ AWS: '*' }, session, 'allowed'],
    [{ AWS: '*' }, lambda, 'implicitlyDenied'],
    ['*', anonymous, 'allowed'],
    [{ AWS: '*' }, anonymous, 'allowed'],
    [{ AWS: '111122223333' }, anonymous, 'implicitlyDenied'],
    [{ AWS: 'arn:aws:iam::111122223333:user/ann' }, broker, 'allowed'],
    [{ AWS: 'arn:aws:sts::111122223333:federated-user/bob' }, broker, 'allowed'],
    [{ AWS: 'arn:aws:sts::111122223333:federated-user/ann' }, broker, 'implicitlyDenied'],
    [{ AWS: '111122223333' }, session, 'allowed'],
    [{ AWS: 'arn:aws:iam::111122223333:root' }, user, 'allowed'],
    [{ AWS: '999999999999' }, session, 'implicitlyDenied'],
    [{ AWS: 'arn:aws:iam::111122223333:role/service/vend' }, session, 'allowed'],
    [{ AWS: 'arn:aws:iam::111122223333:role/vend' }, session, 'implicitlyDenied'],
    [{ AWS: 'arn:aws:iam::111122223333:role/service/vend2' }, session, 'implicitlyDenied'],
    [{ AWS: 'arn:aws:sts::111122223333:assumed-role/vend/latchkey' }, session, 'allowed'],
    [{ AWS: 'arn:aws:sts::111122223333:assumed-role/vend/other' }, session, 'implicitlyDenied'],
    [{ AWS: 'arn:aws:iam::111122223333:user/Ann' }, user, 'implicitlyDenied'],
    [{ Service: 'lambda.amazonaws.com' }, lambda, 'allowed'],
    [{ Service: 'lambda.amazonaws.com' }, session, 'implicitlyDenied'],
    [{ Federated: 'accounts.google.com' }, google, 'allowed'],
    [{ Federated: '111122223333' }, session, 'implicitlyDenied'],
    [{ Service: 'ecs.amazonaws.com', AWS: ['999999999999', '111122223333'] }, session, 'allowed'],
  ])('principal %j, asked by %j: %s', (element, principal, effect) => {
    expect(decide(principal, { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: element })).toBe(effect);
  });

  test('NotPrincipal in a Deny spares only whom it lists by every name', () => {
    const allow = { Effect: 'Allow', Action: '*', Principal: '*' };
    const denyExcept = (...names: readonly string[]) => ({
      Effect: 'Deny',
      Action: '*',
      NotPrincipal: { AWS: names },
    });
    if (session.type !== 'roleSession') throw new Error('a role session');
    expect(decide(session, allow, denyExcept('111122223333', session.roleArn, session.sessionArn))).toBe(
      'allowed',
    );
    expect(decide(session, allow, denyExcept(session.roleArn))).toBe('explicitlyDenied');
    expect(decide(lambda, allow, denyExcept(session.roleArn))).toBe('explicitlyDenied');
    expect(decide(anonymous, allow, denyExcept(session.roleArn))).toBe('explicitlyDenied');
  });

  test('names its principals', () => {
    const allow = { Effect: 'Allow', Action: 's3:Get*', Resource: 'arn:aws:s3:::data/acme/*' };
    expect(() => decide(session, allow)).toThrow(PolicyError);
  });
});
