import {
  AssumeRoleWithSAMLCommand,
  type AssumeRoleWithSAMLCommandInput,
  type AssumeRoleWithSAMLCommandOutput,
} from '@aws-sdk/client-sts';
import { VendingError } from '../../core/errors.ts';
import type { VendedCredentials } from '../../core/grant/credentials.ts';
import type { Grant } from '../../core/grant/grant.ts';
import type { RoleAssumer } from '../../core/ports.ts';
import type { Secret } from '../../core/secret.ts';
import { createRegionalSts, type RegionalStsOptions } from './regional-sts.ts';
import { policyInput } from './role-assumer.ts';
import { readAssumedRoleUser, readCredentials } from './vended-answer.ts';

/** Where STS is asked, and what is known of the assertions that it is asked with. */
export interface SamlAssumerOptions extends RegionalStsOptions {
  /** Whether an assertion lets its bearer have the role of a grant, by its attribute Role. */
  readonly namesRole: (assertion: Secret, grant: Grant) => boolean;
}

/**
 * Grants into credentials, by AssumeRoleWithSAML with the caller's assertion. The call is not signed: whoever makes it needs no
 * permission. Throws `assertion_role_missing` for a role that the assertion does not name, without asking STS, and what STS refuses.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html
 */
export function createSamlAssumer({ namesRole, ...options }: SamlAssumerOptions): RoleAssumer {
  const sts = createRegionalSts(options);
  return {
    async assume(grant, assertion, deadline) {
      if (!namesRole(assertion, grant)) throw new VendingError('assertion_role_missing');
      const input = commandInput(grant, assertion);
      return sts.ask({
        send: (client, sending) => client.send(new AssumeRoleWithSAMLCommand(input), sending),
        read: (answer, region) => read(answer, grant, region),
        deadline,
        secrets: [assertion],
        expired: 'assertion_expired',
      });
    },
  };
}

/** Tags, session name and source identity are in the assertion, where `decideGrant` has found them to be the grant's. */
function commandInput(grant: Grant, assertion: Secret): AssumeRoleWithSAMLCommandInput {
  return {
    RoleArn: grant.roleArn,
    PrincipalArn: grant.samlProviderArn,
    SAMLAssertion: assertion.reveal(),
    DurationSeconds: grant.durationSeconds,
    ...policyInput(grant),
  };
}

function read(answer: AssumeRoleWithSAMLCommandOutput, grant: Grant, region: string): VendedCredentials {
  const { Subject, SubjectType, Issuer, Audience, NameQualifier } = answer;
  return {
    ...readCredentials(answer, grant, region),
    assumedRoleUser: readAssumedRoleUser(answer.AssumedRoleUser, grant),
    identity: {
      subject: Subject,
      audience: Audience,
      issuer: Issuer,
      subjectType: SubjectType,
      nameQualifier: NameQualifier,
    },
  };
}
